import type { Place } from '../../hosts/dial.ts'
import type { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** How a slapd is reached. */
export interface LdapAccess {
  readonly scheme: 'ldap' | 'ldaps' | 'ldapi'
  /** where it listens; for ldapi the socket's path on its host */
  readonly place: Place
  readonly startTls: boolean
  /** PEM of the authorities that may have signed its certificate; none: those that Node knows */
  readonly ca?: string
  /** none: anonymous */
  readonly bind?: { readonly dn: string; readonly password: string }
}

/** What a slapd is asked. */
export interface LdapQuestions {
  /** the suffix whose contextCSN is read; none: the first that the server names */
  readonly base?: string
  /** the entry that must be found; none: the suffix itself */
  readonly entry?: string
  /** what that entry must hold; none: what its own name says */
  readonly expect?: { readonly attribute: string; readonly value: string }
}

/** An entry as it came: names of attributes in small letters, each with its values. */
export interface LdapEntry {
  readonly dn: string
  readonly values: ReadonlyMap<string, readonly string[]>
}

export interface Search {
  /** default `base` */
  readonly scope?: 'base' | 'one' | 'sub'
  /** RFC 4515; default: whatever is there */
  readonly filter?: string
  readonly attributes: readonly string[]
}

/** A connection that is bound, until it is closed by either side. */
export interface LdapConnection {
  readonly closed: boolean
  /** until when the server's certificate is valid, milliseconds since the epoch; none: no TLS, or it does not say */
  readonly certifiedUntil?: number
  /** Rejects with `HostError`. */
  search(base: string, search: Search): Promise<readonly LdapEntry[]>
  close(): void
}

/** Opens a connection and binds; rejects with `HostError`. `closed` is told when it is lost, not when it is closed from here. */
export type OpenLdap = (lost?: () => void) => Promise<LdapConnection>

/**
 * A change sequence number: when the newest change was made, by the clock of the provider that made it.
 * `20261122073237.417939Z#000000#001#000000`: time, count, server id, count within. slapd(8), RFC 4533.
 */
export interface Csn {
  readonly text: string
  /** milliseconds since the epoch */
  readonly at: number
}

/** Operations of one kind since slapd was started. What was begun and is not completed is under way. */
export interface OperationCount {
  readonly initiated: number
  readonly completed: number
}

/** What cn=Monitor tells: slapd-monitor(5); docs/internals/openldap-freeradius.md, "cn=Monitor". */
export interface MonitorFacts {
  readonly connections: number
  /** since it was started */
  readonly connectionsTotal: number
  /** descriptors that slapd believes that it may have */
  readonly descriptorLimit?: number
  /** by kind, in small letters: `bind`, `search`, … */
  readonly operations: ReadonlyMap<string, OperationCount>
  readonly threads: { readonly max: number; readonly active: number; readonly pending: number }
  /** connections that wait to be read, and to be written */
  readonly waiters: { readonly read: number; readonly write: number }
  /** pages of the database, used (without those that are free again) and at most: slapd-mdb(5), maxsize */
  readonly pages?: { readonly used: number; readonly max: number }
  readonly entries?: number
  /** it takes its content from another server; none: its database is not shown to this account */
  readonly isShadow?: boolean
  /** it takes changes of clients, too: one of several providers that replicate each other */
  readonly isMultiProvider?: boolean
  /** others may replicate it: it has the overlay syncprov, slapo-syncprov(5) */
  readonly provides?: boolean
  readonly uptimeSeconds?: number
  /** its own clock, milliseconds since the epoch, to the second */
  readonly clock?: number
  /** how it hears of changes; since OpenLDAP 2.5 */
  readonly replication?: { readonly connected: boolean; readonly phase: Label }
}

/** Whether a question was answered as it should be. */
export type Verdict =
  | { readonly ok: true /** milliseconds */; readonly ms: number }
  | { readonly ok: false; readonly why: Label }

/** One look at a slapd. */
export interface LdapReading {
  readonly host: string
  /** when all of it had been told: milliseconds since the epoch */
  readonly at: number
  /** when its content was asked for, which may be older than the rest: milliseconds since the epoch; none: `at` */
  readonly askedAt?: number
  readonly base: string
  /** the known entry, looked up on the connection that is kept */
  readonly check: Verdict
  /** the same on a new connection, as a client would come: milliseconds since the epoch when that was */
  readonly fresh: Verdict & { readonly triedAt: number }
  /** by server id; empty: the first copy of the content is still under way, or it does not replicate */
  readonly csns: ReadonlyMap<number, Csn>
  readonly csnTrouble?: Label
  readonly monitor?: MonitorFacts
  /** when cn=Monitor was read, which is not done at each look: milliseconds since the epoch; none: with the rest */
  readonly monitorAt?: number
  readonly monitorTrouble?: MonitorTrouble
  /** until when its certificate is valid, milliseconds since the epoch */
  readonly certifiedUntil?: number
}

/** Why cn=Monitor is not known, and what to do about it. */
export interface MonitorTrouble {
  readonly reason: Label
  readonly advice: Label
}

export interface LdapSink {
  reading(reading: LdapReading): void
  /** @param lostAt since when it fails, where the connection was lost that was kept; none: since it was found out. Milliseconds as `now` has them */
  trouble(host: string, error: HostError, lostAt?: number): void
}

/** A slapd, and what it is asked. */
export interface LdapServer {
  readonly open: OpenLdap
  readonly questions: LdapQuestions
}
