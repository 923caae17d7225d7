/** So many times in so many milliseconds something may be done, however often it is asked for; what comes together counts once. */
export class Allowance {
  readonly #limit: { readonly most: number; readonly per: number; readonly together: number }
  /** when it was allowed, the oldest first; milliseconds */
  #times: number[] = []

  constructor(limit: { readonly most: number; readonly per: number; readonly together: number }) {
    this.#limit = limit
  }

  /** Whether it may be done now. */
  take(now: number): boolean {
    const { most, per, together } = this.#limit
    this.#times = this.#times.filter((at) => now - at < per)
    const last = this.#times.at(-1)
    if (last !== undefined && now - last < together) return true
    if (this.#times.length >= most) return false
    this.#times.push(now)
    return true
  }
}
