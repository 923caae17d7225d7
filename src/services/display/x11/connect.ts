import { Duplex, pipeline } from 'node:stream'
import type { Client, Display } from 'x11'
import { cookieProtocol } from './cookie.ts'
import { Welcome } from './welcome.ts'

/** A connection to an X server. */
export interface XConnection {
  readonly client: Client
  readonly root: number
  readonly size: { readonly width: number; readonly height: number }
  readonly black: number
  readonly white: number
  /** the keys that there are: the first and the last keycode */
  readonly keys: readonly [number, number]
  /** settles when the server has gone, or the connection was closed */
  readonly ended: Promise<void>
  close(): void
}

/**
 * Speaks to an X server over a stream that stands.
 *
 * @param cookie none: the server asks for none
 * @throws what the server says against it
 */
export async function connectX(stream: Duplex, cookie: Buffer | undefined): Promise<XConnection> {
  // Until the client listens itself: a server that goes now ends no keeper.
  stream.on('error', () => {})
  const ended = Promise.withResolvers<void>()
  stream.once('close', ended.resolve)
  // By its default: the build has no other name of a module of CommonJS that is loaded when it is used.
  const { default: x11 } = await import('x11')
  const { promise, resolve, reject } = Promise.withResolvers<Display>()
  const auth = cookie ? { name: cookieProtocol, data: cookie.toString('latin1') } : { name: '', data: '' }
  const readable = pipeline(stream, new Welcome(), (error) => error && reject(error))
  const checked = Duplex.from({ writable: stream, readable })
  const client = x11.createClient(
    // No request of ours is so long that it would be a big one.
    { stream: checked, auth, shm: false, disableBigRequests: true },
    (error, display) => (error ? reject(error) : resolve(display)),
  )
  // Whoever asks for what has gone meanwhile (a window) is told so by an error event.
  client.on('error', () => {})
  void ended.promise.then(() => reject(new Error('the X server closed the connection')))
  const close = () => stream.destroy()
  const late = setTimeout(() => reject(new Error(silent)), patience)
  try {
    const { screen, min_keycode, max_keycode } = await promise
    // The package has one list of them for all servers, and each server numbers its own.
    client.atoms = { ...client.atoms }
    const [first] = screen
    if (!first) throw new Error('the X server has no screen')
    const { root, pixel_width: width, pixel_height: height, black_pixel: black, white_pixel: white } = first
    const keys = [min_keycode, max_keycode] as const
    return { client, root, size: { width, height }, black, white, keys, ended: ended.promise, close }
  } catch (error) {
    close()
    throw error
  } finally {
    clearTimeout(late)
  }
}

/** A request as a promise; rejects after a while, since a server that hangs answers nothing. */
export function asked<T>(
  ask: (done: (error: Error | null | undefined, result: T) => void) => void,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => reject(new Error(silent)), patience)
  ask((error, result) => {
    clearTimeout(timer)
    if (error) reject(error)
    else resolve(result)
  })
  return promise
}

/** Milliseconds: an old terminal that swaps, or a slow line to it, takes its time; one that hangs keeps only its own person waiting. */
export const patience = 15_000
const silent = 'the X server does not answer'
