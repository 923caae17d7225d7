import { addressOf, type SystemConfig } from '../config/desk.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { whyOf } from '../hosts/host.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { type AccountRequest, account } from './account.ts'
import {
  choose,
  type MachineSight,
  type Standing,
  sightsOf,
  standingsBy,
  standingsOf,
  stateOf,
} from './choose.ts'
import { hold, isOn, readBookings, shun } from './holds.ts'
import { Looks } from './looks.ts'
import { Notes } from './notes.ts'
import type { BrokerOptions } from './options.ts'
import type { BrokerReply, BrokerRequest, DeskSystem } from './protocol.ts'
import { newReference } from './reference.ts'
import { Refused } from './refused.ts'
import { requestOf } from './requests.ts'
import { awaitRdp, openRdp, openScreen, rdpPlace } from './screen.ts'
import type { Relay } from './serve.ts'
import { sharedSight } from './shared-sight.ts'
import { awaitSshd } from './sshd.ts'
import { startStanding, untilOff } from './start.ts'
import { systemsFor, systemWith } from './systems.ts'

/** Milliseconds: for hosts that do not answer at once, for the sshd of one that runs, of one that was started, and for all that is done for one request. */
const patience = { unknown: 3_000, running: 20_000, started: 180_000, all: 420_000 } as const
/** Machines that are tried for one request. */
const mostTried = 3

/**
 * Gives one person what the catalogue has for them. It believes nothing of what it is told: who asks was found out before, what may be had is
 * looked up at each request, and everything that is done or refused is in the journal with the person's name.
 */
export class Broker {
  readonly #options: BrokerOptions
  readonly #notes: Notes
  readonly #looks: Looks
  readonly #now: () => number

