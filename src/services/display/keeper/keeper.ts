import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { orAborted } from '../../../hosts/abort.ts'
import { type Label, label, labelLines } from '../../../hosts/label.ts'
import { LoginRefused } from '../../../hosts/login.ts'
import type { ChannelState } from '../channel.ts'
import { takeOrders } from '../here/control.ts'
import { ChannelFiles } from '../here/files.ts'
import { markOf } from '../here/process-mark.ts'
import type { Obeyed, Order } from '../opening.ts'
import { authority, newCookie } from '../x11/cookie.ts'
import { type InnerDisplay, openInner } from '../x11/inner.ts'
import type { Notice } from '../x11/notice.ts'
import { ChannelFailure } from './failure.ts'
import { openKept } from './kept.ts'
import { asFailure, connectMachine, type Machine, type Session } from './machine.ts'
import { chooseSession, type Opener } from './opener.ts'
import type { Screen } from './screen.ts'
import { textsFor } from './texts.ts'
import { TimeLimits, type Verdict } from './time-limits.ts'
import { openXephyr } from './xephyr.ts'

/** How a channel ended: it was closed by an order, its session or window ended, the machine or the terminal was lost, or it never opened. */
export type Ending = 'closed' | 'ended' | 'lost' | 'refused'

/** Milliseconds. */
const times = {
  /** between two looks at what the person does */
  look: 10_000,
  /** between two looks whether the session stands */
  settling: 40,
  /** a session without a window manager counts as standing after so long */
  noManager: 4_000,
  /** an end so soon after the start is a failure, and no end */
  tooSoon: 3_000,
  /** between two reports for the accounting */
  report: 5 * 60_000,
  /** a session that was asked has so long to end */
  asked: 8_000,
} as const
/** A password may be wrong so often. */
const tries = 3

/** The account book of the sessions. */
export type Account = (
  what: 'start' | 'alive' | 'end',
  channel: ChannelState,
  how?: Ending,
) => Promise<boolean>

interface KeeperOptions {
  readonly opener: Opener
  /** the folder of the person's channels */
  readonly place: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** what the terminal is called */
  readonly terminal: string
  readonly now: () => number
  /** is aborted when the keeper itself is to end */
  readonly ending: AbortSignal
  /** is told that the channel is open, that it is still, and how it ended; true when it need not be told again */
  readonly account?: Account | undefined
}

