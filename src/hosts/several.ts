import {
  type ClientHttp2Session,
  connect,
  constants,
  type Http2Session,
  performServerHandshake,
  type ServerHttp2Stream,
} from 'node:http2'
import { Duplex, duplexPair, type Readable, type Writable } from 'node:stream'

/**
 * Several connections inside one, each with a window of its own, so that none waits for another: those of HTTP/2 (RFC 9113), each begun by a CONNECT that
 * names no place. Where it leads is known to who serves it, and nobody else.
 */

/** At once: SPICE has one for each of main, display, inputs, cursor, two of sound, and some for each screen more. */
const most = 24
/** In all: a viewer that begins so many has gone mad, or means no good. */
const mostEver = 500
/** Bytes that may be on their way in one of them: a picture of a screen. */
const windowSize = 1 << 20

/**
 * Serves connections to what `open` reaches.
 *
 * @returns the one in which they are; it ends when all have to
 */
export function serveSeveral(open: () => Promise<Duplex>): Duplex {
  const [near, far] = duplexPair()
  const settings = { enablePush: false, maxConcurrentStreams: most, initialWindowSize: windowSize }
  const session = performServerHandshake(far, { settings, maxHeaderListPairs: 8, maxSessionMemory: 32 })
  let begun = 0
  session.on('connect', () => widen(session))
  session.on('stream', (stream, { ':method': method }) => {
    stream.on('error', () => {})
    if (++begun > mostEver) session.destroy()
    else if (method !== 'CONNECT') stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
    else void join(stream, open)
  })
  session.on('error', () => {})
  session.on('close', () => near.destroy())
  near.on('error', () => {}).on('close', () => session.destroy())
  far.on('error', () => {})
  return near
}

/** For all together. Whoever speaks no HTTP/2 is told of as connected, too, and is not any more. */
function widen(session: Http2Session): void {
  if (!session.destroyed) session.setLocalWindowSize(windowSize * 4)
}

async function join(stream: ServerHttp2Stream, open: () => Promise<Duplex>): Promise<void> {
  const reached = await open().catch(() => undefined)
  if (!reached) return stream.close(constants.NGHTTP2_CONNECT_ERROR)
  if (stream.destroyed) return void reached.destroy()
  stream.respond({ ':status': 200 })
  both(stream, reached)
}

/** Has each of two connections hear what the other says, until one of both ends. */
export function both(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => {}).on('close', () => to.destroy())
    from.pipe(to)
  }
}

/** The side that begins connections. */
export class Several {
  readonly #session: ClientHttp2Session

  constructor(from: Readable, to: Writable) {
    const stream = Duplex.from({ readable: from, writable: to })
    this.#session = connect('http://screen', {
      createConnection: () => stream,
      settings: { enablePush: false, initialWindowSize: windowSize },
    })
    this.#session.on('connect', () => widen(this.#session))
    this.#session.on('error', () => {})
  }

  /** One more. It is destroyed when there is none any more, and when it could not be had. */
  open(): Duplex {
    return this.#session.request({ ':method': 'CONNECT', ':authority': 'screen' }).on('error', () => {})
  }

  end(): void {
    this.#session.destroy()
  }
}
