import { setTimeout as sleep } from 'node:timers/promises'
import { orAborted } from '../../../hosts/abort.ts'
import { removeLeftSocket } from '../here/left-socket.ts'
import { type InnerDisplay, openInner } from '../x11/inner.ts'
import { ClearX11 } from './clear-x11.ts'
import { connectMachine, WantsPassword } from './connect.ts'
import type { DesktopEntry } from './desktop-entry.ts'
import { endOn, untilEnded } from './ended.ts'
import { asFailure, ChannelFailure } from './failure.ts'
import { openKept } from './kept.ts'
import type { XDisplay } from './line.ts'
import type { Machine } from './machine.ts'
import { chooseSession } from './opener.ts'
import { noDisplay, type ServedScreen } from './screen.ts'
import type { Session } from './session.ts'
import type { Showing, ShowingOptions, Shown } from './shown.ts'
import { untilStands } from './stands.ts'
import { openXephyr } from './xephyr.ts'

/** Milliseconds that a session has to end before its connection is closed. */
const patience = 8_000
/** A password may be wrong so often. */
const tries = 3

/** A session of a machine, in an X server of the display server's own. */
export class Desktop implements Showing {
  readonly #options: ShowingOptions
  #machine: Machine | undefined
  #screen: ServedScreen | undefined
  #inner: InnerDisplay | undefined
  #session: Session | undefined
  #clear: ClearX11 | undefined

  constructor(options: ShowingOptions) {
    this.#options = options
  }

  async open(): Promise<Shown> {
    const { opener, authority, cookie, env, now } = this.#options
    const { wish, signal } = opener
    opener.say({ step: 'machine' })
    const machine = await this.#connect()
    const choosing = orAborted(this.#choose(machine), machine.lost)
    // What is not asked for need not be waited for: a question would be behind a screen that is full.
    if (wish.session === undefined) await choosing
    opener.say({ step: 'server' })
    const [{ screen, inner }, chosen] = await bothOf(this.#show(), choosing)
    const { server } = screen
    opener.say({ step: 'session' })
    const session = await this.#start(machine, chosen, { number: server.display, cookie, authority })
    this.#session = session
    await untilStands({ name: wish.machine.name, machine, session, server, inner, now }, signal)
    return {
      screen,
      // One that is kept is on no terminal.
      ended: untilEnded(session.ended, server.ended, async () => (wish.keep ? 'ended' : await endOn(env))),
      ask: () => session.ask(),
      activity: () => inner.activity(),
      size: () => inner.size(),
      load: () => machine.load(),
      lock: () => session.lock(),
      isSilent: () => machine.isSilent,
      whyLost: () => whyLost(machine),
      notice: (heading, message, hint) => inner.notice(heading, message, hint),
      inner: {
        display: server.display,
        authority: this.#options.authority,
        ask: (question) => inner.ask(question),
        sign: (text) => inner.sign(text),
      },
    }
  }

  async #connect(): Promise<Machine> {
    const { opener, folder, env } = this.#options
    let password: string | undefined
    for (let attempt = 1; ; attempt++) {
      let ticket: WantsPassword['ticket']
      try {
        this.#machine = await connectMachine(opener.wish.machine, { password, folder }, opener.signal)
        return this.#machine
      } catch (error) {
        if (!(error instanceof WantsPassword)) throw asFailure(error)
        if (attempt > tries) throw asFailure(error.refusal)
        ticket = error.ticket
      }
      const user = opener.wish.machine.user ?? env.USER ?? ''
      opener.say({ asks: 'password', attempt, user, ...(ticket === undefined ? {} : { ticket }) })
      const answer = await opener.answer()
      if (!('password' in answer))
        throw new ChannelFailure('cancelled', 'a password was asked for, and something else was answered')
      password = answer.password
    }
  }

  async #choose(machine: Machine): Promise<DesktopEntry> {
    const { opener, book } = this.#options
    const chosen = await chooseSession(await machine.sessions(), opener)
    await book.tell({ session: { id: chosen.id, name: chosen.name } })
    return chosen
  }

  async #start(machine: Machine, chosen: DesktopEntry, display: XDisplay): Promise<Session> {
    const { id, opener, book } = this.#options
    const { x11OverTcp } = opener.wish
    if (x11OverTcp === undefined) return await machine.start(chosen, display)
    const clear = await ClearX11.listen(x11OverTcp, display)
    this.#clear = clear
    await book.tell({ x11OverTcp: clear.name })
    return await machine.startInClear(chosen, clear, `.vdd-x11-${id}`)
  }

  /** Opens the X display, and shows it on the terminal. */
  async #show(): Promise<{ screen: ServedScreen; inner: InnerDisplay }> {
    const { id, opener, book, authority, folder, cookie, env } = this.#options
    const { machine, size, keep } = opener.wish
    if (!env.DISPLAY) throw noDisplay()
    const options = { id, title: `${machine.name} (${id})`, size, authority, folder, env }
    const away = () => void book.tell({ terminal: { name: book.state.terminal.name } })
    const screen = await (keep ? openKept(options, away, opener.signal) : openXephyr(options, opener.signal))
    this.#screen = screen
    const { mark, program, display } = screen.server
    await book.tell({ server: { ...mark, program }, display })
    const inner = await openInner(display, cookie, opener.signal)
    this.#inner = inner
    return { screen, inner }
  }

  async end(): Promise<void> {
    const session = this.#session
    session?.end()
    // With the session's end its connection may go; without waiting it would be left behind on the machine.
    if (session)
      await Promise.race([session.ended.catch(() => {}), sleep(patience, undefined, { ref: false })])
    this.#clear?.end()
    this.#machine?.close()
    this.#inner?.close()
    await this.#screen?.end()
    const display = this.#screen?.server.display
    if (display !== undefined) await removeLeftSocket(display)
  }
}

function whyLost({ lost }: Machine): string {
  return `the machine was lost${lost.reason ? `: ${asFailure(lost.reason).message}` : ''}`
}

/** Waits for both, also where one fails: what the other has opened is to be taken away. */
async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}
