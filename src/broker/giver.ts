import { addressOf, type SystemConfig } from '../config/desk.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { choose, type Standing, stateOf } from './choose.ts'
import { hold, shun } from './holds.ts'
import type { Notes } from './notes.ts'
import type { Offer } from './offer.ts'
import type { BrokerOptions } from './options.ts'
import type { BrokerReply } from './protocol.ts'
import { Refused } from './refused.ts'
import { awaitRdp, rdpPlace } from './screen.ts'
import { awaitSshd } from './sshd.ts'
import { startStanding, untilOff } from './start.ts'

/** Milliseconds: for the sshd of a machine that runs, of one that was started, and for all that is done for one request. */
const patience = { running: 20_000, started: 180_000, all: 420_000 } as const
/** Machines that are tried for one request. */
const mostTried = 3

/** Gives one person a machine of a system: chosen, kept for them, started if need be. If it does not come up, another one. */
export class Giver {
  readonly #options: BrokerOptions
  readonly #offer: Offer
  readonly #notes: Notes
  readonly #now: () => number

  constructor(options: BrokerOptions, offer: Offer, notes: Notes, now: () => number) {
    this.#options = options
    this.#offer = offer
    this.#notes = notes
    this.#now = now
  }

  /** Tells its steps, the machine last. @throws {Refused} none is to be had */
  async *give(n: number, system: SystemConfig, signal: AbortSignal): AsyncGenerator<BrokerReply> {
    const ending = AbortSignal.any([signal, AbortSignal.timeout(patience.all)])
    yield { n, step: 'choosing' }
    const fleet = await this.#options.fleet()
    await this.#offer.known([system], fleet, ending)
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

  /** Chooses a machine and keeps it for this person, in one piece: another broker that chooses meanwhile does so after that. */
  #take(system: SystemConfig, fleet: Fleet, without: ReadonlyMap<string, Label>): Standing | undefined {
    const { book, person } = this.#options
    return book.transaction(() => {
      const chosen = choose(this.#offer.standings(system, fleet), system, new Set(without.keys()))
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
    return stateOf(this.#offer.standings(system, fleet), system) === 'unknown'
      ? new Refused('unreachable', say`${name}: the hosts of its machines do not answer`)
      : new Refused('none-free', say`${name}: none of its machines is free, or has room to start`)
  }
}
