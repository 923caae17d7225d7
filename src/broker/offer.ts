import type { SystemConfig } from '../config/desk.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { type MachineSight, type Standing, sightsOf, standingsBy, standingsOf, stateOf } from './choose.ts'
import { readBookings } from './holds.ts'
import type { BrokerOptions } from './options.ts'
import type { DeskSystem } from './protocol.ts'
import { Refused } from './refused.ts'
import { sharedSight } from './shared-sight.ts'
import { systemsFor } from './systems.ts'

/** Milliseconds that hosts are waited for which do not answer at once. */
const patience = 3_000

/** What the catalogue has for one person, and how that stands. It is looked up at each request. */
export class Offer {
  readonly #options: BrokerOptions
  readonly #now: () => number

  constructor(options: BrokerOptions, now: () => number) {
    this.#options = options
    this.#now = now
  }

  /** The systems that this person may have, and how each stands. */
  async systems(): Promise<DeskSystem[]> {
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

  /** The system of this name. @throws {Refused} there is none for this person */
  own(name: string): SystemConfig {
    const { systems, person } = this.#options
    const system = systemsFor(systems, person).find((one) => one.name === name)
    if (!system)
      throw new Refused('not-for-you', say`no system ${label(name)} for this person${this.#perhaps()}`)
    return system
  }

  /** Not all groups of the person may be known. */
  #perhaps(): Label {
    const { unknown } = this.#options.person
    return unknown ? say`; the directory does not tell their groups: ${unknown}` : say``
  }

  /** How all machines of the catalogue are, for whoever asks next, too. */
  async #sights(): Promise<MachineSight[]> {
    const { systems, fleet } = this.#options
    const opened = await fleet()
    await this.known(systems, opened)
    const names = new Set(systems.flatMap(({ machines }) => machines.map(({ name }) => name)))
    const machines = [...names].map((name) => ({ name, always: false }))
    return sightsOf(machines, opened.snapshot(), opened.now())
  }

  /** Where many start at once, a host may refuse a connection and take the next one: what is not known yet is waited for. */
  async known(systems: readonly SystemConfig[], fleet: Fleet, signal?: AbortSignal): Promise<void> {
    const areKnown = () =>
      systems.every((one) => stateOf(this.standings(one, fleet), one) !== 'unknown') || undefined
    const soon = AbortSignal.timeout(patience)
    await fleet.until(areKnown, signal ? AbortSignal.any([signal, soon]) : soon).catch(() => undefined)
  }

  /** How each machine of a system stands for this person. */
  standings(system: SystemConfig, fleet: Fleet): Standing[] {
    const { book, person } = this.#options
    const bookings = readBookings(book.db, this.#now())
    return standingsOf(system, fleet.snapshot(), fleet.now(), bookings, person.uid)
  }
}
