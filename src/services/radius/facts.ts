import type { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** How a RADIUS server is asked. The secrets and the password go nowhere but into packets, by their RFCs. */
export interface RadiusSettings {
  /** a name or an IP address */
  readonly address: string
  /** of authentication; the field's is 1812 */
  readonly port: number
  readonly secret: string
  /** of FreeRADIUS' `type = status` listener, which alone tells statistics; none: there are none */
  readonly statusPort?: number
  /** default: `secret` */
  readonly statusSecret?: string
  /** a test account, whose login shows that what is behind the server works too */
  readonly login?: { readonly user: string; readonly password: string }
}

/**
 * What FreeRADIUS counts since its start, all clients together, in 32 bits. A packet is counted when it is cleaned up (`cleanup_delay`
 * seconds after its answer), and the console's own questions count too: docs/internals/openldap-freeradius.md, "Statistics".
 */
export interface RadiusStatistics {
  /** packets on ports of authentication, Status-Server among them, so more than logins */
  readonly requests: number
  readonly accepts: number
  readonly rejects: number
  readonly challenges: number
  /** accepts, rejects and challenges; answers to Status-Server are none of them */
  readonly responses: number
  /** sent again by a client that had no answer yet */
  readonly duplicates: number
  /** unreadable, or without the Message-Authenticator that their client has to send */
  readonly malformed: number
  readonly invalid: number
  readonly dropped: number
  readonly unknownTypes: number
  readonly accounting: { readonly requests: number; readonly responses: number; readonly dropped: number }
  /** packets that wait for a thread; none: this server does not tell */
  readonly queues?: { readonly authentication: number; readonly accounting: number; readonly proxy: number }
  /** milliseconds since the epoch, in whole seconds: the server's start, and when it last read its configuration */
  readonly startTime: number
  readonly loadTime: number
}

/** How a login of the test account came out. */
export type LoginOutcome =
  /** milliseconds from question to answer */
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly why: Label }

/** One answer of a RADIUS server. */
export interface RadiusReading {
  readonly host: string
  /** milliseconds since the epoch */
  readonly at: number
  /** from Status-Server to its answer, milliseconds; more than half a second: a packet was lost and sent again */
  readonly ms: number
  readonly statistics?: RadiusStatistics
  /** when these were told, which are not asked for at each look: milliseconds since the epoch; none: with the rest */
  readonly statisticsAt?: number
  /** why there are none though a port for them is configured */
  readonly statisticsTrouble?: Label
  /** with the time of its own, since a login that succeeds is not tried at each look */
  readonly login?: LoginOutcome & { readonly at: number }
}

export interface RadiusSink {
  reading(reading: RadiusReading): void
  trouble(host: string, error: HostError): void
}
