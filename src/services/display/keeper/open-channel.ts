import { setTimeout as sleep } from 'node:timers/promises'
import { wallTime } from '../../../hosts/clock.ts'
import { type Label, label, labelLines } from '../../../hosts/label.ts'
import type { ChannelState } from '../channel.ts'
import type { Carried } from '../here/control.ts'
import type { Obeyed, Order, WishedSize } from '../opening.ts'
import type { Activity, Pixels } from '../x11/inner.ts'
import type { Notice } from '../x11/notice.ts'
import type { ChannelBook } from './book.ts'
import type { Shown } from './shown.ts'
import type { ChannelTexts } from './texts.ts'
import type { Viewing } from './viewing.ts'

/** How a channel ended: it was closed by an order, its session or window ended, the machine or the terminal was lost, or it never opened. */
export type Ending = 'closed' | 'ended' | 'lost' | 'terminal-lost' | 'refused'

/** Milliseconds that a session which was asked has to end. */
const usualPatience = 8_000
/** Looks whether a display has the size of its window, and the milliseconds between them. */
const follows = { looks: 25, every: 20 } as const

interface Parts {
  readonly book: ChannelBook
  readonly shown: Shown
  readonly texts: ChannelTexts
  readonly now: () => number
  /** who lets others look at it */
  readonly viewing: Viewing
  /** milliseconds that a session which was asked has to end; default 8000 */
  readonly patience?: number
}

/** A channel that stands: it takes orders until it is over. */
export class OpenChannel {
  readonly #parts: Parts
  readonly #over = Promise.withResolvers<Ending>()
  #notice: Notice | undefined
  /** the X display of the terminal on which it was shown last */
  #shownOn: string | undefined
  /** when it was found that it was asked to end and did not */
  #stubbornAt: number | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    const { shown, book } = parts
    this.#shownOn = book.state.terminal.display
    void shown.ended.then(
      (how) => this.#over.resolve(how),
      () => this.#over.resolve('lost'),
    )
  }

  /** Settles when it is over. */
  get over(): Promise<Ending> {
    // One that was asked to end has been closed, however it did.
    return this.#over.promise.then((how) => (this.#parts.book.state.state === 'closing' ? 'closed' : how))
  }

  /** What the person does on it; undefined: its server does not answer, or nobody knows. */
  async activity(): Promise<Activity | undefined> {
    const { book, shown, now, viewing } = this.#parts
    const seen = await shown.activity().catch(() => undefined)
    // Whoever uses it has answered what it waited for.
    if (seen && this.#stubbornAt !== undefined && now() - seen.idle > this.#stubbornAt) {
      this.#stubbornAt = undefined
      await book.tell({ trouble: undefined })
    }
    return seen && { ...seen, clients: Math.max(0, seen.clients - viewing.clients) }
  }

  readonly obey = async (order: Order, gone: AbortSignal): Promise<Obeyed | Carried> => {
    const { book, shown, viewing } = this.#parts
    const { screen } = shown
    switch (order.do) {
      case 'close':
        return await this.close(order.insist)
      case 'say':
        return await this.say(label(order.from), labelLines(order.text))
      case 'raise':
        return await screen.raise()
      case 'lower':
        return await screen.lower()
      case 'hide':
        return await screen.hide()
      case 'lock':
        return await shown.lock()
      case 'look':
        return await viewing.ask(order, gone)
      case 'resize':
        return await this.#resize(order.size)
      case 'view':
        return await this.#view(order)
      case 'reconnect': {
        const display = this.#shownOn
        if (display === undefined) return { refused: 'it was shown on no terminal' }
        return await this.#view({ do: 'view', display, terminal: book.state.terminal.name })
      }
    }
  }

  async #view(order: Extract<Order, { do: 'view' }>): Promise<Obeyed> {
    const { shown, now } = this.#parts
    const { terminal: name, display } = order
    const obeyed = await shown.screen.view(order)
    if ('done' in obeyed) this.#shownOn = display
    return await this.#wrote(obeyed, { terminal: { name, display }, resumedAt: wallTime(now()) })
  }

  /** The display follows its window, a moment later; what it became is written down, whatever was wished. */
  async #resize(wished: WishedSize): Promise<Obeyed> {
    const { shown } = this.#parts
    const obeyed = await shown.screen.resize(wished)
    const isThere = ({ width, height }: Pixels) =>
      wished !== 'full' && width === wished.width && height === wished.height
    let size = await shown.size()
    for (let i = 0; i < follows.looks && 'done' in obeyed && size && !isThere(size); i++) {
      await sleep(follows.every)
      size = await shown.size()
    }
    return await this.#wrote(obeyed, { fullScreen: wished === 'full', ...(size ? { size } : {}) })
  }

  /** Writes down what is otherwise now, if it was done. */
  async #wrote(obeyed: Obeyed, news: Partial<ChannelState>): Promise<Obeyed> {
    if ('done' in obeyed) await this.#parts.book.tell(news)
    return obeyed
  }

  /** Shows a message in front of all windows; the next one takes its place. */
  async say(from: Label, message: readonly Label[]): Promise<Obeyed> {
    const { book, shown, texts, now } = this.#parts
    const at = wallTime(now())
    this.#notice?.end()
    const notice = await shown.notice(texts.from(from), message, texts.pressKey)
    this.#notice = notice
    await book.tell({ message: { at } })
    void notice.seen.then(async (isSeen) => {
      if (isSeen) await book.tell({ message: { at, seenAt: wallTime(now()) } })
      if (this.#notice === notice) this.#notice = undefined
    })
    return { done: true }
  }

  /** Asks the session to end, and waits until it has. `insist`: it is over, whatever the session does. */
  async close(insist: boolean): Promise<Obeyed> {
    const { book, shown, now, patience = usualPatience } = this.#parts
    this.#stubbornAt = undefined
    await book.tell({ state: 'closing', trouble: undefined })
    if (insist) {
      this.#over.resolve('closed')
      return { done: true }
    }
    const ended = shown.ended.then(
      () => true,
      () => true,
    )
    await shown.ask()
    if (await Promise.race([ended, sleep(patience, false, { ref: false })])) return { done: true }
    this.#stubbornAt = now()
    await book.tell({ state: 'open', trouble: 'it was asked to end, and did not' })
    return { refused: 'the session was asked to end, and did not: a program may want an answer first' }
  }
}
