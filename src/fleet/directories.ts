import type { HostConfig } from '../config/schema.ts'
import type { HostError } from '../hosts/host.ts'
import { type Label, say } from '../hosts/label.ts'
import type { LdapReading } from '../services/ldap/facts.ts'
import type { FleetEvent } from './changes.ts'
import { duration } from './duration.ts'
import type { Trouble } from './model.ts'
import { Changes, older, type Replication } from './replication.ts'

/** An OpenLDAP server. */
export interface DirectoryRecord {
  readonly host: string
  /** whether its content is its own, or another's */
  readonly role: 'provider' | 'consumer'
  /** the last answer; none: never answered */
  readonly reading?: LdapReading
  /** no answer since */
  readonly trouble?: Trouble
  readonly replication: Replication
  /** no answer, or a wrong one, since: milliseconds since the epoch */
  readonly failingSince?: number
  /** completed operations a second, by kind; none until there were two readings */
  readonly rates?: ReadonlyMap<string, number>
}

/** Milliseconds: less is too short for a rate. */
const leastSpan = 400
/** Events of a lag are told from here on, in milliseconds: what is caught up sooner is the day's work. */
const notable = 5_000

/** What is known of the directory servers. Pure bookkeeping, as the store. */
export class Directories {
  #records: Map<string, DirectoryRecord>
  readonly #changes = new Changes()
  /** whether it was told that they are behind, by host: since when */
  readonly #told = new Map<string, number>()
  /** the readings from which rates are counted on, by host */
  readonly #counted = new Map<string, LdapReading>()

  constructor(hosts: readonly Pick<HostConfig, 'name' | 'roles'>[]) {
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

  /** Takes an answer; tells what happened, and whether it shows a change that the others may lack. */
  reading(reading: LdapReading): { readonly events: FleetEvent[]; readonly isNew: boolean } {
    const { host } = reading
    const before = this.#records.get(host)
    if (!before) return { events: [], isNew: false }
    const isNew = this.#changes.note(reading)
    const { trouble: _, failingSince = reading.at, ...rest } = before
    const failing = reading.check.ok ? {} : { failingSince }
    const rates = this.#rates(reading) ?? before.rates
    const role = reading.monitor?.isShadow ? 'consumer' : before.role
    const after = { ...rest, ...failing, role, reading, ...(rates ? { rates } : {}) }
    this.#records.set(host, after)
    // What one has shows what the others lack.
    const isSame = sameContent(before.reading, reading)
    for (const [name, record] of this.#records) {
      if (!record.reading) continue
      const found = this.#changes.of(record.reading)
      const replication = isSame || name !== host ? older(record.replication, found) : found
      this.#records.set(name, { ...record, replication })
    }
    return { events: [...answerEvents(before, reading), ...this.#lagEvents(host, reading.at)], isNew }
  }

  /** Completed operations a second, from counts that are far enough apart for that, however often it is looked. */
  #rates(reading: LdapReading): ReadonlyMap<string, number> | undefined {
    const before = this.#counted.get(reading.host)
    if (before && reading.at - before.at < leastSpan) return undefined
    this.#counted.set(reading.host, reading)
    return ratesBetween(before, reading)
  }

  failed(host: string, { kind, reason, advice }: HostError, at: number): FleetEvent[] {
    const before = this.#records.get(host)
    if (!before) return []
    const since = before.trouble?.since ?? at
    const { failingSince = at } = before
    this.#records.set(host, { ...before, failingSince, trouble: { kind, reason, advice, since } })
    return before.trouble ? [] : [{ host, severity: 'bad', text: reason }]
  }

  #lagEvents(host: string, now: number): FleetEvent[] {
    const replication = this.#records.get(host)?.replication
    const told = this.#told.get(host)
    if (replication?.state === 'behind' && now - replication.since >= notable && told === undefined) {
      this.#told.set(host, replication.since)
      return [
        {
          host,
          severity: 'warning',
          text: say`LDAP: ${duration(now - replication.since)} behind`,
        },
      ]
    }
    if (replication?.state !== 'in step' || told === undefined) return []
    this.#told.delete(host)
    return [{ host, severity: 'info', text: say`LDAP: in step again, after ${duration(now - told)}` }]
  }
}

function sameContent(before: LdapReading | undefined, { csns }: LdapReading): boolean {
  return [...csns].every(([server, { text }]) => before?.csns.get(server)?.text === text)
}

/** What an answer tells that is other than what the one before told. */
function answerEvents({ trouble, reading: before }: DirectoryRecord, reading: LdapReading): FleetEvent[] {
  const { host } = reading
  const tell = (severity: FleetEvent['severity'], text: Label): FleetEvent => ({ host, severity, text })
  const events: FleetEvent[] = []
  if (trouble)
    events.push(tell('info', say`LDAP: answers again, after ${duration(reading.at - trouble.since)}`))
  for (const [key, good] of [
    ['check', say`LDAP: answers rightly again`],
    ['fresh', say`LDAP: takes new connections again`],
  ] as const) {
    const [was, is] = [before?.[key].ok ?? true, reading[key]]
    if (was && !is.ok) events.push(tell('bad', verdictText(key, is.why)))
    if (!was && is.ok) events.push(tell('info', good))
  }
  return events
}

/** What a verdict comes to, in words. */
export function verdictText(key: 'check' | 'fresh', why: Label): Label {
  return key === 'check' ? say`LDAP: answers wrongly: ${why}` : say`LDAP: takes no new connection: ${why}`
}

function ratesBetween(
  before: LdapReading | undefined,
  after: LdapReading,
): ReadonlyMap<string, number> | undefined {
  const [old, now] = [before?.monitor, after.monitor]
  const seconds = (after.at - (before?.at ?? after.at)) / 1000
  // One that was started anew counts from 0.
  if (!old || !now || now.connectionsTotal < old.connectionsTotal) return undefined
  return new Map(
    [...now.operations].map(([kind, { completed }]) => [
      kind,
      Math.max(0, (completed - (old.operations.get(kind)?.completed ?? completed)) / seconds),
    ]),
  )
}
