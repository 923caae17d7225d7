import type { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** A real server as the configuration has it. */
export interface ConfiguredReal {
  /** address and port as ipvsadm shows them: `10.9.0.11:389`; a name where the configuration has one that nobody has looked up */
  readonly id: string
  readonly forward: 'Route' | 'Masq' | 'Tunnel'
  readonly weight: number
  /** of the file, from 1 */
  readonly line: number
}

/** When a service is checked, in seconds, and how many failures in a row take a server out: ldirectord(8). */
export interface Timing {
  readonly checkinterval: number
  /** of `connect`, `external`, `ping`; also that of `negotiate` where nothing is said of it, and the other way round */
  readonly checktimeout: number
  readonly negotiatetimeout: number
  readonly failurecount: number
}

/** A virtual service as the configuration has it. */
export interface ConfiguredVirtual extends Timing {
  /** as the kernel's table names it: `TCP 10.9.0.100:389`, `FWM 7` */
  readonly id: string
  /** of its addresses */
  readonly family: 4 | 6
  readonly line: number
  readonly scheduler: string
  readonly checktype: string
  readonly service: string
  /** with a slash before it, as ldirectord puts one there */
  readonly request?: string
  readonly receive?: string
  /** its own, else the one of the whole file */
  readonly quiescent: boolean
  /** address and port of what answers when nobody else does, as the kernel's table has it then */
  readonly fallback?: string
  readonly reals: readonly ConfiguredReal[]
}

/** A line that ldirectord would refuse, or warn of. */
export interface ConfigProblem {
  /** from 1 */
  readonly line: number
  readonly text: Label
  /** it would not start with it */
  readonly fatal: boolean
}

/** What a configuration file says, with the defaults of ldirectord(8). */
export interface LdirectordConfig extends Timing {
  readonly quiescent: boolean
  readonly readdquiescent: boolean
  readonly cleanstop: boolean
  readonly autoreload: boolean
  /** none: there is no maintenance by file */
  readonly maintenancedir?: string
  readonly logfile: string
  readonly virtuals: readonly ConfiguredVirtual[]
  readonly problems: readonly ConfigProblem[]
  /** those that stand for addresses, as `FAMILY NAME` */
  readonly names: readonly string[]
  /** those that stand for ports, as `PROTOCOL NAME`; the protocol may be `any` */
  readonly ports: readonly string[]
}

/** What a balancer makes of names: addresses by `FAMILY NAME`, `4 rs1`; ports by `PROTOCOL NAME`, `tcp www`, empty where it knows none. */
export type Addresses = ReadonlyMap<string, string>

/** A configuration file as it is. */
export interface ConfigSource {
  /** where it really is, if links lead to it */
  readonly path: string
  readonly text: string
  /** what its names stand for there */
  readonly addresses: Addresses
}

/** How ldirectord stands on one balancer. */
export interface LdirectordReading {
  readonly host: string
  /** milliseconds since the epoch */
  readonly at: number
  /** milliseconds that the look took */
  readonly took?: number
  /** none: no such file, or this user may not read it */
  readonly config?: LdirectordConfig
  /** what was parsed; there when the configuration is */
  readonly source?: ConfigSource
  readonly configFile: string
  /** the one that runs; its pid file is called after the configuration by which it was started */
  readonly daemon?: { readonly pid: number; readonly pidFile: string }
  /** the files in its maintenance directory */
  readonly maintenance: readonly string[]
  /** this user may write into that directory, so that no sudo is needed */
  readonly isMaintenanceOpen?: boolean
  /** the name of each real server's address, by a reverse lookup on the balancer */
  readonly names: ReadonlyMap<string, string>
  /** the file was changed since it was loaded */
  readonly notLoaded: boolean
  /** when it was seen to load its file, by the clock here, in milliseconds since the epoch; none: not since this console watches */
  readonly loadedAt?: number
  readonly partial?: Label
}

/** A line of its log that tells of a change. */
export interface LdirectordEvent {
  /** milliseconds since the epoch, by the clock and zone of the host */
  readonly at: number
  readonly kind:
    | 'added'
    | 'quiescent'
    | 'restored'
    | 'deleted'
    | 'started'
    | 'stopped'
    | 'reloaded'
    | 'changed'
  /** as the kernel's table names it, without the protocol */
  readonly virtual?: string
  readonly real?: string
  readonly weight?: number
}

export interface LdirectordSink {
  reading(reading: LdirectordReading): void
  /** what the log told before it was followed, oldest first */
  history(host: string, events: readonly LdirectordEvent[]): void
  event(host: string, event: LdirectordEvent): void
  trouble(host: string, error: HostError): void
}
