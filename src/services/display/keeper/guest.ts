import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Label } from '../../../hosts/label.ts'
import type { Obeyed } from '../opening.ts'
import type { Notice } from '../x11/notice.ts'
import { Outer } from '../x11/outer.ts'
import { endOn, type ShownEnd } from './ended.ts'
import { asFailure, ChannelFailure } from './failure.ts'
import { type BringScreen, RelayedScreen } from './relayed.ts'
import { noDisplay } from './screen.ts'
import type { Showing, ShowingOptions, Shown } from './shown.ts'
import { terminalOf, Viewer } from './viewer.ts'

/** A screen that ended by itself is looked for so often, with so many milliseconds between: its machine goes to another host. */
const again = { most: 6, pause: 1_000 } as const
/** A password may be typed so often. */
const tries = 3

/** The screen of a machine, as its hypervisor has it. Nobody logs in to the machine for it, and it goes on when nobody looks any more. */
export class Guest implements Showing, Shown {
  readonly #options: ShowingOptions
  readonly #bring: BringScreen
  readonly #over = Promise.withResolvers<ShownEnd>()
  readonly #ending = new AbortController()
  readonly screen: Viewer<RelayedScreen>
  #shown = 0
  #whyLost = ''
  #password: string | undefined
  #attempts = 0

  constructor(options: ShowingOptions, bring: BringScreen) {
    this.#options = options
    this.#bring = bring
    // It may be lost before anybody asks.
    this.#over.promise.catch(() => {})
    const { id, folder, env, opener } = options
    this.screen = new Viewer({
      id,
      folder,
      env,
      isKept: opener.wish.keep,
      source: () => this.#relay(),
      away: (source) => void this.#away(source),
    })
  }

  get ended(): Promise<ShownEnd> {
    return this.#over.promise
  }

  async open(): Promise<Shown> {
    const { opener, env } = this.#options
    const { size } = opener.wish
    if (!env.DISPLAY) throw noDisplay()
    const terminal = await terminalOf(env)
    opener.say({ step: 'machine' })
    await this.#showFirst(() => this.screen.show(env, size, terminal))
    opener.signal.throwIfAborted()
    return this
  }

  /** A password may be wrong. */
  async #showFirst(show: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await show()
      } catch (error) {
        if (!(error instanceof ChannelFailure) || error.kind !== 'auth' || this.#attempts >= tries)
          throw error
        this.#password = undefined
      }
    }
  }

  get #user(): string {
    const { opener, env } = this.#options
    return opener.wish.machine.user ?? env.USER ?? ''
  }

  /** It stays in memory, for the next viewer. */
  async #askPassword(): Promise<void> {
    const { opener } = this.#options
    opener.say({ asks: 'password', attempt: ++this.#attempts, user: this.#user })
    const answer = await opener.answer()
    if (!('password' in answer))
      throw new ChannelFailure('cancelled', 'a password was asked for, and something else was answered')
    this.#password = answer.password
  }

  /** For each viewer anew: where the machine is now, and whether the person may still see it, is asked each time. */
  async #relay(): Promise<RelayedScreen> {
    const { opener, folder } = this.#options
    const { machine, system } = opener.wish
    const isFirst = this.#shown++ === 0
    const signal = isFirst ? opener.signal : this.#ending.signal
    let brought = await this.#bring(machine.name, system, signal)
    if (brought.certificate !== undefined && this.#password === undefined) {
      // Nobody knows how long a person takes to type, and a server waits for nobody.
      brought.end()
      await this.#askPassword()
      brought = await this.#bring(machine.name, system, signal)
    }
    const { certificate } = brought
    const password = this.#password
    const login =
      certificate === undefined || password === undefined
        ? undefined
        : { user: this.#user, password, certificate }
    if (isFirst) opener.say({ step: 'server' })
    return await RelayedScreen.open(join(folder, `screen${this.#shown}`), brought, login)
  }

  /** Nobody looks any more. */
  async #away({ isLost, login }: RelayedScreen): Promise<void> {
    const { book, env, opener } = this.#options
    // Of whom logs in the machine takes leave by itself when they log out.
    if (isLost && !login) return await this.#seek()
    if (!opener.wish.keep) return this.#over.resolve(await endOn(env))
    await book.tell({ terminal: { name: book.state.terminal.name } })
  }

  /** Shows it where it was, from wherever its machine is now. A machine that is off has ended; of one whose host does not answer nobody knows. */
  async #seek(): Promise<void> {
    const { book } = this.#options
    const { signal } = this.#ending
    let unknown: ChannelFailure | undefined
    for (let i = 0; i < again.most && !signal.aborted; i++) {
      try {
        await this.screen.showAgain()
        return await book.tell({ trouble: undefined })
      } catch (error) {
        const failure = asFailure(error)
        unknown = failure.kind === 'unreachable' ? failure : undefined
        if (!unknown && failure.kind !== 'no-screen') break
        await book.tell({ trouble: unknown?.message })
      }
      await sleep(again.pause, undefined, { signal }).catch(() => {})
    }
    if (!unknown) return this.#over.resolve(await endOn(this.screen.env))
    this.#whyLost = unknown.message
    this.#over.reject(unknown)
  }

  async ask(): Promise<void> {
    this.#over.resolve('ended')
  }

  async activity(): Promise<undefined> {
    return undefined
  }

  async size(): Promise<undefined> {
    return undefined
  }

  async lock(): Promise<Obeyed> {
    return { refused: 'the screen of a machine is locked at that machine alone' }
  }

  /** What is amiss is told while the screen is looked for. */
  isSilent(): boolean {
    return false
  }

  whyLost(): string {
    return this.#whyLost
  }

  /** On the terminal: it has no X display of its own. */
  async notice(heading: Label, message: readonly Label[], hint: Label): Promise<Notice> {
    const outer = await Outer.open(this.screen.env)
    try {
      const notice = await outer.notice(heading, message, hint)
      void Promise.race([notice.seen, outer.ended]).then(() => outer.close())
      return notice
    } catch (error) {
      outer.close()
      throw error
    }
  }

  async end(): Promise<void> {
    this.#ending.abort()
    await this.screen.end()
  }
}
