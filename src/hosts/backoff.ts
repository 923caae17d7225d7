export interface BackoffOptions {
  /** Milliseconds of the first pause. Default 500. */
  readonly first?: number
  /** Milliseconds of the longest pause. Default 15 000. */
  readonly longest?: number
  /** A number in [0, 1), for the jitter. */
  readonly random?: () => number
}

/**
 * How long to leave a host alone after it failed: twice as long each time, up to a bound, and somewhere between
 * half and the whole of that, so that many consoles do not knock together when a host comes back.
 * Times are milliseconds of a clock of the caller's choice.
 */
export class Backoff {
  readonly #first: number
  readonly #longest: number
  readonly #random: () => number
  #failures = 0
  #until = 0

  constructor({ first = 500, longest = 15_000, random = Math.random }: BackoffOptions = {}) {
    this.#first = first
    this.#longest = longest
    this.#random = random
  }

  /** A try failed at `now`; `hopeless` (a refused key or login, which only a person can mend) goes to the longest pause. */
  failed(now: number, hopeless = false): void {
    const pause = hopeless ? this.#longest : Math.min(this.#longest, this.#first * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 30)
    this.#until = now + pause * (0.5 + this.#random() / 2)
  }

  succeeded(): void {
    this.#failures = 0
    this.#until = 0
  }

  /** Milliseconds until the next try is allowed; 0 when it is. */
  remaining(now: number): number {
    return Math.max(0, this.#until - now)
  }
}
