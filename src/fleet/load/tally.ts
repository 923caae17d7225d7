import type { Label } from '../../hosts/label.ts'

/** One request as it came out, by one clock in milliseconds. */
export interface Outcome {
  /** when it was to be sent: what it waited for a connection is part of how long it took */
  readonly due: number
  readonly ended: number
  /** why it failed; none: it was answered */
  readonly why?: Label
}

/** Response times in milliseconds, of what was answered; none: nothing was. */
export interface Quantiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** What was counted. */
export interface Count {
  /** became due */
  readonly due: number
  readonly answered: number
  readonly failed: number
  readonly times?: Quantiles
  /** how often each reason, the most frequent first */
  readonly failures: readonly { readonly why: Label; readonly count: number }[]
}

/** Each bucket holds times that differ by this share at most: hours of load are counted in a few hundred numbers. */
const width = Math.log(1.02)
/** Reasons that are told apart; a server can make up any number of them. */
const mostReasons = 20

/** Counts requests, of any number in the same memory. Times are told to 1 %. */
export class Tally {
  #due = 0
  #failed = 0
  #answered = 0
  readonly #times = new Map<number, number>()
  readonly #failures = new Map<Label, number>()

  /** So many have become due. */
  due(count = 1): void {
    this.#due += count
  }

  add({ due, ended, why }: Outcome): void {
    if (why !== undefined) {
      this.#failed++
      const known = this.#failures.get(why)
      if (known !== undefined || this.#failures.size < mostReasons) this.#failures.set(why, (known ?? 0) + 1)
      return
    }
    this.#answered++
    // A microsecond, so that there is a logarithm.
    const bucket = Math.round(Math.log(Math.max(0.001, ended - due)) / width)
    this.#times.set(bucket, (this.#times.get(bucket) ?? 0) + 1)
  }

  get count(): Count {
    const failures = [...this.#failures].map(([why, count]) => ({ why, count }))
    return {
      due: this.#due,
      answered: this.#answered,
      failed: this.#failed,
      ...(this.#answered ? { times: this.#quantiles() } : {}),
      failures: failures.sort((a, b) => b.count - a.count),
    }
  }

  #quantiles(): Quantiles {
    const sorted = [...this.#times].sort(([a], [b]) => a - b)
    const at = (share: number) => {
      const rank = Math.ceil(share * this.#answered)
      let seen = 0
      for (const [bucket, count] of sorted) {
        seen += count
        if (seen >= rank) return Math.exp(bucket * width)
      }
      return 0
    }
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}
