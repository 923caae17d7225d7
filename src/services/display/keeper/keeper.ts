import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { wallTime } from '../../../hosts/clock.ts'
import { label, say } from '../../../hosts/label.ts'
import type { ChannelState } from '../channel.ts'
import { takeOrders } from '../here/control.ts'
import { ChannelFiles } from '../here/files.ts'
import { tellMachineLog } from '../here/machine-log.ts'
import { markOf } from '../here/process-mark.ts'
import type { FailureKind } from '../opening.ts'
import { authority, newCookie } from '../x11/cookie.ts'
import { type Account, attend } from './attendance.ts'
import { ChannelBook } from './book.ts'
import { Desktop } from './desktop.ts'
import { asFailure, ChannelFailure, notWritten } from './failure.ts'
import { Guest } from './guest.ts'
import { lookAtOne, watchLoad } from './load.ts'
import { type Ending, OpenChannel } from './open-channel.ts'
import type { Opener } from './opener.ts'
import type { BringScreen } from './relayed.ts'
import type { Env } from './screen.ts'
import type { Showing, Shown } from './shown.ts'
import { textsFor } from './texts.ts'
import { type TellLook, Viewing } from './viewing.ts'

/** Milliseconds for which what was written down of a channel whose machine was lost says so: the desk looks every two seconds. */
const toldFor = 5_000

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
  /** has the screens of machines brought here */
  readonly bring: BringScreen
  readonly account?: Account | undefined
  /** writes down who looks at it; none: nobody may */
  readonly look?: TellLook | undefined
  /** is told why it did not open */
  readonly failed?: Failed | undefined
}

/** Holds one channel open: what is shown on the terminal, the machine that it is of, and what goes between them. */
export class Keeper {
  readonly id = newId()
  readonly #options: KeeperOptions
  readonly #files: ChannelFiles
  readonly #cookie = newCookie()
  /** what there is of it, to be taken away again */
  #book: ChannelBook | undefined
  #showing: Showing | undefined
  #orders: Server | undefined
  #viewing: Viewing | undefined

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#files = new ChannelFiles(options.place, this.id)
  }

  /** Opens the channel, holds it, and takes everything away when it is over. The opener is told all that concerns it. */
  async run(): Promise<Ending> {
    const { opener, account, failed } = this.#options
    try {
      const { channel, book, shown } = await this.#open()
      const how = await this.#hold(channel, book, shown)
      if (how === 'lost') await book.tell({ trouble: shown.whyLost() })
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

  async #open(): Promise<{ channel: OpenChannel; book: ChannelBook; shown: Shown }> {
    const { opener, env, now } = this.#options
    const { wish, signal } = opener
    const book = await this.#begin()
    const { authority, folder } = this.#files
    const options = { id: this.id, opener, book, authority, folder, cookie: this.#cookie, env, now }
    const showing = wish.shows === 'screen' ? new Guest(options, this.#options.bring) : new Desktop(options)
    this.#showing = showing
    const shown = await showing.open()
    signal.throwIfAborted()
    const texts = textsFor(env)
    const viewing = new Viewing({ book, shown, texts, folder, env, now, tell: this.#options.look })
    this.#viewing = viewing
    const channel = new OpenChannel({ book, shown, texts, now, viewing })
    this.#orders = await takeOrders(this.#files.control, channel.obey)
    await book.tell({ state: 'open', openedAt: wallTime(now()) })
    opener.say({ open: book.state })
    return { channel, book, shown }
  }

  /** Writes down that it is wanted. */
  async #begin(): Promise<ChannelBook> {
    const { opener, env, terminal, now } = this.#options
    const { machine, system, shows, size, keep } = opener.wish
    const keeper = await markOf(process.pid)
    if (!keeper) throw new ChannelFailure('other', '/proc is not there', 'mount -t proc proc /proc')
    const begun: ChannelState = {
      id: this.id,
      state: 'opening',
      ...(shows === 'screen' ? { shows } : {}),
      keeper,
      terminal: { name: terminal, ...(env.DISPLAY ? { display: env.DISPLAY } : {}) },
      machine: { name: machine.name, address: machine.address ?? machine.name },
      ...(system === undefined ? {} : { system }),
      fullScreen: size === 'full',
      keep,
      wantedAt: wallTime(now()),
    }
    const book = new ChannelBook(this.#files, begun, (why) =>
      tellMachineLog(say`channel ${label(this.id)} cannot be written down: ${label(why)}`),
    )
    try {
      await this.#files.make()
      await writeFile(this.#files.authority, authority(this.#cookie), { mode: 0o600 })
      // What nobody sees nobody can close.
      await book.write({})
    } catch (error) {
      throw notWritten('the files of the channel', error)
    }
    this.#book = book
    return book
  }

  /** Until it is over. */
  async #hold(channel: OpenChannel, book: ChannelBook, shown: Shown): Promise<Ending> {
    const { opener, ending, env, account, now } = this.#options
    const end = () => void channel.close(true)
    if (ending.aborted) end()
    ending.addEventListener('abort', end, { once: true })
    const attending = new AbortController()
    const limits = opener.wish.limits ?? {}
    const silent = async () => {
      if (shown.isSilent()) return 'machine'
      return (await shown.screen.answers()) ? undefined : 'terminal'
    }
    const attendance = attend(
      { channel, book, limits, texts: textsFor(env), silent, account, now },
      attending.signal,
    )
    const { load } = shown
    // What it asks at the end may hang: nobody waits for that.
    const { server } = book.state
    const screen = server && (() => lookAtOne(server.pid))
    if (load) void watchLoad({ ask: load, screen, book, now }, attending.signal)
    const how = await channel.over
    attending.abort()
    await attendance
    return how
  }

  async #end(): Promise<void> {
    this.#orders?.close()
    const looked = this.#viewing?.end()
    await this.#showing?.end()
    await looked
  }

  /** Takes away what was written down of it. */
  async #forget(): Promise<void> {
    if (this.#book) await this.#book.close()
    else await this.#files.remove().catch(() => {})
  }
}

/** Six letters and digits that nobody takes for one another: base 32 of RFC 4648. */
export function newId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(6), (byte) => letters[byte & 31]).join('')
}
