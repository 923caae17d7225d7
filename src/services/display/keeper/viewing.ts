import { rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { wallTime } from '../../../hosts/clock.ts'
import { type Label, label } from '../../../hosts/label.ts'
import type { Carried } from '../here/control.ts'
import type { lookEnds, lookSteps, Obeyed, Order } from '../opening.ts'
import type { ChannelBook } from './book.ts'
import { findScraper, type Scraper, type Scraping, scrape } from './scraping.ts'
import type { Env } from './screen.ts'
import type { Looked, Shown } from './shown.ts'
import type { ChannelTexts } from './texts.ts'

/** Milliseconds for which a question stands, and in which a person is asked `most` times at most; between two looks whether the terminal is there. */
const usual = { question: 60_000, span: 600_000, watch: 1_000 } as const
const most = 3

type LookEnd = (typeof lookEnds)[number]
/** Of what somebody asks to see. */
export interface Look {
  readonly channel: string
  readonly machine: string
  readonly by: Label
  readonly controls: boolean
  readonly endedBy?: LookEnd
}

/** Has it written down. `refused`: it is off on this display server. `unheard`: it was not written. */
export type TellLook = (
  what: (typeof lookSteps)[number],
  look: Look,
) => Promise<'written' | 'refused' | 'unheard'>

export interface ViewingOptions {
  readonly book: ChannelBook
  readonly shown: Pick<Shown, 'inner'>
  readonly texts: ChannelTexts
  /** the channel's own folder */
  readonly folder: string
  readonly env: Env
  readonly now: () => number
  /** none: nobody has it written down, so nobody looks */
  readonly tell?: TellLook | undefined
  readonly times?: Readonly<Record<keyof typeof usual, number>>
  /** stand in for programs in tests */
  readonly find?: typeof findScraper
  readonly scrape?: typeof scrape
}

interface Asking {
  readonly by: Label
  /** as it is, which may be of any letters */
  readonly rawBy: string
  readonly controls: boolean
}

class Refusal extends Error {}

/** Lets others look at a channel, one at a time, where its person agrees in a window on it, and as long as they do. */
export class Viewing {
  readonly #options: ViewingOptions
  readonly #ending = new AbortController()
  readonly #times: Readonly<Record<keyof typeof usual, number>>
  /** when the person was asked */
  #askedAt: readonly number[] = []
  /** who asks, or looks */
  #by: Label | undefined
  #looking: Promise<void> | undefined
  #clients = 0

  constructor(options: ViewingOptions) {
    this.#options = options
    this.#times = options.times ?? usual
  }

  /** X clients of its own, which are none of the session */
  get clients(): number {
    return this.#clients
  }

  /** Asks the person. What it resolves with carries what is to be seen. @param gone whoever asks has gone */
  async ask(order: Extract<Order, { do: 'look' }>, gone: AbortSignal): Promise<Obeyed | Carried> {
    const by = label(order.by)
    if (this.#by !== undefined) return { refused: `${this.#by} asks, or looks already: one at a time` }
    this.#by = by
    try {
      return await this.#ask({ ...order, by, rawBy: order.by }, AbortSignal.any([gone, this.#ending.signal]))
    } catch (error) {
      this.#by = undefined
      if (error instanceof Error) return { refused: error.message }
      throw error
    }
  }

  async #ask({ by, rawBy, controls }: Asking, over: AbortSignal): Promise<Carried> {
    const { book, env, find = findScraper, tell } = this.#options
    const { inner, at } = this.#visible()
    if (!tell) throw new Refusal('nobody here writes down who looks, so nobody does')
    const scraper = await find(env)
    this.#count()
    const { id: channel, machine } = book.state
    const look: Look = { channel, machine: machine.name, by, controls }
    const told = await tell('asked', look)
    if (told === 'refused')
      throw new Refusal(
        'nobody may look here: "desk.viewing: ask" in the configuration of the display server allows it',
      )
    if (told === 'unheard')
      throw new Refusal('the broker of the desk does not answer, and what is not written down is not done')
    const answer = await this.#answer(inner, at, look, over)
    const isWritten = (await tell(answer, look)) === 'written'
    if (answer === 'refused') throw new Refusal('the person said no')
    if (answer === 'unanswered')
      throw new Refusal(`the person did not answer within ${this.#times.question / 1000} s`)
    if (answer === 'withdrawn') throw new Refusal('there is nobody any more who asks, or who could answer')
    if (!isWritten)
      throw new Refusal('the broker of the desk does not answer, and what is not written down is not done')
    return await this.#open(inner, at, scraper, look, rawBy, tell, over)
  }

  /** What is to be seen, and the terminal on which its person sees it. @throws {Refusal} nobody can see it who could be asked */
  #visible(): { readonly inner: Looked; readonly at: string } {
    const { book, shown } = this.#options
    if (!shown.inner)
      throw new Refusal(
        "a machine's own screen is not shown by way of its person: whoever may reach its hypervisor sees it there",
      )
    if (book.state.state !== 'open') throw new Refusal(`it is ${book.state.state}`)
    const { display: at } = book.state.terminal
    if (at === undefined) throw new Refusal('no terminal shows it, so nobody can be asked')
    return { inner: shown.inner, at }
  }

  #count(): void {
    const now = this.#options.now()
    this.#askedAt = this.#askedAt.filter((at) => now - at < this.#times.span)
    if (this.#askedAt.length >= most)
      throw new Refusal(`the person was asked ${most} times within ${this.#times.span / 60_000} min`)
    this.#askedAt = [...this.#askedAt, now]
  }

  async #answer(
    inner: Looked,
    at: string,
    { by, controls }: Look,
    over: AbortSignal,
  ): Promise<'agreed' | 'refused' | 'unanswered' | 'withdrawn'> {
    const { texts } = this.#options
    const { question: patience } = this.#times
    if (over.aborted) return 'withdrawn'
    const question = await inner.ask(texts.mayLook(by, controls, Math.round(patience / 1000)))
    const done = new AbortController()
    const either = AbortSignal.any([over, done.signal])
    const late = sleep(patience, 'unanswered' as const, { signal: either }).catch(() => 'withdrawn' as const)
    try {
      return await Promise.race([question.done, late, this.#left(at, either)])
    } finally {
      done.abort()
      question.close()
    }
  }

  #isAt(at: string): boolean {
    return this.#options.book.state.terminal.display === at
  }

  /** Settles when the terminal on which the person was asked shows it no more; at the signal, too. */
  async #left(at: string, signal: AbortSignal): Promise<'withdrawn'> {
    while (!signal.aborted && this.#isAt(at))
      await sleep(this.#times.watch, undefined, { signal }).catch(() => {})
    return 'withdrawn'
  }

  /** The sign first: nobody looks at what does not say so. */
  async #open(
    inner: Looked,
    at: string,
    scraper: Scraper,
    look: Look,
    rawBy: string,
    tell: TellLook,
    over: AbortSignal,
  ): Promise<Carried> {
    const { book, texts, folder, env, now, scrape: start = scrape } = this.#options
    const { by, controls } = look
    const { display, authority } = inner
    let sign: Awaited<ReturnType<Looked['sign']>> | undefined
    let opened: Scraping | undefined
    try {
      // It takes a while to write down that somebody agreed.
      if (!this.#isAt(at)) throw new Refusal('the person has left the terminal')
      const signed = await inner.sign(texts.looks(by, controls))
      sign = signed
      const scraping = await start(scraper, { display, authority, folder, controls }, env)
      opened = scraping
      // Nobody else finds the way that it has come.
      await rm(join(folder, 'looked'), { force: true })
      this.#clients = 1
      await book.write({ looked: { by: rawBy, at: wallTime(now()), controls } })
      const end = async (endedBy: LookEnd) => {
        signed.close()
        scraping.socket.destroy()
        scraping.server.end()
        await scraping.server.ended
        this.#clients = 0
        await book.tell({ looked: undefined })
        await tell('ended', { ...look, endedBy })
        this.#by = undefined
      }
      return {
        carry: (socket) => {
          this.#looking = this.#until(socket, at, scraping, signed.done, over).then(end)
        },
      }
    } catch (error) {
      // Where it cannot be written that somebody looks, nobody does.
      sign?.close()
      opened?.socket.destroy()
      opened?.server.end()
      this.#clients = 0
      await book.tell({ looked: undefined })
      await tell('ended', { ...look, endedBy: error instanceof Refusal ? 'away' : 'server' })
      throw error
    }
  }

  /** Has both hear each other, until something ends it. */
  async #until(
    socket: Socket,
    at: string,
    { socket: screen, server }: Scraping,
    stopped: Promise<void>,
    over: AbortSignal,
  ): Promise<LookEnd> {
    const done = new AbortController()
    const closed = (one: Socket) =>
      new Promise<void>((resolve) => {
        for (const event of ['end', 'close', 'error'] as const) one.once(event, () => resolve())
        if (one.destroyed) resolve()
      })
    const ended = new Promise<void>((resolve) => {
      over.addEventListener('abort', () => resolve(), { once: true })
      if (over.aborted) resolve()
    })
    const left = this.#left(at, done.signal)
    try {
      socket.pipe(screen)
      screen.pipe(socket)
      return await Promise.race([
        stopped.then(() => 'person' as const),
        closed(socket).then(() => 'looker' as const),
        ended.then(() => (this.#ending.signal.aborted ? ('channel' as const) : ('looker' as const))),
        left.then(() => 'away' as const),
        Promise.race([closed(screen), server.ended]).then(() => 'server' as const),
      ])
    } finally {
      done.abort()
      socket.destroy()
    }
  }

  /** The channel ends, and with it whatever somebody sees of it. */
  async end(): Promise<void> {
    this.#ending.abort()
    await this.#looking
  }
}
