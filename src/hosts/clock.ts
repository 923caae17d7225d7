/** What a clock is made of, in milliseconds: the time of day, which people set, and a count that only goes forward. */
export interface Sources {
  wall(): number
  monotonic(): number
}

/** Milliseconds: what the two sources differ by more than before is a step, and no inaccuracy. */
const step = 1_000

/**
 * The time by which ages are told. It begins as the time of day and never goes back: a clock that is set back would make what is old look
 * fresh. What it jumps forward counts, since the monotonic count stands still while a machine sleeps.
 */
export class SteadyClock {
  readonly #sources: Sources
  /** what the time of day is ahead of the monotonic count */
  #wallAhead = 0
  /** what this clock is ahead of it */
  #ahead = 0

  constructor(sources: Sources = { wall: () => Date.now(), monotonic: () => performance.now() }) {
    this.#sources = sources
    this.begin()
  }

  /** Goes by the time of day as it is now, whatever was told before: for tests, which stop and set the clocks. */
  begin(): void {
    this.#wallAhead = this.#ahead = this.#sources.wall() - this.#sources.monotonic()
  }

  /** Milliseconds, whole ones. */
  readonly now = (): number => {
    this.#lookAtWall()
    return Math.round(this.#sources.monotonic() + this.#ahead)
  }

  /** What the clock on the wall, as it goes now, says of a time of this one: milliseconds since the epoch. */
  readonly wallTime = (at: number): number => {
    this.#lookAtWall()
    return at + Math.round(this.#wallAhead - this.#ahead)
  }

  #lookAtWall(): void {
    const stepped = this.#sources.wall() - this.#sources.monotonic() - this.#wallAhead
    if (Math.abs(stepped) < step) return
    this.#wallAhead += stepped
    if (stepped > 0) this.#ahead += stepped
  }
}

/** The clock of this process: ages by `now`, and `wallTime` for what is shown as a time of day or written down. */
export const clock = new SteadyClock()
export const { now, wallTime } = clock
