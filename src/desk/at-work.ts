import { clock } from '../hosts/clock.ts'
import type { KeyPress } from '../terminal/key-names.ts'
import type { Size } from '../terminal/size.ts'
import { advance, type Event, lives } from './advance.ts'
import { deedOf } from './keys.ts'
import type { Desk, Effect, Settings } from './state.ts'
import type { Conversation, OpenChannel, Surroundings, TextSession } from './surroundings.ts'
import type { FaultKind } from './texts/texts.ts'
import { type Language, Voice } from './texts/voice.ts'

interface Options {
  readonly surroundings: Surroundings
  readonly settings: Omit<Settings, 'text' | 'demo'>
  readonly language: Language
  /** the terminal shows text in UTF-8 */
  readonly utf8: boolean
}

/** How often it is looked which desktops are open, in milliseconds. */
const lookEvery = 2000

/** How long what has to be told is waited for at the end, in milliseconds. */
const lastWordsWithin = 3000

/** The desk while somebody sits at it: what happens goes into its state, and what that wants is done. */
export class DeskAtWork {
  /** set by who shows it */
  leave: () => void = () => {}
  /** gives the terminal to a command and resolves with its exit status, when the terminal is back */
  lend: (command: readonly [file: string, ...args: string[]]) => Promise<number> = async () => 255
  stop: () => void = () => {}
  repaint: () => void = () => {}
  /** counts the states; `drawn` is the last one that was drawn */
  version = 0
  drawn = 0
  size: Size = { columns: 80, rows: 24 }
  readonly #told = Promise.withResolvers<void>()
  readonly #surroundings: Surroundings
  readonly #utf8: boolean
  readonly #listeners = new Set<() => void>()
  readonly #talks = new Map<number, Pick<Conversation, 'cancel'> & Partial<Conversation>>()
  #desk: Desk
  #voice: Voice
  #timers: NodeJS.Timeout[] = []
  #isLooking = false
  #hasEnded = false
  /** the text session that has the terminal */
  #text: TextSession | undefined
  /** what is told of the one before */
  #lastWords: Promise<void> = Promise.resolve()

