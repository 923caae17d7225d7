/** A value at a moment, in milliseconds since the epoch. */
export interface Point {
  readonly at: number
  readonly value: number
}

/** Milliseconds: how long every point is kept, and how far apart those are that are kept longer. */
const recently = 10 * 60_000
const minute = 60_000
/** Points a minute apart: 24 hours. */
const mostMinutes = 24 * 60

/** What a value was: the last ten minutes point by point, and the last 24 hours as the mean of each minute. Its size is bounded. */
export class Series {
  #recent: Point[] = []
  #minutes: Point[] = []
  #sum = 0
  #count = 0
  #minuteAt = Number.NEGATIVE_INFINITY

  add(at: number, value: number): void {
    const last = this.#recent.at(-1)
    if (last && at <= last.at) return
    this.#recent.push({ at, value })
    // In one go now and then, not with each point.
    if (this.#recent.length > 64 && (this.#recent[32]?.at ?? at) < at - recently)
      this.#recent = this.#recent.filter((point) => point.at >= at - recently)
    this.#byMinute(at, value)
  }

  #byMinute(at: number, value: number): void {
    const start = Math.floor(at / minute) * minute
    if (start !== this.#minuteAt && this.#count) {
      this.#minutes.push({ at: this.#minuteAt, value: this.#sum / this.#count })
      if (this.#minutes.length > mostMinutes) this.#minutes.shift()
    }
    if (start !== this.#minuteAt) {
      this.#minuteAt = start
      this.#sum = 0
      this.#count = 0
    }
    this.#sum += value
    this.#count++
  }

  /** Every point since then, as far back as they are kept. */
  since(at: number): readonly Point[] {
    const from = this.#recent.findIndex((point) => point.at >= at)
    return from < 0 ? [] : this.#recent.slice(from)
  }

  /** The means of the minutes that have ended. */
  get minutes(): readonly Point[] {
    return this.#minutes
  }
}
