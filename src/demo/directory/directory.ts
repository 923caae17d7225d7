import type { Balancing, DemoFrontend } from '../balancer/balancing.ts'
import type { Clock } from '../clock.ts'

export const suffix = 'dc=school,dc=example'
export const knownEntry = `uid=probe,ou=people,${suffix}`

/** Milliseconds between two changes of the directory. */
const changeEvery = 6_000
/** Milliseconds after which a replica falls behind, for how long, and how often. */
const pause = { first: 40_000, lasts: 35_000, every: 240_000 } as const

/** The part of the demo's world that a directory depends on. */
interface Around extends Clock {
  readonly balancing: Balancing
}

/** The provider, and the replicas on the front ends. Changes happen, and now and then a replica falls behind. */
export class DemoDirectory {
  readonly provider = { name: 'ldap1', address: '10.0.0.5' }
  readonly #world: Around
  readonly #bornAt: number

  constructor(world: Around) {
    this.#world = world
    this.#bornAt = world.now()
  }

  /** Until when the certificates of all slapds are valid: milliseconds since the epoch. */
  get certifiedUntil(): number {
    return this.#bornAt + 73 * 86_400_000
  }

  /** Milliseconds since the start of the demo. */
  get age(): number {
    return this.#world.now() - this.#bornAt
  }

  /** When the newest change was made that this host has: milliseconds since the epoch. */
  newestOn(host: string): number {
    const { frontends } = this.#world.balancing
    const until = host === frontends[1]?.name ? this.#hears(this.age) : this.age
    return this.#bornAt + Math.floor(until / changeEvery) * changeEvery
  }

  /** Up to which time a replica that pauses now and then has received changes. */
  #hears(age: number): number {
    const since = (age - pause.first) % pause.every
    return age < pause.first || since >= pause.lasts ? age : age - since
  }

  /** Connections that a host's slapd has open: those of its clients, and those of whoever watches it. */
  connections(host: string): number {
    const frontend = this.#world.balancing.frontend(host)
    return 3 + (frontend ? this.clients(frontend) : this.#world.balancing.frontends.length)
  }

  clients(frontend: DemoFrontend): number {
    const [active] = this.#world.balancing.balancers
    const real = active?.services[0]?.reals.find((one) => one.frontend === frontend)
    return Math.round(real?.active ?? 0)
  }

  /** Searches that a host has answered since the start of the demo, and a while before. */
  searches(host: string): number {
    const perSecond = 2 + 3 * this.connections(host)
    return 250_000 + Math.floor((this.age / 1000) * perSecond)
  }
}
