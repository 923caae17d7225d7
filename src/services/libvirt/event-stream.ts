import { StringDecoder } from 'node:string_decoder'
import { Following } from '../../hosts/following.ts'
import { Lines } from '../../hosts/lines.ts'
import { virshEvents } from './client.ts'
import type { Watched } from './connection.ts'
import { type DomainEvent, parseEvent } from './parse.ts'

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
  readonly #listener: Listener
  readonly #following: Following

  constructor({ host, uri, readOnly, now, signal }: Watched, listener: Listener) {
    this.#listener = listener
    const decoder = new StringDecoder('utf8')
    const lines = new Lines(longestLine)
    this.#following = new Following({
      host,
      argv: virshEvents(uri, readOnly),
      now,
      signal,
      heard: (data) => {
        const { tooLong } = lines
        for (const line of lines.take(decoder.write(data))) this.#take(line)
        // To give the stream up for one name that is too long would cost the events of all other machines.
        if (lines.tooLong > tooLong) listener.told(something)
      },
      ended: () => listener.ended(),
    })
  }

  async follow(): Promise<void> {
    await this.#following.follow()
  }

  stop(): void {
    this.#following.stop()
  }

  #take(line: string): void {
    const event = parseEvent(line)
    if (event) this.#listener.told(event)
  }
}

/** An event is some hundred characters; of what goes on for this many without an end only the beginning is known. */
const longestLine = 64 * 2 ** 10

/** An event of which nobody can say what it tells, nor of whom. */
const something: DomainEvent = { name: '', kind: 'lifecycle', detail: '' }
