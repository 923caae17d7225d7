import { Backoff } from './backoff.ts'
import type { Argv, Channel, Host } from './host.ts'

/** Milliseconds. */
const timing = {
  /** the pause before a stream that failed is opened again grows between these; long, because it is a convenience */
  retry: { first: 1_000, longest: 30_000 },
  /** a stream that ended sooner counts as failed */
  brief: 10_000,
} as const

interface FollowingOptions {
  readonly host: Host
  readonly argv: Argv
  readonly now: () => number
  /** nobody wants to hear of it any more */
  readonly signal: AbortSignal
  readonly heard: (data: Buffer) => void
  /** It has ended, which may be the first sign that the host is in trouble. */
  readonly ended?: () => void
}

/** A command on a host that goes on telling, as long as somebody keeps asking to follow it. */
export class Following {
  readonly #options: FollowingOptions
  readonly #backoff = new Backoff(timing.retry)
  #following = false
  #channel: Channel | undefined

  constructor(options: FollowingOptions) {
    this.#options = options
  }

  /**
   * Follows it when it is not followed yet. To be begun by a look that was answered, so that what is in trouble has one question to answer and not two; a stream
   * that ends early is left alone for longer each time.
   */
  async follow(): Promise<void> {
    const { host, argv, now, signal, heard, ended } = this.#options
    const began = now()
    if (this.#following || this.#backoff.remaining(began) > 0) return
    this.#following = true
    try {
      this.#channel = await host.stream(argv)
      if (signal.aborted) this.stop()
      this.#channel.stderr.resume()
      this.#channel.stdout.on('data', (data: Buffer) => {
        if (!signal.aborted) heard(data)
      })
      await this.#channel.ended
    } catch {
      // The looks tell what is wrong with the host; here only the next try matters.
    }
    this.#channel = undefined
    this.#following = false
    if (now() - began < timing.brief) this.#backoff.failed(now())
    else this.#backoff.succeeded()
    ended?.()
  }

  stop(): void {
    this.#channel?.kill()
  }
}
