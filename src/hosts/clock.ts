/** What a clock is made of, in milliseconds: the time of day, which people set, and a count that only goes forward. */
interface Sources {
  wall(): number
  monotonic(): number
}

/** Milliseconds: what the two sources differ by more than before is a step, and no inaccuracy. */
const step = 1_000
/** Milliseconds: whoever works asks for the time more often. */
const nap = 3_000

/**
 * The time by which ages are told. It begins, when it is first asked, as the time of day and never goes back: a clock that is set back
 * would make what is old look fresh. What it jumps forward counts, since the monotonic count stands still while a machine sleeps.
 */
export class SteadyClock {
  readonly #sources: Sources
  /** what the time of day is ahead of the monotonic count */
  #wallAhead: number | undefined
  /** what this clock is ahead of it */
  #ahead = 0
  #settings = 0
  #told = Number.NEGATIVE_INFINITY
  #awakeSince = Number.NEGATIVE_INFINITY

  constructor(sources: Sources = { wall: () => Date.now(), monotonic: () => performance.now() }) {
    this.#sources = sources
  }

  /** Goes by the time of day as it is now, whatever was told before: for tests, which stop and set the clocks. */
  begin(): number {
    this.#ahead = this.#sources.wall() - this.#sources.monotonic()
    this.#wallAhead = this.#ahead
    return this.#ahead
  }

  /** Milliseconds, whole ones. */
  readonly now = (): number => {
    this.#lookAtWall()
    const now = Math.round(this.#sources.monotonic() + this.#ahead)
    if (now - this.#told > nap) this.#awakeSince = now
    this.#told = now
    return now
  }

  /** Since when it was asked again and again: before, this process was stopped, its machine slept or gave it no time, and it could hear nobody. Milliseconds, as `now`. */
  readonly awakeSince = (): number => {
    this.now()
    return this.#awakeSince
  }

  /** What the clock on the wall, as it goes now, says of a time of this one: milliseconds since the epoch. */
  readonly wallTime = (at: number): number => {
    return at + Math.round(this.#lookAtWall() - this.#ahead)
  }

  /** How often the time of day was set, as far as it was looked at. */
  get settings(): number {
    return this.#settings
  }

  /** What the time of day is ahead of the monotonic count. */
  #lookAtWall(): number {
    const before = this.#wallAhead ?? this.begin()
    const stepped = this.#sources.wall() - this.#sources.monotonic() - before
    if (Math.abs(stepped) < step) return before
    if (stepped > 0) this.#ahead += stepped
    this.#settings++
    this.#wallAhead = before + stepped
    return this.#wallAhead
  }
}

/** The clock of this process: ages by `now`, and `wallTime` for what is shown as a time of day or written down. */
export const clock = new SteadyClock()
export const { now, wallTime, awakeSince } = clock
