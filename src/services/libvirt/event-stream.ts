import { StringDecoder } from 'node:string_decoder'
import { Backoff } from '../../hosts/backoff.ts'
import type { Channel } from '../../hosts/host.ts'
import { Lines } from '../../hosts/lines.ts'
import { virshEvents } from './client.ts'
import type { Watched } from './connection.ts'
import { type DomainEvent, parseEvent } from './parse.ts'

/** Milliseconds. */
const timing = {
  /** the pause before a stream that failed is opened again grows between these; long, because it is a convenience */
  retry: { first: 1_000, longest: 30_000 },
  /** a stream that ended sooner counts as failed */
  brief: 10_000,
} as const

export interface Listener {
  told(event: DomainEvent): void
  /** The stream has ended, which may be the first sign that the host is in trouble. */
  ended(): void
}

/** libvirt's events of one host, as long as somebody keeps asking to follow them. */
export class EventStream {
  readonly #watched: Watched
  readonly #listener: Listener
  readonly #backoff = new Backoff(timing.retry)
  #following = false
  #channel: Channel | undefined

  constructor(watched: Watched, listener: Listener) {
    this.#watched = watched
    this.#listener = listener
  }

  /**
   * Follows the events when they are not followed yet. To be begun by a look that was answered, so that a libvirtd in
   * trouble has one virsh to serve and not two; a stream that ends early is left alone for longer each time.
   */
  async follow(): Promise<void> {
    const { host, uri, readOnly, now, signal } = this.#watched
    const began = now()
    if (this.#following || this.#backoff.remaining(began) > 0) return
    this.#following = true
    try {
      this.#channel = await host.stream(virshEvents(uri, readOnly))
      if (signal.aborted) this.stop()
      this.#channel.stderr.resume()
      const decoder = new StringDecoder('utf8')
      const lines = new Lines(longestLine)
      this.#channel.stdout.on('data', (data: Buffer) => {
        for (const line of lines.take(decoder.write(data))) this.#take(line)
        // A line without an end does not fill the memory, but it is no stream of events either.
        if (lines.isTooLong) this.stop()
      })
      await this.#channel.ended
    } catch {
      // The looks tell what is wrong with the host; here only the next try matters.
    }
    this.#channel = undefined
    this.#following = false
    if (now() - began < timing.brief) this.#backoff.failed(now())
    else this.#backoff.succeeded()
    this.#listener.ended()
  }

  stop(): void {
    this.#channel?.kill()
  }

  #take(line: string): void {
    const event = parseEvent(line)
    if (event && !this.#watched.signal.aborted) this.#listener.told(event)
  }
}

/** An event is some hundred characters; what goes on for this many without an end is no event of libvirt. */
const longestLine = 64 * 2 ** 10
