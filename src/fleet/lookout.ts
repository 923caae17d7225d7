import type { Role } from '../config/schema.ts'
import type { Label } from '../hosts/label.ts'
import { type Glance, LibvirtWatch } from '../services/libvirt/watch.ts'
import { FullNames } from './display/full-names.ts'
import { LogBook } from './logs/log-book.ts'
import { isMigrating } from './machine/merge.ts'
import type { Member } from './member.ts'
import type { FleetOptions } from './options.ts'
import { Pace, staleAfter } from './pace.ts'
import type { FleetStore } from './store.ts'
import { type Wants, wantsOf } from './wants.ts'
import { watchDirectory, watchOthers } from './watches.ts'
import type { Watch, Watching } from './watching.ts'

/** Where a lookout brings what it reads, and who is told of it. */
interface Watched extends Pick<Watching, 'changed' | 'happened'> {
  readonly store: FleetStore
  readonly now: () => number
}

/** Keeps watch over all hosts: what each is asked for and how often, and what is looked at once more since something happened elsewhere. */
export class Lookout {
  readonly #options: FleetOptions
  readonly #members: ReadonlyMap<string, Member>
  readonly #watched: Watched
  readonly #libvirt: ReadonlyMap<string, LibvirtWatch>
  /** by host */
  readonly #others: ReadonlyMap<string, readonly Watch[]>
  readonly #directories: readonly Watch[]
  readonly #wants: Wants
  readonly #glance: Glance | undefined
  readonly #pace: Pace
  /** when all directory servers were last asked out of their turn */
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(options: FleetOptions, members: ReadonlyMap<string, Member>, watched: Watched) {
    const { about, interval } = options
    this.#options = options
    this.#members = members
    this.#watched = watched
    this.#pace = new Pace(interval, watched.now, (milliseconds) => this.#setPace(milliseconds))
    this.#wants = wantsOf(about)
    this.#glance = about && { machines: about.includes('machines'), pools: about.includes('pools') }
    const hypervisors = this.#wants('libvirt') ? this.#withRole('hypervisor') : []
    this.#libvirt = new Map(hypervisors.map((one) => [one.config.name, this.#watchLibvirt(one)]))
    const all = [...members.values()]
    const watching = this.#watching()
    const directories = this.#wants('directory') ? all : []
    this.#directories = directories.flatMap((one) => watchDirectory(one, watching) ?? [])
    this.#others = new Map(all.map((one) => [one.config.name, watchOthers(one, watching, this.#wants)]))
  }

  #withRole(role: Role): readonly Member[] {
    return [...this.#members.values()].filter(({ config }) => config.roles.includes(role))
  }

  /** What all watches but those of libvirt need to know. */
  #watching(): Watching {
    const { interval, merge, journal, witness = true } = this.#options
    const { store, now, changed, happened } = this.#watched
    const askable = [...this.#members.values()].flatMap(({ config, ldap }) =>
      ldap ? { name: config.name, ldap: async () => ldap } : [],
    )
    return {
      interval,
      merge,
      now,
      store,
      ...(witness ? { logs: new LogBook(journal, store, now) } : {}),
      rest: () => this.#pace.rest(),
      changed,
      happened,
      lookAtDirectories: () => this.#lookAtDirectories(),
      fullNames: new FullNames(askable, now),
      lookAtBalancers: () => {
        for (const { config } of this.#withRole('balancer')) this.lookAfresh(config.name)
      },
      doubt: (hosts: readonly string[], reason: Label) => {
        for (const name of hosts) this.#members.get(name)?.host.doubt?.(reason)
      },
    }
  }

  #watchLibvirt({ host, config }: Member): LibvirtWatch {
    const { readOnly, merge } = this.#options
    const { store, now, changed } = this.#watched
    return new LibvirtWatch({
      host,
      uri: config.libvirt,
      readOnly,
      interval: this.#pace.wished,
      merge,
      glance: this.#glance,
      now,
      sink: {
        reading: (reading) => {
          this.#pace.rest()
          changed(store.apply(reading))
          for (const { uuid } of reading.machines.filter(isMigrating)) this.#expectJob(uuid)
        },
        trouble: (name, error, hostAnswers) => changed(store.fail(name, error, now(), hostAnswers)),
      },
    })
  }

  get #watches(): readonly Watch[] {
    return [...this.#libvirt.values(), ...[...this.#others.values()].flat(), ...this.#directories]
  }

  start(): void {
    for (const watch of this.#watches) watch.start()
  }

  stop(): void {
    for (const watch of this.#watches) watch.stop()
  }

  /** Whether a host is asked how it is, for what is to be known. */
  isAsked(host: string): boolean {
    const isHypervisor = this.#members.get(host)?.config.roles.includes('hypervisor')
    return this.#wants(isHypervisor ? 'libvirt' : 'vitals')
  }

  /** Looks at a host now, after something was changed there, perhaps on this machine. */
  lookAfresh(host: string, uuid?: string): void {
    this.#libvirt.get(host)?.lookAfresh(uuid)
    for (const watch of this.#others.get(host) ?? []) watch.look()
  }

  /** Looks once more at what a host does, in a moment. */
  lookAgain(host: string): void {
    const libvirt = this.#libvirt.get(host)
    for (const watch of libvirt ? [libvirt] : (this.#others.get(host) ?? [])) watch.look()
  }

  /** The host that a machine leaves is the one that knows how far it is. */
  #expectJob(uuid: string): void {
    const machine = this.#watched.store.snapshot().machines.find((m) => m.uuid === uuid)
    this.#libvirt.get(machine?.host ?? '')?.followJob(uuid)
  }

  /** Once an interval at most: where there are changes all the time, all are asked all the time anyway. */
  #lookAtDirectories(): void {
    const now = this.#watched.now()
    if (now - this.#askedAt < this.#pace.wished) return
    this.#askedAt = now
    for (const watch of this.#directories) watch.look()
  }

  /** How often hosts are asked, in milliseconds. */
  set interval(milliseconds: number) {
    this.#pace.wish(milliseconds)
  }

  /** Somebody is there: look at the usual pace. */
  attention(): void {
    this.#pace.attention()
  }

  #setPace(interval: number): void {
    if (this.#watches.every((watch) => watch.interval === interval)) return
    this.#watched.store.staleAfter = staleAfter(interval)
    for (const watch of this.#watches) watch.interval = interval
  }
}
