import type { HostConfig } from '../../config/schema.ts'
import type { HostError } from '../../hosts/host.ts'
import type { LdapReading, MonitorFacts } from '../../services/ldap/facts.ts'
import { faultsOf, ToldConditions } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import { usualSpan } from '../rates.ts'
import { hostConcern } from '../ref.ts'
import { sameRecord } from '../same-record.ts'
import { directoryConditions, isUnknownOf } from './alerts.ts'
import { type DirectoryRecord, isMultiProvider } from './record.ts'
import { older, ReplicationChanges } from './replication.ts'

/** What is known of the directory servers. Pure bookkeeping, as the store. */
export class Directories {
  readonly #records: Map<string, DirectoryRecord>
  /** those among them that clients write to, while none of these has changed */
  #providers: readonly DirectoryRecord[] | undefined
  /** by suffix: only servers of the same directory are compared */
  readonly #changes = new Map<string, ReplicationChanges>()
  readonly #told = new ToldConditions()
  /** what was counted last and when, by host: rates are measured from it */
  readonly #counted = new Map<string, Counted>()
  readonly #leastSpan: number

  constructor(hosts: readonly Pick<HostConfig, 'name' | 'roles'>[], leastSpan = usualSpan) {
    this.#leastSpan = leastSpan
    this.#records = new Map(
      hosts.map(({ name, roles }) => [
        name,
        {
          host: name,
          role: roles.includes('directory') ? 'provider' : 'consumer',
          replication: { state: 'unknown' },
        },
      ]),
    )
  }

  get records(): readonly DirectoryRecord[] {
    return [...this.#records.values()]
  }

  /** Takes an answer; returns events, and whether a provider shows a change that the others may lack. */
  reading(reading: LdapReading): { readonly events: FleetEvent[]; readonly hasNews: boolean } {
    const { host } = reading
    const before = this.#records.get(host)
    if (!before) return { events: [], hasNews: false }
    const isNew = this.#changesOf(reading).note(reading)
    const { trouble, failingSince = reading.at, rates: _, ...rest } = before
    const failing = reading.check.ok && reading.fresh.ok ? {} : { failingSince }
    const rates = this.#rates(reading, before.rates)
    const role = roleOf(reading, before.role)
    this.#set({ ...rest, ...failing, role, reading, ...(rates ? { rates } : {}) })
    // A new change concerns all servers, and so does a provider that was silent; otherwise only this one's state can differ.
    const isHeardAnew = (trouble !== undefined || !before.reading) && isProvider({ role }, before)
    const concerned = isNew || isHeardAnew ? this.#records.keys() : [host]
    const isSame = sameContent(before.reading, reading)
    for (const name of concerned) this.#compare(name, isSame || name !== host)
    const events = this.#events(host, reading.at)
    // It is news even if a consumer has already shown it.
    return { events, hasNews: role === 'provider' && before.reading !== undefined && !isSame }
  }

  #set(record: DirectoryRecord): void {
    const before = this.#records.get(record.host)
    this.#records.set(record.host, record)
    if (isProvider(record, ...(before ? [before] : []))) this.#providers = undefined
  }

  /** Each of hundreds of consumers asks for them at each of its answers. */
  get #written(): readonly DirectoryRecord[] {
    this.#providers ??= this.records.filter((one) => isProvider(one))
    return this.#providers
  }

  /** `isSame`: its content is unchanged, so its known lag still holds. */
  #compare(name: string, isSame: boolean): void {
    const record = this.#records.get(name)
    if (!record?.reading) return
    const found = this.#changesOf(record.reading).of(record.reading)
    // What a silent provider has changed meanwhile is not known.
    const told =
      found.state === 'in step' && !hears(record, this.#written) ? ({ state: 'unknown' } as const) : found
    const replication = isSame ? older(record.replication, told) : told
    if (!sameRecord(record.replication, replication)) this.#set({ ...record, replication })
  }

  #changesOf({ base }: LdapReading): ReplicationChanges {
    const key = plainDn(base)
    const changes = this.#changes.get(key) ?? new ReplicationChanges()
    this.#changes.set(key, changes)
    return changes
  }

  /** Completed operations a second, from readings that are far enough apart. */
  #rates(reading: LdapReading, known: DirectoryRecord['rates']): DirectoryRecord['rates'] {
    const { host, monitor, monitorAt: at = reading.at } = reading
    const before = this.#counted.get(host)
    if (before && at - before.at < this.#leastSpan) return known
    const counted = { monitor, at }
    this.#counted.set(host, counted)
    return ratesBetween(before, counted)
  }

  /** @param began since when it fails, by the clock on the wall; none: since now */
  failed(host: string, { kind, reason, advice }: HostError, at: number, began?: number): FleetEvent[] {
    const before = this.#records.get(host)
    if (!before) return []
    const since = before.trouble?.since ?? at
    const { failingSince = at } = before
    this.#set({ ...before, failingSince, trouble: { kind, reason, advice, since } })
    if (before.trouble) return []
    const concerned = isProvider(before) ? this.#records.keys() : [host]
    for (const name of concerned) this.#compare(name, true)
    const events = this.#events(host, at)
    if (began === undefined) return events
    return events.map((event) => (event.type === 'directory.failed' ? { ...event, at: began } : event))
  }

  #events(host: string, now: number): FleetEvent[] {
    const record = this.#records.get(host)
    if (!record) return []
    const faults = faultsOf(hostConcern(host, 'directory'), directoryConditions(record, now))
    return this.#told.events(host, faults, now, (what) => isUnknownOf(record, what))
  }
}

