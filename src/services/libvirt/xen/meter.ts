import type { Counters } from '../domstats.ts'

/** Counters, and the moment at which they were read. */
export type TimedCounters = Counters & { readonly countersAt: number }

/**
 * Hands counters out only as often as their resolution allows: tenths of a second of CPU time, read every second, would
 * make 0 % and 10 % out of 5 %. In between it repeats the last ones with their moment, so that the rate stands.
 */
export class Pacer {
  #last = new Map<string, { readonly id: number | undefined; readonly counters: TimedCounters }>()

  /** `id`: of the domain. A new id is a new domain, whose counters began at 0: it is told at once. */
  pace(uuid: string, id: number | undefined, counters: Counters, at: number, window: number): TimedCounters {
    const last = this.#last.get(uuid)
    if (last && last.id === id && at - last.counters.countersAt < window) return last.counters
    const timed = { ...counters, countersAt: at }
    this.#last.set(uuid, { id, counters: timed })
    return timed
  }

  forgetAllBut(uuids: ReadonlySet<string>): void {
    for (const uuid of this.#last.keys()) if (!uuids.has(uuid)) this.#last.delete(uuid)
  }
}

/**
 * The CPU time of the whole host, as the sum of what its domains used, Domain-0 included: dom0's own `/proc/stat` knows
 * dom0's VCPUs only (docs/internals/xen.md, "Instead of domstats"). A sum of counters would fall when a domain ends, so their
 * growth is summed.
 */
export class HostLoad {
  #last = new Map<string, number>()
  #busyNs = 0
  #told: { readonly busyNs: number; readonly totalNs: number; readonly at: number } | undefined

  /**
   * @param cpuNs by domain id (or whatever changes when a domain starts anew)
   * @param at milliseconds; `window`: how long an answer stands
   */
  take(
    cpuNs: ReadonlyMap<string, number>,
    { at, cpus, window }: { readonly at: number; readonly cpus: number; readonly window: number },
  ): { readonly busyNs: number; readonly totalNs: number } {
    for (const [id, now] of cpuNs) this.#busyNs += Math.max(0, now - (this.#last.get(id) ?? now))
    this.#last = new Map(cpuNs)
    if (!this.#told || at - this.#told.at >= window)
      this.#told = { busyNs: this.#busyNs, totalNs: at * 1e6 * cpus, at }
    const { busyNs, totalNs } = this.#told
    return { busyNs, totalNs }
  }
}