/** Holds one channel open: an X server on the terminal, a session on a machine, and what goes between them. */
export class Keeper {
  readonly id = newId()
  readonly #options: KeeperOptions
  readonly #files: ChannelFiles
  readonly #cookie = newCookie()
  #state: ChannelState | undefined
  #machine: Machine | undefined
  #screen: Screen | undefined
  #session: Session | undefined
  #inner: InnerDisplay | undefined
  #orders: Server | undefined
  #notice: Notice | undefined
  #isReported = false
  #reportAt = 0
  #writing: Promise<void> = Promise.resolve()
  readonly #over = Promise.withResolvers<Ending>()

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#files = new ChannelFiles(options.place, this.id)
  }

  /** Opens the channel, holds it, and takes everything away when it is over. The opener is told all that concerns it. */
  async run(): Promise<Ending> {
    try {
      await this.#open()
      const how = await this.#hold()
      await this.#end()
      if (this.#state) await this.#options.account?.('end', this.#state, how)
      return how
    } catch (error) {
      const { kind, message: reason, advice } = asFailure(error)
      this.#options.opener.say({ failed: { kind, reason, advice, reference: this.id } })
      await this.#end()
      return 'refused'
    }
  }

  async #open(): Promise<void> {
    const { opener, env, terminal, now } = this.#options
    const { wish, signal } = opener
    const keeper = await markOf(process.pid)
    if (!keeper) throw new ChannelFailure('other', '/proc is not there', 'mount -t proc proc /proc')
    await this.#prepare()
    await this.#tell({
      id: this.id,
      state: 'opening',
      keeper,
      terminal: { name: terminal, ...(env.DISPLAY ? { display: env.DISPLAY } : {}) },
      machine: { name: wish.machine.name, address: wish.machine.address ?? wish.machine.name },
      ...(wish.system === undefined ? {} : { system: wish.system }),
      fullScreen: wish.size === 'full',
      keep: wish.keep,
      wantedAt: now(),
    })
    opener.say({ step: 'machine' })
    const machine = await this.#connect()
    const chosen = await orAborted(chooseSession(await machine.sessions(), opener), machine.lost)
    await this.#tell({ session: { id: chosen.id, name: chosen.name } })
    opener.say({ step: 'server' })
    const display = await this.#show()
    opener.say({ step: 'session' })
    this.#session = await machine.start(chosen, display, this.#cookie)
    // How it ended is looked at where it matters.
    this.#session.ended.catch(() => {})
    await this.#settled(machine, this.#session)
    signal.throwIfAborted()
    this.#orders = await takeOrders(this.#files.control, (order) => this.#obey(order))
    await this.#tell({ state: 'open', openedAt: now() })
    if (this.#state) opener.say({ open: this.#state })
  }

  async #prepare(): Promise<void> {
    try {
      await this.#files.make()
      await writeFile(this.#files.authority, authority(this.#cookie), { mode: 0o600 })
    } catch (error) {
      throw new ChannelFailure(
        'no-room',
        `the files of the channel: ${(error as Error).message}`,
        'df -h /run /tmp',
      )
    }
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

  /** Opens the X display, and shows it on the terminal. */
  async #show(): Promise<number> {
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
    const away = () => void this.#tell({ terminal: { name: this.#state?.terminal.name ?? '' } })
    const screen = await (keep
      ? openKept(options, { away }, opener.signal)
      : openXephyr(options, opener.signal))
    this.#screen = screen
    const { mark, program, display, ended } = screen.server
    void ended.then(() => this.#over.resolve('ended'))
    await this.#tell({ server: { ...mark, program }, display })
    this.#inner = await openInner(display, this.#cookie, opener.signal)
    return display
  }

  /** Waits until the session has a window manager, or has shown by its age that it stands without one. */
  async #settled(machine: Machine, session: Session): Promise<void> {
    const { opener, now } = this.#options
    const began = now()
    const early = session.ended.then(async ({ code }) => {
      const words = session.words.trim() || (await machine.lastWords().catch(() => '')).trim()
      const last = words.split('\n').slice(-3).join('; ') || 'it said nothing'
      throw new ChannelFailure(
        /No space left|Disk quota|unable to create X session log/i.test(words) ? 'no-room' : 'session-ended',
        `the session ended at once${code ? ` with status ${code}` : ''}: ${last}`,
        `see ~/.xsession-errors on ${opener.wish.machine.name}`,
      )
    })
    const gone = this.#screen?.server.ended.then((words) => {
      throw new ChannelFailure(
        'server-failed',
        `the X server ended: ${words.trim().slice(0, 300) || 'it said nothing'}`,
      )
    })
    const stands = async () => {
      while (now() - began < times.noManager) {
        if (await this.#inner?.hasManager()) return
        await sleep(times.settling, undefined, { signal: opener.signal })
      }
    }
    const cancelled = new ChannelFailure('cancelled', 'taken back')
    const first = Promise.race([stands(), early, ...(gone ? [gone] : [])])
    // Those that lose are heard by nobody.
    early.catch(() => {})
    gone?.catch(() => {})
    await orAborted(first, opener.signal).catch((error) => {
      throw opener.signal.aborted ? cancelled : error
    })
  }

  /** Until it is over. */
  async #hold(): Promise<Ending> {
    const { ending } = this.#options
    const session = this.#session
    const over = this.#over
    void session?.ended.then(
      () => over.resolve('ended'),
      () => over.resolve('lost'),
    )
    if (ending.aborted) over.resolve('closed')
    ending.addEventListener('abort', () => over.resolve('closed'), { once: true })
    const watching = new AbortController()
    const watch = this.#watch(watching.signal)
    const how = await over.promise
    watching.abort()
    await watch
    return this.#state?.state === 'closing' ? 'closed' : how
  }

  /** Looks from time to time what the person does, tells of it, and holds it against the time that the session has. */
  async #watch(signal: AbortSignal): Promise<void> {
    const limits = new TimeLimits(this.#options.opener.wish.limits ?? {})
    while (!signal.aborted) {
      const seen = await this.#inner?.activity().catch(() => undefined)
      const at = this.#options.now()
      if (seen) {
        await this.#tell({ clients: seen.clients, usedAt: at - seen.idle, lookedAt: at })
        await this.#heed(limits.look({ idle: seen.idle, age: at - (this.#state?.openedAt ?? at) }))
      }
      await this.#report(at)
      await sleep(times.look, undefined, { signal }).catch(() => {})
    }
  }

  async #heed(verdict: Verdict): Promise<void> {
    if (!verdict) return
    if ('warn' in verdict) {
      const { system, warning } = textsFor(this.#options.env)
      const minutes = Math.max(1, Math.round(verdict.left / 60_000))
      await this.#say(system, warning[verdict.warn](minutes)).catch(() => {})
    } else if ('refused' in (await this.#close(false))) await this.#close(true)
  }

  /** Tells the account that it is open, or still is. */
  async #report(at: number): Promise<void> {
    const { account } = this.#options
    if (!account || !this.#state || at < this.#reportAt) return
    const what = this.#isReported ? 'alive' : 'start'
    // Whoever was not heard says it again.
    this.#reportAt = at + times.report
    if (await account(what, this.#state)) this.#isReported = true
  }

  async #obey(order: Order): Promise<Obeyed> {
    switch (order.do) {
      case 'close':
        return await this.#close(order.insist)
      case 'raise':
        return await this.#on((screen) => screen.raise())
      case 'lower':
        return await this.#on((screen) => screen.lower())
      case 'say':
        return await this.#say(label(order.from), labelLines(order.text))
      case 'resize':
        return await this.#on((screen) => screen.resize(order.size), { fullScreen: order.size === 'full' })
      case 'view': {
        const terminal = { name: order.terminal, display: order.display }
        return await this.#on((screen) => screen.view(order), { terminal, resumedAt: this.#options.now() })
      }
    }
  }

  /** Shows a message; the next one takes its place. */
  async #say(from: Label, message: readonly Label[]): Promise<Obeyed> {
    if (!this.#inner) return { refused: 'it has no screen' }
    const at = this.#options.now()
    this.#notice?.end()
    const { from: heading, pressKey } = textsFor(this.#options.env)
    const notice = await this.#inner.notice(heading(from), message, pressKey)
    this.#notice = notice
    await this.#tell({ message: { at } })
    void notice.seen.then(async (isSeen) => {
      if (isSeen) await this.#tell({ message: { at, seenAt: this.#options.now() } })
      if (this.#notice === notice) this.#notice = undefined
    })
    return { done: true }
  }

  /** Does something to the screen, and writes down what is otherwise then. */
  async #on(act: (screen: Screen) => Promise<Obeyed>, news: Partial<ChannelState> = {}): Promise<Obeyed> {
    if (!this.#screen) return { refused: 'it has no screen' }
    const obeyed = await act(this.#screen)
    if ('done' in obeyed) await this.#tell(news)
    return obeyed
  }

  async #close(insist: boolean): Promise<Obeyed> {
    const session = this.#session
    if (!session) return { refused: 'it has no session' }
    await this.#tell({ state: 'closing' })
    const ended = session.ended.then(
      () => true,
      () => true,
    )
    if (insist) this.#over.resolve('closed')
    else {
      await session.ask()
      const inTime = await Promise.race([ended, sleep(times.asked, false, { ref: false })])
      if (!inTime) {
        await this.#tell({ state: 'open', trouble: 'it was asked to end, and did not' })
        return { refused: 'the session was asked to end, and did not: a program may want an answer first' }
      }
    }
    return { done: true }
  }

  /** Writes down what has changed. Nothing depends on it here, so a full disk ends no session. */
  async #tell(news: Partial<ChannelState>): Promise<void> {
    this.#state = { ...this.#state, ...news } as ChannelState
    const state = this.#state
    this.#writing = this.#writing.then(() => this.#files.write(state)).catch(() => {})
    await this.#writing
  }

  async #end(): Promise<void> {
    this.#orders?.close()
    const session = this.#session
    session?.end()
    // With the session's end its connection may go; without waiting it would be left behind on the machine.
    if (session)
      await Promise.race([session.ended.catch(() => {}), sleep(times.asked, undefined, { ref: false })])
    this.#machine?.close()
    this.#inner?.close()
    await this.#screen?.end()
    await this.#writing
    await this.#files.remove().catch(() => {})
  }
}

/** Six letters and digits that nobody takes for one another: base 32 of RFC 4648. */
function newId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(6), (byte) => letters[byte & 31]).join('')
}
