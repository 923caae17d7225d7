import type { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** `FWM`: packets with a firewall mark, in place of an address. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'FWM'

/**
 * How packets reach a real server: ipvsadm's words for direct routing (-g), masquerading (-m), tunnelling (-i), and a real server
 * on the balancer itself.
 */
export type Forward = 'Route' | 'Masq' | 'Tunnel' | 'Local'

/** Connections, packets and bytes: since the entry was added, or a second. What goes out is not known where it does not pass the balancer. */
export interface Traffic {
  readonly connections: number
  readonly packetsIn: number
  readonly bytesIn: number
  readonly packetsOut?: number
  readonly bytesOut?: number
}

/** A real server of one virtual service: one entry of the kernel's table. */
export interface RealServer {
  /** address and port as ipvsadm takes them: `10.9.0.11:389`, `[fd00::11]:636` */
  readonly id: string
  readonly address: string
  readonly port: number
  readonly forward: Forward
  readonly weight: number
  /** established connections */
  readonly active: number
  /** all others, also those that have just ended (docs/internals/lvs.md, "What the numbers mean") */
  readonly inactive: number
  /** upper and lower limit of connections; 0: none */
  readonly limits?: { readonly upper: number; readonly lower: number }
  readonly counts?: Traffic
  readonly rate?: Traffic
}

/** A virtual service, with its real servers in the order of their addresses. */
export interface VirtualService {
  /** `TCP 10.9.0.100:389`, `FWM 7`, `FWM 7 IPv6` */
  readonly id: string
  readonly protocol: Protocol
  /** none for a firewall mark */
  readonly address?: string
  readonly port?: number
  readonly mark?: number
  /** a mark on packets of IPv6 */
  readonly isIPv6?: true
  readonly scheduler: Label
  /** `persistent 300`, `ops`, `(sh-port)`: as ipvsadm says it, may be empty */
  readonly flags: Label
  readonly persistentSeconds?: number
  readonly counts?: Traffic
  readonly rate?: Traffic
  readonly reals: readonly RealServer[]
}

/** The daemon that hands connections to the other balancer. A balancer may run both. */
export interface SyncDaemon {
  readonly state: 'master' | 'backup'
  readonly device: Label
}

/** One answer of a balancer. */
export interface LvsReading {
  readonly host: string
  /** milliseconds since the epoch */
  readonly at: number
  /** milliseconds that the look took */
  readonly took?: number
  readonly services: readonly VirtualService[]
  /** IP addresses that this host has now */
  readonly addresses: ReadonlySet<string>
  readonly sync: readonly SyncDaemon[]
  /** what this user may not read, and what to do about it */
  readonly partial?: Label
}

export interface LvsSink {
  reading(reading: LvsReading): void
  trouble(host: string, error: HostError): void
}
