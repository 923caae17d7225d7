import type { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { RadiusReading, RadiusStatistics } from '../../services/radius/facts.ts'
import type { Alert } from '../alerts/alert.ts'
import { alertOf, type Condition, faultsOf, ToldConditions } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import { usualSpan } from '../rates.ts'
import { hostConcern } from '../ref.ts'
import { type Trouble, troubleTold } from '../trouble.ts'

/** A FreeRADIUS. */
export interface RadiusRecord {
  readonly host: string
  /** the last answer; none: never answered */
  readonly reading?: RadiusReading
  /** no answer since */
  readonly trouble?: Trouble
  /** logins a second; none until there were two readings that tell statistics */
  readonly rates?: { readonly accepts: number; readonly rejects: number }
}

/** What is known of the RADIUS servers. Pure bookkeeping, as the store. */
export class RadiusServers {
  #records: Map<string, RadiusRecord>
  readonly #told = new ToldConditions()
  readonly #leastSpan: number

  constructor(hosts: readonly string[], leastSpan = usualSpan) {
    this.#leastSpan = leastSpan
    this.#records = new Map(hosts.map((host) => [host, { host }]))
  }

  get records(): readonly RadiusRecord[] {
    return [...this.#records.values()]
  }

  reading(reading: RadiusReading): FleetEvent[] {
    const { host } = reading
    const before = this.#records.get(host)
    if (!before) return []
    const isTooSoon =
      before.reading !== undefined && countedAt(reading) - countedAt(before.reading) < this.#leastSpan
    const rates = isTooSoon ? before.rates : ratesBetween(before.reading, reading)
    this.#records.set(host, { host, reading, ...(rates ? { rates } : {}) })
    return this.#events(host, reading.at)
  }

  failed(host: string, { kind, reason, advice }: HostError, at: number): FleetEvent[] {
    const before = this.#records.get(host)
    if (!before) return []
    const since = before.trouble?.since ?? at
    this.#records.set(host, { ...before, trouble: { kind, reason, advice, since } })
    return this.#events(host, at)
  }

  #events(host: string, now: number): FleetEvent[] {
    const record = this.#records.get(host)
    if (!record) return []
    const { trouble, reading } = record
    // A login is not tried at each look.
    const isUnknown = (what: string) =>
      trouble ? what !== 'radius silent' : what === 'radius login' && !reading?.login
    const faults = faultsOf(hostConcern(host), radiusConditions(record, now))
    return this.#told.events(host, faults, now, isUnknown)
  }
}

const countedAt = ({ at, statisticsAt = at }: RadiusReading): number => statisticsAt

/** Counters that went back are those of another process. */
function ratesBetween(before: RadiusReading | undefined, after: RadiusReading): RadiusRecord['rates'] {
  const [old, now] = [before?.statistics, after.statistics]
  const seconds = before ? (countedAt(after) - countedAt(before)) / 1000 : 0
  if (!old || !now || now.startTime !== old.startTime) return undefined
  const rate = (of: (statistics: RadiusStatistics) => number) => Math.max(0, (of(now) - of(old)) / seconds)
  return { accepts: rate(({ accepts }) => accepts), rejects: rate(({ rejects }) => rejects) }
}

/** What is wrong with the RADIUS servers: those that do not answer, and those that let nobody in. */
export function radiusAlerts(servers: readonly RadiusRecord[], now: number): Alert[] {
  return servers.flatMap((one) =>
    radiusConditions(one, now).map((condition) => alertOf(hostConcern(one.host), condition)),
  )
}

const failing = ['radius.failed', 'radius.back'] as const

/** What is wrong with a FreeRADIUS. Of one that is silent no more is known. */
export function radiusConditions({ trouble, reading }: RadiusRecord, now: number): Condition[] {
  const server = 'RADIUS' as const
  if (trouble)
    return [
      {
        severity: 'bad',
        what: 'radius silent',
        text: say`RADIUS: ${trouble.reason}`,
        ...troubleTold(trouble, reading !== undefined, now),
        over: say`RADIUS: answers again`,
        types: failing,
        server,
      },
    ]
  const conditions: Condition[] = []
  if (reading?.login?.ok === false)
    conditions.push({
      severity: 'bad',
      what: 'radius login',
      text: say`RADIUS: ${reading.login.why}`,
      over: say`RADIUS: accepts the test account again`,
      types: failing,
      server,
    })
  if (reading?.statisticsTrouble)
    conditions.push({
      severity: 'warning',
      what: 'radius statistics',
      text: say`RADIUS statistics: ${reading.statisticsTrouble}`,
    })
  return conditions
}
