import type { HostReading } from '../../services/process/facts.ts'
import { Series } from '../history/series.ts'
import { tenths, usualSpan } from '../rates.ts'
import { reaches } from '../supply/forecast.ts'
import type { ProcessRecord } from './record.ts'

/** What a process did until its last reading. */
interface Past {
  readonly descriptors: Series
  readonly at: number
  readonly cpuTicks: number | undefined
  readonly cpuPercent: number | undefined
}

/** Of /proc/PID/stat, on Linux: USER_HZ, proc(5). */
const ticksASecond = 100

/** The watched processes: what they do between two readings, and when they will have no descriptors left. Another pid is another process. */
export class Processes {
  /** by host and pid */
  #past = new Map<string, ReadonlyMap<number, Past>>()
  readonly #leastSpan: number

  constructor(leastSpan = usualSpan) {
    this.#leastSpan = leastSpan
  }

  records({ host, at, processes }: HostReading): ProcessRecord[] {
    const before = this.#past.get(host)
    const now = new Map<number, Past>()
    this.#past.set(host, now)
    return processes.map((process) => {
      const { pid, open, softLimit, cpuTicks } = process
      const past = before?.get(pid)
      const descriptors = past?.descriptors ?? new Series()
      // A look right after another is too short for a rate.
      const stands = past !== undefined && at - past.at < this.#leastSpan
      const cpuPercent = stands ? past.cpuPercent : cpuShare(past, cpuTicks, at)
      now.set(pid, { descriptors, cpuPercent, ...(stands ? past : { at, cpuTicks }) })
      if (open !== undefined) descriptors.add(at, open)
      const exhaustedIn =
        open !== undefined && softLimit !== undefined && Number.isFinite(softLimit)
          ? reaches(descriptors, softLimit, at)
          : undefined
      return {
        ...process,
        ...(cpuPercent === undefined ? {} : { cpuPercent }),
        ...(exhaustedIn === undefined ? {} : { exhaustedIn }),
      }
    })
  }
}

function cpuShare(past: Past | undefined, ticks: number | undefined, at: number): number | undefined {
  if (past?.cpuTicks === undefined || ticks === undefined || ticks < past.cpuTicks) return undefined
  return tenths(((ticks - past.cpuTicks) / ticksASecond / ((at - past.at) / 1000)) * 100)
}