  constructor({ surroundings, settings, language, utf8 }: Options) {
    this.#surroundings = surroundings
    this.#utf8 = utf8
    this.#voice = new Voice(language, utf8)
    this.#desk = {
      settings: {
        ...settings,
        text: !surroundings.hasDisplay,
        ...(surroundings.isMadeUp && { demo: true }),
      },
      language,
      person: surroundings.person,
      now: clock.now(),
      askedAt: 0,
      channels: [],
      page: { at: 'home' },
      selected: 0,
      last: surroundings.recall(),
      talk: 0,
      begun: false,
    }
  }

  get desk(): Desk {
    return this.#desk
  }

  get voice(): Voice {
    return this.#voice
  }

  /** Resolves when it is known what can be chosen, or why that is not known. */
  get told(): Promise<void> {
    return this.#told.promise
  }

  /** Why the person never had anything to choose from; undefined: they had. */
  get unserved(): FaultKind | undefined {
    const { systems, fault } = this.#desk
    return systems ? undefined : fault?.kind
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves when the first look at what is open is over: the systems are asked for only then, since one may be open already. */
  async begin(): Promise<void> {
    await this.look()
    this.happen({ is: 'begin' })
    this.#timers = [
      setInterval(() => void this.look(), lookEvery),
      setInterval(() => this.#isMoving && this.happen({ is: 'tick' }), 1000),
    ]
  }

  /** Nothing is asked any more, and what was asked is taken back. What is open stays open. Resolves when what has to be told is told. */
  async end(): Promise<void> {
    this.#hasEnded = true
    for (const timer of this.#timers) clearInterval(timer)
    for (const talk of this.#talks.values()) talk.cancel()
    this.#talks.clear()
    const text = this.#text
    this.#text = undefined
    const late = new Promise<void>((resolve) => setTimeout(resolve, lastWordsWithin).unref())
    await Promise.race([text ? text.end(undefined) : this.#lastWords, late])
  }

  /** Time is shown, or waited for. */
  get #isMoving(): boolean {
    return ['progress', 'closing', 'leaving'].includes(this.#desk.page.at)
  }

  press(press: KeyPress): void {
    const key = 'key' in press ? press.key : ''
    if (key === 'ctrl-l') return this.repaint()
    if (key === 'ctrl-z') return this.#desk.settings.locked ? undefined : this.stop()
    const deed = deedOf(press, this.#desk.page)
    if (deed) this.happen(deed)
  }

  resize(size: Size): void {
    this.size = size
    this.#changed()
  }

  happen(event: Event): void {
    if (this.#hasEnded) return
    const before = this.#desk
    const { desk, effects } = advance(before, event, clock.now())
    this.#desk = desk
    if (desk.language !== before.language) this.#voice = new Voice(desk.language, this.#utf8)
    for (const effect of effects) this.#carryOut(effect)
    this.#changed()
  }

  #changed(): void {
    this.version++
    for (const listener of this.#listeners) listener()
  }

  /** Looks which desktops are open. */
  async look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    const asked = clock.now()
    try {
      const channels = await this.#surroundings.channels()
      if (this.#differs(channels)) this.happen({ is: 'channels', channels, asked })
    } catch {
      // What cannot be seen now is looked for again.
    } finally {
      this.#isLooking = false
    }
  }

  /** A look that finds all as it was draws nothing. */
  #differs(channels: readonly OpenChannel[]): boolean {
    return JSON.stringify(told(channels.filter(lives))) !== JSON.stringify(told(this.#desk.channels))
  }

  #carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'systems':
        return void this.#askSystems()
      case 'machine':
        return this.#wantMachine(effect.talk, effect.system)
      case 'open':
        this.#talks.set(
          effect.talk,
          this.#surroundings.openChannel(effect.wish, (said) => {
            if ('open' in said || 'failed' in said) this.#talks.delete(effect.talk)
            this.happen({ is: 'said', talk: effect.talk, said })
          }),
        )
        return
      case 'text':
        return void this.#showText(effect)
      case 'answer':
        return this.#talks.get(effect.talk)?.answer?.(effect.answer)
      case 'cancel':
        this.#talks.get(effect.talk)?.cancel()
        this.#talks.delete(effect.talk)
        return
      case 'tell':
        return void this.#tell(effect)
      case 'remember':
        return this.#surroundings.remember(effect.last)
      case 'leave':
        return this.leave()
    }
  }

  async #askSystems(): Promise<void> {
    const told = await this.#surroundings.systems()
    if ('systems' in told) this.happen({ is: 'systems', systems: told.systems })
    else this.happen({ is: 'no-systems', fault: { kind: told.no, reference: told.reference } })
    this.#told.resolve()
  }

  #wantMachine(talk: number, system: string): void {
    this.#talks.set(
      talk,
      this.#surroundings.machine(system, (said) => {
        if (!('step' in said)) this.#talks.delete(talk)
        this.happen({ is: 'machine', talk, said })
      }),
    )
  }

  async #showText({ talk, machine, system }: Extract<Effect, { do: 'text' }>): Promise<void> {
    const session = this.#surroundings.textSession(machine, system)
    this.#text = session
    session.begin()
    const code = await this.lend(session.command)
    if (this.#text !== session) return
    this.#text = undefined
    this.#lastWords = session.end(code)
    this.happen({ is: 'text-ended', talk, code })
  }

  async #tell({ channel, what }: Extract<Effect, { do: 'tell' }>): Promise<void> {
    const refused = await this.#surroundings.tell(channel, what)
    if (refused !== undefined) this.happen({ is: 'refused', channel, what })
    await this.look()
  }
}

/** What of channels the desk goes by. */
const told = (channels: readonly OpenChannel[]) =>
  channels
    .map(({ isHere, said: { id, state, session, trouble, silent, openedAt, terminal } }) => [
      id,
      isHere,
      state,
      session,
      trouble,
      silent,
      openedAt,
      terminal,
    ])
    .toSorted()