const isProvider = (...records: readonly Pick<DirectoryRecord, 'role'>[]): boolean =>
  records.some(({ role }) => role === 'provider')

/**
 * Whether a change that this server lacks would be seen on the others. Among providers that replicate each other any may have one, so
 * all must answer; otherwise one provider is enough.
 */
function hears(record: DirectoryRecord, providers: readonly DirectoryRecord[]): boolean {
  if (record.role === 'provider' && !isMultiProvider(record)) return true
  const base = plainDn(record.reading?.base ?? '')
  const isHeard = ({ reading, trouble }: DirectoryRecord) => reading !== undefined && !trouble
  const others = providers.filter(
    ({ host, reading }) => host !== record.host && (!reading || plainDn(reading.base) === base),
  )
  return others.some(isHeard) && others.every((one) => isHeard(one) || !isMultiProvider(one))
}

/** A distinguished name for comparison: case and blanks around separators do not count (RFC 4514, 4517). */
function plainDn(dn: string): string {
  return dn.toLowerCase().replace(/\s*([,=+])\s*/g, '$1')
}

/** The role that its database tells, else the known one, if this account may not read it. */
function roleOf({ monitor, csns }: LdapReading, known: DirectoryRecord['role']): DirectoryRecord['role'] {
  if (monitor?.isShadow === undefined) return known
  if (!monitor.isShadow) return monitor.provides || csns.size ? 'provider' : 'standalone'
  // Before 2.5, only the configuration tells one of several providers from a consumer that has consumers itself.
  const isUntold = monitor.isMultiProvider === undefined && monitor.provides
  return monitor.isMultiProvider || (isUntold && known === 'provider') ? 'provider' : 'consumer'
}

function sameContent(before: LdapReading | undefined, { csns }: LdapReading): boolean {
  return [...csns].every(([server, { text }]) => before?.csns.get(server)?.text === text)
}

interface Counted {
  readonly monitor: MonitorFacts | undefined
  readonly at: number
}

function ratesBetween(before: Counted | undefined, after: Counted): ReadonlyMap<string, number> | undefined {
  const [old, now] = [before?.monitor, after.monitor]
  const seconds = (after.at - (before?.at ?? after.at)) / 1000
  // A restarted server counts from 0.
  if (!old || !now || now.connectionsTotal < old.connectionsTotal) return undefined
  return new Map(
    [...now.operations].map(([kind, { completed }]) => [
      kind,
      Math.max(0, (completed - (old.operations.get(kind)?.completed ?? completed)) / seconds),
    ]),
  )
}
