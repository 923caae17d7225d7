import type { Point } from '../../text/chart.ts'

/** Milliseconds: how long each point is kept, and the distance of the means that are kept longer. */
export const recently = 10 * 60_000
export const minute = 60_000
/** Points a minute apart: 24 hours. */
const mostMinutes = 24 * 60
/** Points that are kept one by one: ten minutes of two looks a second. */
const mostRecent = 1_200

/** The course of a value: the last ten minutes point by point, and the last 24 hours as the mean of each minute. Its size is bounded. */
export class Series {
  readonly #recent = new Ring(mostRecent)
  readonly #minutes = new Ring(mostMinutes)
  #sum = 0
  #count = 0
  #minuteAt = Number.NEGATIVE_INFINITY

  add(at: number, value: number): void {
    const last = this.#recent.last
    if (last !== undefined && at <= last) return
    this.#recent.push(at, value)
    this.#byMinute(at, value)
  }

  #byMinute(at: number, value: number): void {
    const start = Math.floor(at / minute) * minute
    if (start !== this.#minuteAt) {
      if (this.#count) this.#minutes.push(this.#minuteAt, this.#sum / this.#count)
      this.#minuteAt = start
      this.#sum = 0
      this.#count = 0
    }
    this.#sum += value
    this.#count++
  }

  /** Adds a minute from before the first point, from an earlier console. */
  addMinute({ at, value }: Point): void {
    if (at > (this.#minutes.last ?? Number.NEGATIVE_INFINITY)) this.#minutes.push(at, value)
  }

  /** The points since then, at most ten minutes before the last one. */
  since(at: number): readonly Point[] {
    return this.#recent.since(Math.max(at, (this.#recent.last ?? at) - recently))
  }

  /** The means of the minutes that have ended, each at its beginning. */
  get minutes(): readonly Point[] {
    return this.minutesSince(Number.NEGATIVE_INFINITY)
  }

  minutesSince(at: number): readonly Point[] {
    return this.#minutes.since(at)
  }

  /** By how much the last point since then is above the lowest; `undefined`: there is none. No list is made for it. */
  riseSince(at: number): number | undefined {
    return this.#recent.riseSince(at)
  }

  /** The same of the means of minutes. */
  minutesRiseSince(at: number): number | undefined {
    return this.#minutes.riseSince(at)
  }

  /** The mean of every point since then, and when the first of them was; `undefined`: there is none. */
  meanSince(at: number): { readonly mean: number; readonly from: number } | undefined {
    return this.#recent.meanSince(at)
  }
}

/** The last points, in a buffer that grows up to a bound: twelve bytes each, since there may be a thousand series. */
class Ring {
  readonly #most: number
  #at = new Float64Array(16)
  #values = new Float32Array(16)
  /** index of the oldest */
  #first = 0
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  get last(): number | undefined {
    return this.#count ? this.#at[(this.#first + this.#count - 1) % this.#at.length] : undefined
  }

  push(at: number, value: number): void {
    if (this.#count === this.#at.length && this.#count < this.#most) this.#grow()
    const index = (this.#first + this.#count) % this.#at.length
    this.#at[index] = at
    this.#values[index] = value
    if (this.#count < this.#at.length) this.#count++
    else this.#first = (this.#first + 1) % this.#at.length
  }

  since(from: number): Point[] {
    const points: Point[] = []
    for (let i = this.#begin(from); i < this.#count; i++)
      points.push({ at: this.#atOf(i), value: this.#valueOf(i) })
    return points
  }

  riseSince(from: number): number | undefined {
    const begin = this.#begin(from)
    let lowest = Number.POSITIVE_INFINITY
    for (let i = begin; i < this.#count; i++) lowest = Math.min(lowest, this.#valueOf(i))
    return begin < this.#count ? this.#valueOf(this.#count - 1) - lowest : undefined
  }

  meanSince(from: number): { readonly mean: number; readonly from: number } | undefined {
    const begin = this.#begin(from)
    let sum = 0
    for (let i = begin; i < this.#count; i++) sum += this.#valueOf(i)
    return begin < this.#count ? { mean: sum / (this.#count - begin), from: this.#atOf(begin) } : undefined
  }

  #atOf(i: number): number {
    return this.#at[(this.#first + i) % this.#at.length] ?? 0
  }

  #valueOf(i: number): number {
    return this.#values[(this.#first + i) % this.#at.length] ?? 0
  }

  /** Which point is the first of since then: they stand in the order of their times. */
  #begin(from: number): number {
    let [low, high] = [0, this.#count]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#atOf(middle) < from) low = middle + 1
      else high = middle
    }
    return low
  }

  /** It is full, and so begins at 0. */
  #grow(): void {
    const size = Math.min(this.#most, this.#at.length * 2)
    const at = new Float64Array(size)
    const values = new Float32Array(size)
    at.set(this.#at)
    values.set(this.#values)
    this.#at = at
    this.#values = values
  }
}