  constructor(options: BrokerOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#notes = new Notes(options, this.#now)
    this.#looks = new Looks(options, this.#notes, this.#now)
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
        yield { n, last: true, systems: await this.#systems() }
        break
      case 'machine':
        yield* this.#machine(n, request.system, signal)
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

  async #systems(): Promise<DeskSystem[]> {
    const { systems, person, book } = this.#options
    const own = systemsFor(systems, person)
    // Where nobody may have anything, no host is asked.
    if (!own.length) return []
    const names = own.flatMap(({ machines }) => machines.map(({ name }) => name))
    const sights = await sharedSight({ book, now: this.#now }, names, () => this.#sights())
    const bookings = readBookings(book.db, this.#now())
    return own.map((system) => {
      const { name, title, description, shows, sessions, keep, x11OverTcp, limits } = system
      return {
        name,
        title,
        keep,
        limits,
        ...(description && { description }),
        ...(shows !== 'session' && { shows: 'screen' as const }),
        ...(sessions && { sessions }),
        ...(x11OverTcp && { x11OverTcp }),
        state: stateOf(standingsBy(system, sights, bookings, person.uid), system),
      }
    })
  }

  /** How all machines of the catalogue are, for whoever asks next, too. */
  async #sights(): Promise<MachineSight[]> {
    const { systems, fleet } = this.#options
    const opened = await fleet()
    await this.#known(systems, opened)
    const names = new Set(systems.flatMap(({ machines }) => machines.map(({ name }) => name)))
    const machines = [...names].map((name) => ({ name, always: false }))
    return sightsOf(machines, opened.snapshot(), opened.now())
  }

  /** Where many start at once, a host may refuse a connection and take the next one: what is not known yet is waited for. */
  async #known(systems: readonly SystemConfig[], fleet: Fleet, signal?: AbortSignal): Promise<void> {
    const areKnown = () =>
      systems.every((one) => stateOf(this.#standings(one, fleet), one) !== 'unknown') || undefined
    const soon = AbortSignal.timeout(patience.unknown)
    await fleet.until(areKnown, signal ? AbortSignal.any([signal, soon]) : soon).catch(() => undefined)
  }

  #standings(system: SystemConfig, fleet: Fleet): Standing[] {
    const { book, person } = this.#options
    const bookings = readBookings(book.db, this.#now())
    return standingsOf(system, fleet.snapshot(), fleet.now(), bookings, person.uid)
  }

  /** @throws {Refused} there is no such system for this person */
  #own(name: string): SystemConfig {
    const { systems, person } = this.#options
    const system = systemsFor(systems, person).find((one) => one.name === name)
    if (!system)
      throw new Refused('not-for-you', say`no system ${label(name)} for this person${this.#perhaps()}`)
    return system
  }

  /** It is handed over once the reply is said; what it holds meanwhile is let go when nobody takes another reply. */
  async *#screen(
    { n, system: name, machine, speaks }: Extract<BrokerRequest, { ask: 'screen' }>,
    signal: AbortSignal,
  ): AsyncGenerator<BrokerReply | Relay> {
    const { reach, rest } = this.#options
    const system = this.#own(name)
    const what = label(machine)
    if (system.shows === 'session')
      throw new Refused('not-for-you', say`system ${label(name)} does not show the screens of its machines`)
    const { book, person } = this.#options
    const isTheirs = () =>
      system.machines.some((one) => one.name === machine) && isOn(book.db, machine, person.uid, this.#now())
    if (!isTheirs())
      throw new Refused('not-for-you', say`the screen of ${what}: it is not kept for this person`)
    const fleet = await this.#options.fleet()
    await this.#known([system], fleet, signal)
    const standing = this.#standings(system, fleet).find((one) => one.machine.name === machine)
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

  async *#machine(n: number, name: string, signal: AbortSignal): AsyncGenerator<BrokerReply> {
    const system = this.#own(name)
    const ending = AbortSignal.any([signal, AbortSignal.timeout(patience.all)])
    yield { n, step: 'choosing' }
    const fleet = await this.#options.fleet()
    await this.#known([system], fleet, ending)
    const failed = new Map<string, Label>()
    while (failed.size < mostTried && !ending.aborted) {
      const chosen = this.#take(system, fleet, failed)
      if (!chosen) break
      const { machine, record } = chosen
      const place = {
        address: addressOf(machine),
        ...(machine.port === undefined ? {} : { port: machine.port }),
      }
      const why = yield* this.#bringUp(n, chosen, system, fleet, ending)
      if (why === undefined) {
        this.#notes.tell('info', say`${label(system.name)}: was given ${label(machine.name)}`, record)
        yield { n, last: true, machine: { name: machine.name, ...place } }
        return
      }
      // Whoever goes away while it starts does not take it from the others.
      if (signal.aborted) return
      failed.set(machine.name, say`${label(machine.name)}: ${why}`)
      this.#putAside(chosen)
    }
    throw this.#none(system, fleet, [...failed.values()])
  }

  /** Not all groups of the person may be known. */
  #perhaps(): Label {
    const { unknown } = this.#options.person
    return unknown ? say`; the directory does not tell their groups: ${unknown}` : say``
  }

  /** Chooses a machine and keeps it for this person, in one piece: another broker that chooses meanwhile does so after that. */
  #take(system: SystemConfig, fleet: Fleet, without: ReadonlyMap<string, Label>): Standing | undefined {
    const { book, person } = this.#options
    return book.transaction(() => {
      const chosen = choose(this.#standings(system, fleet), system, new Set(without.keys()))
      if (chosen) hold(book.db, chosen.machine.name, person.uid, this.#now())
      return chosen
    })
  }

  #putAside({ machine }: Standing): void {
    const { book, person } = this.#options
    book.transaction(() => shun(book.db, machine.name, person.uid, this.#now()))
  }

  /** Starts it if need be, and waits for its sshd. Returns why it cannot be had; undefined: it can. */
  async *#bringUp(
    n: number,
    standing: Standing,
    { shows }: SystemConfig,
    fleet: Fleet,
    signal: AbortSignal,
  ): AsyncGenerator<BrokerReply, Label | undefined> {
    const { sshd = awaitSshd } = this.#options
    const { machine, state, record } = standing
    if (state === 'off') {
      yield { n, step: 'starting', machine: machine.name }
      const why = await startStanding(standing, fleet, { who: this.#notes.who, signal })
      if (why) return why
    }
    // Its screen is there as soon as it runs.
    if (shows === 'screen') return undefined
    yield { n, step: 'waiting', machine: machine.name }
    const { reach } = this.#options
    const place = shows === 'rdp' ? rdpPlace(machine) : { host: addressOf(machine), port: machine.port ?? 22 }
    const isUp = shows === 'rdp' && record && reach ? awaitRdp(() => reach(record.host)) : sshd
    const isNew = state === 'off' || fleet.now() - (record?.startedAt ?? 0) < patience.started
    const isOff = new AbortController()
    const waiting = AbortSignal.any([signal, isOff.signal])
    if (record)
      void untilOff(record, fleet, waiting).then(
        () => isOff.abort(say`it is off again`),
        () => {},
      )
    const isThere = await isUp(place, isNew ? patience.started : patience.running, waiting)
    if (isOff.signal.aborted) return isOff.signal.reason as Label
    isOff.abort()
    return isThere
      ? undefined
      : say`no ${label(shows === 'rdp' ? 'RDP server' : 'sshd')} answers at ${label(place.host)}, port ${place.port}`
  }

  #none(system: SystemConfig, fleet: Fleet, failed: readonly Label[]): Refused {
    const name = label(system.name)
    if (failed.length) return new Refused('not-started', say`${name}: ${joined(failed, '; ')}`)
    return stateOf(this.#standings(system, fleet), system) === 'unknown'
      ? new Refused('unreachable', say`${name}: the hosts of its machines do not answer`)
      : new Refused('none-free', say`${name}: none of its machines is free, or has room to start`)
  }

  #account(request: AccountRequest): void {
    const { book, systems, person } = this.#options
    const system = systemWith(systemsFor(systems, person), request.machine, request.system)
    const result = book.transaction(() => account(book.db, request, person, system, this.#now()))
    if ('no' in result) throw new Refused(result.no, result.why)
    if (result.wrote) this.#notes.tell('info', result.wrote)
  }
}
