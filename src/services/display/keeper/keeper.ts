import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { orAborted } from '../../../hosts/abort.ts'
import { wallTime } from '../../../hosts/clock.ts'
import { LoginRefused } from '../../../hosts/login.ts'
import { takeOrders } from '../here/control.ts'
import { ChannelFiles } from '../here/files.ts'
import { removeLeftSocket } from '../here/left-socket.ts'
import { markOf } from '../here/process-mark.ts'
import type { FailureKind } from '../opening.ts'
import { authority, newCookie } from '../x11/cookie.ts'
import { type InnerDisplay, openInner } from '../x11/inner.ts'
import { type Account, attend } from './attendance.ts'
import { ChannelBook } from './book.ts'
import type { DesktopEntry } from './desktop-entry.ts'
import { ChannelFailure } from './failure.ts'
import { openKept } from './kept.ts'
import { watchLoad } from './load.ts'
import { asFailure, connectMachine, type Machine, type Session } from './machine.ts'
import { type Ending, OpenChannel } from './open-channel.ts'
import { chooseSession, type Opener } from './opener.ts'
import type { Env, Screen } from './screen.ts'
import { untilStands } from './stands.ts'
import { textsFor } from './texts.ts'
import { openXephyr } from './xephyr.ts'

/** Milliseconds that a session has to end before its connection is closed. */
const patience = 8_000
/** Milliseconds for which what was written down of a channel whose machine was lost says so: the desk looks every two seconds. */
const toldFor = 5_000
/** A password may be wrong so often. */
const tries = 3

/** Is told why a channel did not open, so that an operator finds it. */
export type Failed = (failure: {
  readonly channel: string
  readonly machine: string
  readonly kind: FailureKind
  readonly reason: string
}) => Promise<unknown>

interface KeeperOptions {
  readonly opener: Opener
  /** the folder of the person's channels */
  readonly place: string
  readonly env: Env
  /** what the terminal is called */
  readonly terminal: string
  readonly now: () => number
  /** is aborted when the keeper itself is to end */
  readonly ending: AbortSignal
  readonly account?: Account | undefined
  /** is told why it did not open */
  readonly failed?: Failed | undefined
}

