import { dial } from '../../../hosts/dial.ts'
import type { Label } from '../../../hosts/label.ts'
import { asked, connectX, type XConnection } from './connect.ts'
import type { askConsent, showSign } from './consent.ts'
import type { Notice } from './notice.ts'

/** Where the X server of a display listens. */
export const socketOf = (display: number) => `/tmp/.X11-unix/X${display}`

/** What is to be seen on a channel. */
export interface Activity {
  /** X clients besides the keeper */
  readonly clients: number
  /** milliseconds since a key or the pointer was used */
  readonly idle: number
  readonly size: Pixels
}

export interface Pixels {
  readonly width: number
  readonly height: number
}

/** The keeper's own connection to the display that it holds. */
export class InnerDisplay {
  readonly #x: XConnection

  constructor(x: XConnection) {
    this.#x = x
  }

  get ended(): Promise<void> {
    return this.#x.ended
  }

  close(): void {
    this.#x.close()
  }

  /** MIT-SCREEN-SAVER and X-Resource, which Xephyr and Xvnc have. */
  async activity(): Promise<Activity> {
    const { client, root } = this.#x
    const [saver, resources] = await Promise.all([
      asked<import('x11').ScreenSaver>((done) => client.require('screen-saver', done)),
      asked<import('x11').Resources>((done) => client.require('res', done)),
    ])
    const [{ idle }, clients, size] = await Promise.all([
      asked<{ idle: number }>((done) => saver.QueryInfo(root, done)),
      asked<unknown[]>((done) => resources.QueryClients(done)),
      this.size(),
    ])
    // The server counts as one, too.
    return { idle, clients: Math.max(0, clients.length - 2), size }
  }

  /** As it is now: it follows the window on the terminal. */
  async size(): Promise<Pixels> {
    const { client, root } = this.#x
    const { width, height } = await asked<Pixels>((done) => client.GetGeometry(root, done))
    return { width, height }
  }

  /** Shows a message in front of all windows (`showNotice`). */
  async notice(heading: Label, message: readonly Label[], hint: Label): Promise<Notice> {
    const { showNotice } = await import('./notice.ts')
    return await showNotice(this.#x, heading, message, hint)
  }

  /** Asks whether somebody may look, in front of all windows (`askConsent`). */
  async ask(question: readonly (readonly Label[])[]): ReturnType<typeof askConsent> {
    const { askConsent } = await import('./consent.ts')
    return await askConsent(this.#x, question)
  }

  /** Shows that somebody looks, as long as they do (`showSign`). */
  async sign(text: readonly Label[]): ReturnType<typeof showSign> {
    const { showSign } = await import('./consent.ts')
    return await showSign(this.#x, text)
  }

  /** Whether a window manager has taken its place (EWMH, _NET_SUPPORTING_WM_CHECK). */
  async hasManager(): Promise<boolean> {
    const { client, root } = this.#x
    const atom = await asked<number>((done) => client.InternAtom(true, '_NET_SUPPORTING_WM_CHECK', done))
    if (!atom) return false
    const { type } = await asked<{ type: number }>((done) => client.GetProperty(0, root, atom, 0, 0, 1, done))
    return type !== 0
  }
}

/** Connects to a display of this machine. */
export async function openInner(display: number, cookie: Buffer, signal: AbortSignal): Promise<InnerDisplay> {
  const stream = await dial({ path: socketOf(display) }, signal)
  return new InnerDisplay(await connectX(stream, cookie))
}
