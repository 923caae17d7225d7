import { chmod } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { ChannelFailure } from './failure.ts'
import { greetingOf } from './greeting.ts'
import type { Source } from './viewer.ts'

/** The screen of a machine, as whoever can reach its hypervisor brings it here: what a VNC server says, and what it hears. */
export interface BroughtScreen {
  readonly from: Readable
  readonly to: Writable
  end(): void
}

/** Has the screen of a machine brought here. @throws {ChannelFailure} why not */
export type BringScreen = (
  machine: string,
  /** of the catalogue; none: the person is an operator, and goes by their own configuration */
  system: string | undefined,
  signal: AbortSignal,
) => Promise<BroughtScreen>

/** Milliseconds in which a VNC server says who it is. */
const patience = 15_000
/** Bytes of that, at most: it has 255 ways at most to prove who one is. */
const longestGreeting = 300

/** A screen that was brought here, behind a unix socket for one viewer. */
export class RelayedScreen implements Source {
  readonly protocol = 'vnc'
  readonly path: string
  readonly seen: Promise<void>
  readonly #brought: BroughtScreen
  readonly #server: Server
  #socket: Socket | undefined
  #isOver = false
  #isLost = false

  private constructor(path: string, brought: BroughtScreen) {
    this.path = path
    this.#brought = brought
    this.seen = greeted(brought.from)
    // It may be known before anybody asks.
    this.seen.catch(() => {})
    this.#server = createServer((socket) => this.#join(socket))
    for (const stream of [brought.from, brought.to])
      stream
        .on('error', () => {})
        .on('close', () => {
          this.#isLost ||= !this.#isOver
          this.end()
        })
  }

  /** @param path where it listens until a viewer has come; nobody else may enter the folder */
  static async open(path: string, brought: BroughtScreen): Promise<RelayedScreen> {
    const source = new RelayedScreen(path, brought)
    try {
      await new Promise<void>((resolve, reject) => {
        source.#server.once('error', reject).listen(path, resolve)
      })
      await chmod(path, 0o600)
      return source
    } catch (error) {
      source.end()
      throw new ChannelFailure('no-room', `the files of the channel: ${(error as Error).message}`)
    }
  }

  /** it ended by itself, and not because nobody looks any more: the machine goes to another host, or was switched off */
  get isLost(): boolean {
    return this.#isLost
  }

  #join(socket: Socket): void {
    // One viewer: with that it listens no more.
    this.#server.close()
    if (this.#socket || this.#isOver) return void socket.destroy()
    this.#socket = socket
    // First of all who hear of its end: what is not heard any more has ended by that, and not by itself.
    for (const over of ['end', 'close'] as const) socket.on(over, () => this.end())
    socket.on('error', () => {})
    this.#brought.from.pipe(socket)
    socket.pipe(this.#brought.to)
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#server.close()
    this.#socket?.destroy()
    this.#brought.end()
  }
}

/** Listens to the first words of a VNC server, which somebody else hears as well. */
function greeted(from: Readable): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let bytes = Buffer.alloc(0)
  const silent = () => reject(new ChannelFailure('server-failed', 'the screen says nothing'))
  const timer = setTimeout(silent, patience)
  const hear = (piece: Buffer) => {
    bytes = Buffer.concat([bytes, piece]).subarray(0, longestGreeting)
    const greeting = greetingOf(bytes)
    if (greeting === undefined) return
    if (greeting === 'seen') resolve()
    else reject(greeting)
    done()
  }
  const done = () => {
    clearTimeout(timer)
    from.off('data', hear).off('close', ended)
  }
  const ended = () => {
    silent()
    done()
  }
  from.on('close', ended)
  // Nothing flows before there is somebody to whom it can.
  from.once('resume', () => from.on('data', hear))
  return promise
}