/** Holds one channel open: an X server on the terminal, a session on a machine, and what goes between them. */
export class Keeper {
  readonly id = newId()
  readonly #options: KeeperOptions
  readonly #files: ChannelFiles
  readonly #cookie = newCookie()
  /** what there is of it, to be taken away again */
  #book: ChannelBook | undefined
  #machine: Machine | undefined
  #screen: Screen | undefined
  #inner: InnerDisplay | undefined
  #session: Session | undefined
  #orders: Server | undefined

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#files = new ChannelFiles(options.place, this.id)
  }

  /** Opens the channel, holds it, and takes everything away when it is over. The opener is told all that concerns it. */
  async run(): Promise<Ending> {
    const { opener, account, failed } = this.#options
    try {
      const { channel, book } = await this.#open()
      const how = await this.#hold(channel, book)
      if (how === 'lost') await book.tell({ trouble: this.#whyLost() })
      await this.#end()
      const accounted = account?.('end', book.state, how)
      if (how === 'lost') await sleep(toldFor)
      await this.#forget()
      await accounted
      return how
    } catch (error) {
      const { kind, message: reason, advice } = asFailure(error)
      opener.say({ failed: { kind, reason, advice, reference: this.id } })
      await this.#end()
      await this.#forget()
      // Whoever took their wish back has nothing to ask an operator.
      if (kind !== 'cancelled')
        await failed?.({ channel: this.id, machine: opener.wish.machine.name, kind, reason })
      return 'refused'
    }
  }

  async #open(): Promise<{ channel: OpenChannel; book: ChannelBook }> {
    const { opener, env, now } = this.#options
    const { wish, signal } = opener
    const book = await this.#begin()
    opener.say({ step: 'machine' })
    const machine = await this.#connect()
    const choosing = orAborted(this.#choose(machine, book), machine.lost)
    // What is not asked for need not be waited for: a question would be behind a screen that is full.
    if (wish.session === undefined) await choosing
    opener.say({ step: 'server' })
    const [{ screen, inner }, chosen] = await bothOf(this.#show(book), choosing)
    const { server } = screen
    opener.say({ step: 'session' })
    const session = await machine.start(chosen, server.display, this.#cookie)
    this.#session = session
    await untilStands({ name: wish.machine.name, machine, session, server, inner, now }, signal)
    signal.throwIfAborted()
    const channel = new OpenChannel({ book, screen, inner, session, texts: textsFor(env), now })
    this.#orders = await takeOrders(this.#files.control, channel.obey)
    await book.tell({ state: 'open', openedAt: wallTime(now()) })
    opener.say({ open: book.state })
    return { channel, book }
  }

  /** Writes down that it is wanted. */
  async #begin(): Promise<ChannelBook> {
    const { opener, env, terminal, now } = this.#options
    const { machine, system, size, keep } = opener.wish
    const keeper = await markOf(process.pid)
    if (!keeper) throw new ChannelFailure('other', '/proc is not there', 'mount -t proc proc /proc')
    try {
      await this.#files.make()
      await writeFile(this.#files.authority, authority(this.#cookie), { mode: 0o600 })
    } catch (error) {
      const why = `the files of the channel: ${(error as Error).message}`
      throw new ChannelFailure('no-room', why, 'df -h /run /tmp')
    }
    this.#book = new ChannelBook(this.#files, {
      id: this.id,
      state: 'opening',
      keeper,
      terminal: { name: terminal, ...(env.DISPLAY ? { display: env.DISPLAY } : {}) },
      machine: { name: machine.name, address: machine.address ?? machine.name },
      ...(system === undefined ? {} : { system }),
      fullScreen: size === 'full',
      keep,
      wantedAt: wallTime(now()),
    })
    await this.#book.tell({})
    return this.#book
  }

  async #connect(): Promise<Machine> {
    const { opener } = this.#options
    let password: string | undefined
    for (let attempt = 1; ; attempt++) {
      try {
        this.#machine = await connectMachine(opener.wish.machine, password, opener.signal)
        return this.#machine
      } catch (error) {
        if (!(error instanceof LoginRefused) || attempt > tries) throw asFailure(error)
      }
      const user = opener.wish.machine.user ?? this.#options.env.USER ?? ''
      opener.say({ asks: 'password', attempt, user })
      const answer = await opener.answer()
      if (!('password' in answer))
        throw new ChannelFailure('cancelled', 'a password was asked for, and something else was answered')
      password = answer.password
    }
  }

  async #choose(machine: Machine, book: ChannelBook): Promise<DesktopEntry> {
    const chosen = await chooseSession(await machine.sessions(), this.#options.opener)
    await book.tell({ session: { id: chosen.id, name: chosen.name } })
    return chosen
  }

  /** Opens the X display, and shows it on the terminal. */
  async #show(book: ChannelBook): Promise<{ screen: Screen; inner: InnerDisplay }> {
    const { opener, env } = this.#options
    const { machine, size, keep } = opener.wish
    if (!env.DISPLAY)
      throw new ChannelFailure(
        'no-display',
        'there is no X display here to show it on: DISPLAY is not set',
        'log in at a graphical terminal, or with "ssh -X"',
      )
    const { authority, folder } = this.#files
    const options = { id: this.id, title: `${machine.name} (${this.id})`, size, authority, folder, env }
    const away = () => void book.tell({ terminal: { name: book.state.terminal.name } })
    const screen = await (keep
      ? openKept(options, { away }, opener.signal)
      : openXephyr(options, opener.signal))
    this.#screen = screen
    const { mark, program, display } = screen.server
    await book.tell({ server: { ...mark, program }, display })
    const inner = await openInner(display, this.#cookie, opener.signal)
    this.#inner = inner
    return { screen, inner }
  }

  /** Until it is over. */
  async #hold(channel: OpenChannel, book: ChannelBook): Promise<Ending> {
    const { opener, ending, env, account, now } = this.#options
    const end = () => void channel.close(true)
    if (ending.aborted) end()
    ending.addEventListener('abort', end, { once: true })
    const attending = new AbortController()
    const limits = opener.wish.limits ?? {}
    const isSilent = () => this.#machine?.isSilent ?? false
    const attendance = attend(
      { channel, book, limits, texts: textsFor(env), isSilent, account, now },
      attending.signal,
    )
    const machine = this.#machine
    // What it asks at the end may hang: nobody waits for that.
    if (machine) void watchLoad({ ask: () => machine.load(), book, now }, attending.signal)
    const how = await channel.over
    attending.abort()
    await attendance
    return how
  }

  #whyLost(): string {
    const why: unknown = this.#machine?.lost.reason
    return `the machine was lost${why ? `: ${asFailure(why).message}` : ''}`
  }

  async #end(): Promise<void> {
    this.#orders?.close()
    const session = this.#session
    session?.end()
    // With the session's end its connection may go; without waiting it would be left behind on the machine.
    if (session)
      await Promise.race([session.ended.catch(() => {}), sleep(patience, undefined, { ref: false })])
    this.#machine?.close()
    this.#inner?.close()
    await this.#screen?.end()
    const display = this.#screen?.server.display
    if (display !== undefined) await removeLeftSocket(display)
  }

  /** Takes away what was written down of it. */
  async #forget(): Promise<void> {
    if (this.#book) await this.#book.close()
    else await this.#files.remove().catch(() => {})
  }
}

/** Waits for both, also where one fails: what the other has opened is to be taken away. */
async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}

/** Six letters and digits that nobody takes for one another: base 32 of RFC 4648. */
function newId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(6), (byte) => letters[byte & 31]).join('')
}
