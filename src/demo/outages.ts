import type { Clock } from './clock.ts'

/** What the demo can let fail: `vdd demo --fail`. */
export const outages = ['balancer', 'master', 'frontend', 'host'] as const
export type Outage = (typeof outages)[number]

/** Milliseconds after which the others of a cluster miss a node: its token and consensus (docs/internals/cluster.md, "What it takes"). */
const missedAfter = 1_600

/** The hosts that are off. */
export class Outages {
  readonly #clock: Clock
  /** since when */
  readonly #off = new Map<string, number>()
  readonly #listeners = new Map<string, () => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  isOff(host: string): boolean {
    return this.#off.has(host)
  }

  /** Its cluster has noticed. */
  isMissed(host: string): boolean {
    const since = this.#off.get(host)
    return since !== undefined && this.#clock.now() - since >= missedAfter
  }

  /** Who is told when a host goes off: its connections end. */
  onOff(host: string, listener: () => void): void {
    this.#listeners.set(host, listener)
  }

  begin(host: string): void {
    this.#off.set(host, this.#clock.now())
    this.#listeners.get(host)?.()
  }

  end(host: string): void {
    this.#off.delete(host)
  }
}
