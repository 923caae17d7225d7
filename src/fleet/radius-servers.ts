import type { HostError } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { RadiusReading, RadiusStatistics } from '../services/radius/facts.ts'
import type { Alert } from './alerts.ts'
import type { FleetEvent } from './changes.ts'
import { duration } from './duration.ts'
import { type Trouble, troubleText } from './model.ts'

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

  constructor(hosts: readonly string[]) {
    this.#records = new Map(hosts.map((host) => [host, { host }]))
  }

  get records(): readonly RadiusRecord[] {
    return [...this.#records.values()]
  }

  reading(reading: RadiusReading): FleetEvent[] {
    const { host } = reading
    const before = this.#records.get(host)
    if (!before) return []
    const rates = isTooSoon(before.reading, reading) ? before.rates : ratesBetween(before.reading, reading)
    this.#records.set(host, { host, reading, ...(rates ? { rates } : {}) })
    return answerEvents(before, reading)
  }

  failed(host: string, { kind, reason, advice }: HostError, at: number): FleetEvent[] {
    const before = this.#records.get(host)
    if (!before) return []
    const since = before.trouble?.since ?? at
    this.#records.set(host, { ...before, trouble: { kind, reason, advice, since } })
    return before.trouble ? [] : [{ host, severity: 'bad', server: 'RADIUS', text: say`RADIUS: ${reason}` }]
  }
}

function answerEvents(
  { trouble, reading: before }: RadiusRecord,
  { host, at, login }: RadiusReading,
): FleetEvent[] {
  const tell = (severity: FleetEvent['severity'], text: Label): FleetEvent => ({
    host,
    severity,
    server: 'RADIUS',
    text,
  })
  const events: FleetEvent[] = []
  if (trouble) events.push(tell('info', say`RADIUS: answers again, after ${duration(at - trouble.since)}`))
  const could = before?.login?.ok ?? true
  if (could && login?.ok === false) events.push(tell('bad', say`RADIUS: ${login.why}`))
  if (!could && login?.ok) events.push(tell('info', say`RADIUS: accepts the test account again`))
  return events
}

/** Less than this many milliseconds is too short for a rate. */
const leastSpan = 400

function isTooSoon(before: RadiusReading | undefined, after: RadiusReading): boolean {
  return before !== undefined && after.at - before.at < leastSpan
}

/** Counters that went back are those of another process. */
function ratesBetween(before: RadiusReading | undefined, after: RadiusReading): RadiusRecord['rates'] {
  const [old, now] = [before?.statistics, after.statistics]
  const seconds = (after.at - (before?.at ?? after.at)) / 1000
  if (!old || !now || now.startTime !== old.startTime) return undefined
  const rate = (of: (statistics: RadiusStatistics) => number) => Math.max(0, (of(now) - of(old)) / seconds)
  return { accepts: rate(({ accepts }) => accepts), rejects: rate(({ rejects }) => rejects) }
}

/** What is wrong with the RADIUS servers: those that do not answer, and those that let nobody in. */
export function radiusAlerts(servers: readonly RadiusRecord[], now: number): Alert[] {
  return servers.flatMap(({ host, trouble, reading }): Alert[] => {
    const about = { host, name: label(host) }
    if (trouble) {
      const text = say`RADIUS: ${troubleText(trouble, reading !== undefined, now)}`
      return [{ ...about, severity: 'bad', what: 'radius silent', text, advice: trouble.advice }]
    }
    const alerts: Alert[] = []
    if (reading?.login?.ok === false)
      alerts.push({
        ...about,
        severity: 'bad',
        what: 'radius login',
        text: say`RADIUS: ${reading.login.why}`,
        advice: say``,
      })
    if (reading?.statisticsTrouble)
      alerts.push({
        ...about,
        severity: 'warning',
        what: 'radius statistics',
        text: say`RADIUS statistics: ${reading.statisticsTrouble}`,
        advice: say``,
      })
    return alerts
  })
}
