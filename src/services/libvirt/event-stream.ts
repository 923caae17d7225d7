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

interface Listener {
  told(event: DomainEvent): void
  /** The stream has ended, which may be the first sign that the host is in trouble. */
  ended(): void
}

/**
 * libvirt's events of one host, as long as somebody keeps asking to follow them. A name is free text and may hold a whole event of another
 * machine: so an event says that there is something to ask for, and never what it is.
 */
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
        const { tooLong } = lines
        for (const line of lines.take(decoder.write(data))) this.#take(line)
        // To give the stream up for one name that is too long would cost the events of all other machines.
        if (lines.tooLong > tooLong) this.#tell(something)
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
    if (event) this.#tell(event)
  }

  #tell(event: DomainEvent): void {
    if (!this.#watched.signal.aborted) this.#listener.told(event)
  }
}

/** An event is some hundred characters; of what goes on for this many without an end only the beginning is known. */
const longestLine = 64 * 2 ** 10

/** An event of which nobody can say what it tells, nor of whom. */
const something: DomainEvent = { name: '', kind: 'lifecycle', detail: '' }
