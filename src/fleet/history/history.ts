import { wallTime } from '../../hosts/clock.ts'
import { lastSeenAt } from '../aged.ts'
import type { FrontendRecord } from '../frontend/frontends.ts'
import { directoryOf, frontendLag, rateOf, sumOf } from '../frontend/parts.ts'
import { recordOf } from '../kinds.ts'
import type { Snapshot } from '../snapshot.ts'
import { fullness } from '../supply/runs-out.ts'
import type { Minutes } from './minutes.ts'
import { minute, Series } from './series.ts'

/** The metrics of a front end. */
export const metrics = ['connections', 'rate', 'load', 'descriptors', 'lag'] as const
export type Metric = (typeof metrics)[number]

/** The course of a value: its points since a time, and the means of the minutes that have ended. */
export type Course = Pick<Series, 'since' | 'minutes'>

/** What front ends did, as it is drawn. */
export interface Courses {
  /** of a front end, by its address */
  of(metric: Metric, address: string): Course
}

/** The history of the front ends: the last ten minutes by the second, the last day by the minute; the latter also on disk, if configured. */
export class History implements Courses {
  #series = new Map<string, Series>()
  readonly #minutes: Minutes | undefined
  /** the beginning of the newest minute that was written */
  #writtenTo: number

  /** @param minutes where minutes are kept beyond this console, if anywhere */
  constructor(now: number, minutes?: Minutes) {
    this.#minutes = minutes
    this.#writtenTo = now
    for (const { metric, object, ...point } of minutes?.read(now) ?? [])
      if (isMetric(metric)) this.#of(metric, object).addMinute(point)
  }

  /** Notes the present values. Unknown and old values leave a gap. */
  note(snapshot: Snapshot, now: number): void {
    for (const frontend of snapshot.frontends)
      for (const metric of metrics) {
        const value = readingOf(metric, frontend, snapshot, now)
        if (value !== undefined) this.#of(metric, frontend.address).add(now, value)
      }
    this.#write(now)
  }

  /** The minutes that have ended since the last write, by the time of day, since another console may read them. */
  #write(now: number): void {
    if (!this.#minutes || now - this.#writtenTo < 2 * minute) return
    const from = this.#writtenTo
    const ended = [...this.#series].flatMap(([key, series]) => {
      const [metric = '', object = ''] = key.split(' ')
      return series
        .minutesSince(from)
        .map(({ at, value }) => ({ at: Math.floor(wallTime(at) / minute) * minute, value, metric, object }))
    })
    // If the file is locked, it is tried again in the next second.
    if (this.#minutes.write(ended, wallTime(now)))
      this.#writtenTo = Math.floor(now / minute) * minute - minute
  }

  close(): void {
    this.#minutes?.close()
  }

  /** The series of a front end, by its address; empty where nothing was ever known. */
  of(metric: Metric, address: string): Series {
    return this.#series.get(`${metric} ${address}`) ?? nothing
  }

  #of(metric: Metric, address: string): Series {
    const key = `${metric} ${address}`
    const known = this.#series.get(key) ?? new Series()
    this.#series.set(key, known)
    return known
  }
}

function isMetric(text: string): text is Metric {
  return (metrics as readonly string[]).includes(text)
}

const nothing = new Series()

/** Seconds behind for `lag`, open descriptors of the process nearest to its limit for `descriptors`. */
function readingOf(
  metric: Metric,
  frontend: FrontendRecord,
  snapshot: Snapshot,
  now: number,
): number | undefined {
  const { host, services } = frontend
  const isFresh = (at: number | undefined) => at !== undefined && now - at <= snapshot.staleAfter
  const isTold = services.length > 0 && lastSeenAt(services, snapshot) === undefined
  const isHostFresh = host !== undefined && isFresh(snapshot.seenAt.get(host))
  switch (metric) {
    case 'connections':
      return isTold ? sumOf(frontend, ({ active }) => active) : undefined
    case 'rate':
      return isTold ? rateOf(frontend, ({ connections }) => connections) : undefined
    case 'load':
      return isHostFresh ? recordOf('host', host, snapshot)?.load : undefined
    case 'descriptors':
      return isHostFresh ? fullest(snapshot.processes.get(host) ?? [])?.open : undefined
    case 'lag': {
      const lag = frontendLag(frontend, snapshot, now)
      const isRead = isFresh(directoryOf(frontend, snapshot)?.reading?.at)
      return isRead && lag !== undefined ? lag / 1000 : undefined
    }
  }
}

/** The process that is nearest to its limit of descriptors. */
export function fullest<T extends Parameters<typeof fullness>[0]>(processes: readonly T[]): T | undefined {
  return [...processes].sort((a, b) => fullness(b) - fullness(a))[0]
}
