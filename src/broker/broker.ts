import { whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { type AccountRequest, account } from './account.ts'
import { Giver } from './giver.ts'
import { isOn } from './holds.ts'
import { Looks } from './looks.ts'
import { Notes } from './notes.ts'
import { Offer } from './offer.ts'
import type { BrokerOptions } from './options.ts'
import type { BrokerReply, BrokerRequest } from './protocol.ts'
import { newReference } from './reference.ts'
import { Refused } from './refused.ts'
import { requestOf } from './requests.ts'
import { openRdp, openScreen, rdpPlace } from './screen.ts'
import type { Relay } from './serve.ts'
import { systemsFor, systemWith } from './systems.ts'

/**
 * Gives one person what the catalogue has for them. It believes nothing of what it is told: who asks was found out before, what may be had is
 * looked up at each request, and everything that is done or refused is in the journal with the person's name.
 */
export class Broker {
  readonly #options: BrokerOptions
  readonly #notes: Notes
  readonly #looks: Looks
  readonly #offer: Offer
  readonly #giver: Giver
  readonly #now: () => number

  constructor(options: BrokerOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#notes = new Notes(options, this.#now)
    this.#looks = new Looks(options, this.#notes, this.#now)
    this.#offer = new Offer(options, this.#now)
    this.#giver = new Giver(options, this.#offer, this.#notes, this.#now)
  }

  /** Answers a line; what is not had is told by the last reply. */
  async *handle(line: Uint8Array | 'too long', signal: AbortSignal): AsyncGenerator<BrokerReply | Relay> {
    const request = requestOf(line)
    try {
      const { trouble } = this.#options.journal
      if (trouble) throw new Error(trouble)
      if (!this.#looks.isOwed(request)) this.#notes.count()
      if ('wrong' in request)
        throw new Refused('malformed', say`a line that is no request: ${label(request.wrong)}`)
      yield* this.#answer(request, signal)
    } catch (error) {
      yield this.#refusal(request.n, error)
    } finally {
      this.#options.rest?.()
    }
  }

  async *#answer(request: BrokerRequest, signal: AbortSignal): AsyncGenerator<BrokerReply | Relay> {
    const { n } = request
    switch (request.ask) {
      case 'systems':
        yield { n, last: true, systems: await this.#offer.systems() }
        break
      case 'machine':
        yield* this.#giver.give(n, this.#offer.own(request.system), signal)
        break
      case 'screen':
        yield* this.#screen(request, signal)
        break
      case 'account':
        this.#account(request)
        yield { n, last: true, done: true }
        break
      case 'look':
        await this.#looks.tell(request)
        yield { n, last: true, done: true }
        break
      case 'failed':
        this.#notes.tell(
          'warning',
          say`did not get onto ${label(request.machine)}: ${label(request.reason || request.kind)} (${label(request.channel)})`,
        )
        yield { n, last: true, done: true }
    }
  }

  #refusal(n: number, error: unknown): BrokerReply {
    const {
      no,
      why,
      reference: told,
    } = error instanceof Refused ? error : new Refused('broken', say`the broker cannot work: ${whyOf(error)}`)
    const reference = told ?? newReference()
    try {
      if (told === undefined) this.#notes.tell('warning', say`refused: ${why} (${label(reference)})`)
    } catch {
      // It is refused because nothing can be written down.
    }
    return { n, last: true, no, reference }
  }

  /** It is handed over once the reply is said; what it holds meanwhile is let go when nobody takes another reply. */
  async *#screen(
    { n, system: name, machine, speaks }: Extract<BrokerRequest, { ask: 'screen' }>,
    signal: AbortSignal,
  ): AsyncGenerator<BrokerReply | Relay> {
    const { reach, rest } = this.#options
    const system = this.#offer.own(name)
    const what = label(machine)
    if (system.shows === 'session')
      throw new Refused('not-for-you', say`system ${label(name)} does not show the screens of its machines`)
    const { book, person } = this.#options
    const isTheirs = () =>
      system.machines.some((one) => one.name === machine) && isOn(book.db, machine, person.uid, this.#now())
    if (!isTheirs())
      throw new Refused('not-for-you', say`the screen of ${what}: it is not kept for this person`)
    const fleet = await this.#options.fleet()
    await this.#offer.known([system], fleet, signal)
    const standing = this.#offer.standings(system, fleet).find((one) => one.machine.name === machine)
    const { record } = standing ?? {}
    if (standing?.state === 'off')
      throw new Refused('no-screen', say`the screen of ${what}: the machine is off`)
    if (standing?.state !== 'runs' || !record || !reach)
      throw new Refused(
        'unreachable',
        say`the screen of ${what}: it does not run, or its host does not answer`,
      )
    const reached = await reach(record.host)
    const { certificate } = standing.machine
    const screen = await (system.shows === 'rdp'
      ? openRdp(reached, rdpPlace(standing.machine), what, isTheirs, signal)
      : openScreen(reached, record, speaks, isTheirs, signal))
    try {
      // Hours may go by: until then no host is asked how it is.
      rest?.()
      this.#notes.tell('info', say`${label(name)}: looks at the screen of ${what}`, record)
      yield {
        reply: { n, last: true, screen: screen.protocol, ...(certificate && { certificate }) },
        ...screen,
      }
    } finally {
      await screen.close()
    }
  }

  #account(request: AccountRequest): void {
    const { book, systems, person } = this.#options
    const system = systemWith(systemsFor(systems, person), request.machine, request.system)
    const result = book.transaction(() => account(book.db, request, person, system, this.#now()))
    if ('no' in result) throw new Refused(result.no, result.why)
    if (result.wrote) this.#notes.tell('info', result.wrote)
  }
}
