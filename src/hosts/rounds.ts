import { Backoff } from './backoff.ts'
import { asHostError } from './conversation.ts'
import { HostError } from './host.ts'
import { say } from './label.ts'
import { Pause } from './pause.ts'

export interface RoundsOptions {
  /** the host, for errors */
  readonly host: string
  /** milliseconds between two looks */
  readonly interval: number
  /** milliseconds in which requests for a look become one; default 60 */
  readonly merge?: number | undefined
  readonly now: () => number
  /** Looks once. What it throws is told, and it is asked again after a while. */
  readonly look: (signal: AbortSignal) => Promise<void>
  readonly failed: (error: HostError) => void
  /** Ends what the looks keep open. */
  readonly end?: () => void
}

/** What whoever looks at something again and again is given. */
export interface PollOptions<Sink> {
  /** milliseconds between two looks */
  readonly interval: number
  /** is told of what was read, and of what could not be */
  readonly sink: Sink
  /** milliseconds that never go back */
  readonly now: () => number
}

/** Milliseconds. */
const timing = {
  retry: { first: 500, longest: 5_000 },
  merge: 60,
  longestRest: 3_000,
} as const

/** Looks at something again and again: at the interval, at once when asked to, and less and less often while it fails. */
export class Rounds {
  interval: number
  readonly #options: RoundsOptions
  readonly #stopping = new AbortController()
  readonly #backoff = new Backoff(timing.retry)
  readonly #pause: Pause

  constructor(options: RoundsOptions) {
    this.#options = options
    this.interval = options.interval
    this.#pause = new Pause(options.merge ?? timing.merge)
  }

  start(): void {
    void this.#loop()
  }

  /** Nothing is told after it. */
  stop(): void {
    this.#stopping.abort(new HostError('cancelled', this.#options.host, say`stopped`))
    this.#options.end?.()
    this.#pause.end()
  }

  /** Looks now, or right after the look that is under way. */
  look(): void {
    this.#pause.shorten()
  }

  get stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #loop(): Promise<void> {
    while (!this.stopped) {
      this.#pause.lookBegins()
      const rest = await this.#once()
      if (!this.stopped) await this.#pause.rest(rest)
    }
  }

  /** Returns how many milliseconds to wait for the next look. */
  async #once(): Promise<number> {
    const { host, now, look, failed } = this.#options
    const began = now()
    try {
      await look(this.#stopping.signal)
      this.#backoff.succeeded()
      const took = now() - began
      // Whoever answers slowly is left alone for as long again, or the asking would be what slows it down.
      return Math.max(this.interval - took, Math.min(took, timing.longestRest))
    } catch (error) {
      if (this.stopped) return 0
      failed(asHostError(error, host))
      this.#backoff.failed(now())
      return this.#backoff.remaining(now())
    }
  }
}
