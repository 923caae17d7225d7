/**
 * Ends process groups, one round at a time; those that come up during a round are taken together in the next, so that
 * a hundred cancelled commands cost a host two shells.
 */
export class Sweeper {
  readonly #sweep: (groups: readonly number[]) => Promise<void>
  #waiting: number[] = []
  #round: Promise<void> = Promise.resolve()

  constructor(sweep: (groups: readonly number[]) => Promise<void>) {
    this.#sweep = sweep
  }

  /** Resolves when the round with this group is over; never rejects, since nothing more can be done then. */
  end(group: number): Promise<void> {
    this.#waiting.push(group)
    if (this.#waiting.length === 1) this.#round = this.#round.then(() => this.#next())
    return this.#round
  }

  async #next(): Promise<void> {
    const groups = this.#waiting
    this.#waiting = []
    try {
      await this.#sweep(groups)
    } catch {
      // the command stays on the host until it next reads or writes
    }
  }
}
