import { chmod } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { Several } from '../../../hosts/several.ts'
import type { ScreenProtocol } from '../../screen-protocol.ts'
import { ChannelFailure, notWritten } from './failure.ts'
import { greetings } from './greeting.ts'
import type { Source } from './viewer.ts'
import type { Login } from './viewers.ts'

/** The screen of a machine, as whoever can reach its hypervisor brings it here: what a VNC server says and hears, or several connections of SPICE (`Several`). */
export interface BroughtScreen {
  readonly protocol: ScreenProtocol
  /** of RDP: the SHA-256 of the certificate that its server has to show */
  readonly certificate?: string
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

/** Milliseconds in which a server says who it is. */
const patience = 15_000
/** Bytes of that, at most: a VNC server has 255 ways to prove who one is, and that of SPICE some that it can do. */
const longestGreeting = 1000

/** A screen that was brought here, behind a unix socket for one viewer. */
export class RelayedScreen implements Source {
  readonly protocol: ScreenProtocol
  readonly path: string
  readonly login: Login | undefined
  readonly seen: Promise<void>
  readonly #brought: BroughtScreen
  readonly #several: Several | undefined
  readonly #first = Promise.withResolvers<Readable>()
  readonly #server: Server
  readonly #sockets: Socket[] = []
  #isOver = false
  #isLost = false

  private constructor(path: string, brought: BroughtScreen, login: Login | undefined) {
    const { protocol, from, to } = brought
    this.path = path
    this.protocol = protocol
    this.login = login
    this.#brought = brought
    this.#several = protocol === 'spice' ? new Several(from, to) : undefined
    if (!this.#several) this.#first.resolve(from)
    this.seen = greeted(this.#first.promise, greetings[protocol])
    // It may be known before anybody asks.
    this.seen.catch(() => {})
    this.#server = createServer((socket) => this.#join(socket))
    for (const stream of [from, to]) stream.on('error', () => {}).on('close', () => this.#lose())
  }

  /** @param path where it listens until a viewer has come; nobody else may enter the folder */
  static async open(path: string, brought: BroughtScreen, login?: Login): Promise<RelayedScreen> {
    const source = new RelayedScreen(path, brought, login)
    try {
      await new Promise<void>((resolve, reject) => {
        source.#server.once('error', reject).listen(path, resolve)
      })
      await chmod(path, 0o600)
      return source
    } catch (error) {
      source.end()
      throw notWritten('the files of the channel', error)
    }
  }

  /** it ended by itself, and not because nobody looks any more: the machine goes to another host, or was switched off */
  get isLost(): boolean {
    return this.#isLost
  }

  #join(socket: Socket): void {
    const isFirst = !this.#sockets.length
    // One viewer, and where it has one connection: with that it listens no more.
    if (!this.#several) this.#server.close()
    if (this.#isOver || !(isFirst || this.#several)) return void socket.destroy()
    this.#sockets.push(socket)
    socket.on('error', () => {})
    const one = this.#several?.open()
    const { from, to } = one ? { from: one, to: one } : this.#brought
    // First of all who hear of its end: what is not heard any more has ended by that, and not by itself.
    for (const over of ['end', 'close'] as const)
      socket.on(over, () => (isFirst ? this.end() : one?.destroy()))
    // The first of several is the one without which there are no others.
    if (one && isFirst) for (const over of ['end', 'close'] as const) one.on(over, () => this.#lose())
    else one?.on('close', () => socket.destroy())
    from.pipe(socket)
    socket.pipe(to)
    if (isFirst) this.#first.resolve(from)
  }

  /** It ended by itself, unless it has ended already. */
  #lose(): void {
    this.#isLost ||= !this.#isOver
    this.end()
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    this.#several?.end()
    this.#brought.end()
  }
}

/** Listens to the first words of a server, which somebody else hears as well. */
function greeted(first: Promise<Readable>, greetingOf: (typeof greetings)[ScreenProtocol]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let bytes = Buffer.alloc(0)
  const silent = () => reject(new ChannelFailure('server-failed', 'the screen says nothing'))
  const timer = setTimeout(silent, patience)
  void first.then((from) => {
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
    if (from.readableFlowing) from.on('data', hear)
    else from.once('resume', () => from.on('data', hear))
  })
  return promise
}
