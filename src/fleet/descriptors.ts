import type { HostReading } from '../services/process/facts.ts'
import { reaches } from './forecast.ts'
import type { ProcessRecord } from './model.ts'
import { Series } from './series.ts'

/** The open descriptors of processes, as they were. */
export class Descriptors {
  /** by host and pid */
  #series = new Map<string, ReadonlyMap<number, Series>>()

  /** Notes how many descriptors each process has, and tells when it will have no more. Another pid is another process. */
  foresee({ host, at, processes }: HostReading): ProcessRecord[] {
    const before = this.#series.get(host)
    const now = new Map<number, Series>()
    this.#series.set(host, now)
    return processes.map((process) => {
      const { pid, open, softLimit } = process
      if (open === undefined || softLimit === undefined) return process
      const series = before?.get(pid) ?? new Series()
      now.set(pid, series)
      series.add(at, open)
      const exhaustedIn = Number.isFinite(softLimit) ? reaches(series, softLimit, at) : undefined
      return exhaustedIn === undefined ? process : { ...process, exhaustedIn }
    })
  }
}
