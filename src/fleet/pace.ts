/** When nobody has touched the console for this long, hosts are asked less often; milliseconds. Events still come at once. */
const away = { after: 15 * 60_000, interval: 5_000 } as const

/** How often hosts are asked: as is wished, and less often while nobody is there. */
export class Pace {
  #wished: number
  #attentionAt: number
  readonly #now: () => number
  readonly #set: (milliseconds: number) => void

  /** @param set is told how many milliseconds there are to be between two looks from now on */
  constructor(wished: number, now: () => number, set: (milliseconds: number) => void) {
    this.#wished = wished
    this.#now = now
    this.#set = set
    this.#attentionAt = now()
  }

  /** milliseconds between two looks while somebody is there */
  get wished(): number {
    return this.#wished
  }

  wish(milliseconds: number): void {
    this.#wished = milliseconds
    this.#set(milliseconds)
  }

  /** Somebody is there. */
  attention(): void {
    this.#attentionAt = this.#now()
    this.#set(this.#wished)
  }

  /** An answer came: is anybody still there? */
  rest(): void {
    if (this.#now() - this.#attentionAt > away.after) this.#set(Math.max(away.interval, this.#wished))
  }
}

/**
 * How old an answer may be at that pace and still count; milliseconds, like the interval between two looks. Three missed looks and a bit,
 * and never less than four seconds: a slow answer is not yet an old one.
 */
export function staleAfter(interval: number): number {
  return Math.max(4_000, 3.5 * interval)
}
