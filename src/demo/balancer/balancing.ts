import { parseConfig } from '../../services/ldirectord/config.ts'
import type { Clock } from '../clock.ts'
import { type DemoDaemons, negotiateTimeout } from '../daemons.ts'
import type { Outages } from '../outages.ts'
import { DemoFiles } from './files.ts'

/** A real server of one virtual service on one balancer. */
interface DemoReal {
  readonly frontend: DemoFrontend
  weight: number
  active: number
}

export interface DemoService {
  readonly protocol: 'TCP' | 'UDP'
  readonly port: number
  /** connections that its clients keep open in the mean */
  readonly load: number
  readonly reals: DemoReal[]
}

export interface DemoFrontend {
  readonly name: string
  readonly address: string
  readonly weight: number
  /** its LDAP answers wrongly */
  failing: boolean
  /** descriptors that its slapd never closes */
  leaked: number
}

export interface DemoBalancer {
  readonly name: string
  readonly address: string
  readonly services: readonly DemoService[]
  readonly maintenance: Set<string>
  /** its configuration among them */
  readonly files: DemoFiles
  holdsAddress: boolean
}

export const virtualAddress = '10.0.0.100'
export const configFile = '/etc/ha.d/ldirectord.cf'
export const maintenanceDirectory = '/etc/ha.d/maintenance'

/** The CPU load of an idle host, from 0 to 1. */
const idleShare = 0.03

/** The CPU load of a host with so many open connections, from 0 to 1. */
function busyShare(open: number): number {
  return Math.min(1, idleShare + open / 250)
}

/** Hundredths of a second that four CPUs have in so many milliseconds. */
export function ticksOf(milliseconds: number): number {
  return (milliseconds / 10) * 4
}

/** The part of the demo's world that balancers depend on. */
interface Around extends Clock {
  readonly outages: Outages
  readonly daemons: DemoDaemons
}

/** Milliseconds between two checks of ldirectord. */
const checkEvery = 2_000
/** Milliseconds: when a front end first fails by itself, for how long, and how often. */
const trouble = { first: 100_000, lasts: 25_000, every: 240_000 } as const
/** Milliseconds after which descriptors begin to leak. */
const leakAfter = 150_000
/** Share of the connections that end in a second: of a server that is out, and of one in service. */
const leaving = 0.12
const ending = 1 / 15

/**
 * Two balancers, and front ends behind them: connections come and go, ldirectord looks into its maintenance directory, and now
 * and then a front end answers wrongly. It knows no commands: `commands.ts` answers for it.
 */
export class Balancing {
  readonly frontends: readonly DemoFrontend[]
  readonly balancers: readonly DemoBalancer[]
  readonly #world: Around
  readonly #bornAt: number
  #advancedTo: number
  #checkedAt: number
  #workedTo: number
  /** by front end */
  readonly #busy = new Map<string, number>()
  #loggers = new Map<string, Set<(line: string) => void>>()

  constructor(world: Around, count: number) {
    this.#world = world
    this.frontends = Array.from({ length: count }, (_, i) => ({
      name: `fe${i + 1}`,
      address: `10.0.${Math.floor((10 + i) / 250)}.${((10 + i) % 250) + 1}`,
      weight: i % 3 === 2 ? 2 : 4,
      failing: false,
      leaked: 0,
    }))
    // As many clients as there are front ends for.
    const load = (each: number) => Math.round((each * count) / 3)
    this.#bornAt = world.now()
    this.#advancedTo = this.#bornAt
    this.#workedTo = this.#bornAt
    this.#checkedAt = this.#bornAt
    for (const { name } of this.frontends) this.#busy.set(name, ticksOf(this.#bornAt) * idleShare)
    this.balancers = ['lb1', 'lb2'].map((name, i) => ({
      name,
      address: `10.0.0.${1 + i}`,
      services: [this.#service('TCP', 389, load(64), i === 0), this.#service('UDP', 1812, load(12), i === 0)],
      maintenance: new Set<string>(),
      files: new DemoFiles(),
      holdsAddress: i === 0,
    }))
    for (const { files, services } of this.balancers) files.write(configFile, configurationOf(services))
  }

  #service(protocol: 'TCP' | 'UDP', port: number, load: number, isActive: boolean): DemoService {
    const total = this.frontends.reduce((sum, { weight }) => sum + weight, 0)
    const reals = this.frontends.map((frontend) => ({
      frontend,
      weight: frontend.weight,
      active: isActive ? (load * frontend.weight) / total : 0,
    }))
    return { protocol, port, load, reals }
  }

  balancer(name: string): DemoBalancer | undefined {
    return this.balancers.find((one) => one.name === name)
  }

  frontend(name: string): DemoFrontend | undefined {
    return this.frontends.find((one) => one.name === name)
  }

  /** It has no power. */
  isOff(name: string): boolean {
    return this.#world.outages.isOff(name)
  }

  /** Its cluster has noticed that. */
  isMissed(name: string): boolean {
    return this.#world.outages.isMissed(name)
  }

  /** Follows ldirectord's log on a balancer. */
  follow(balancer: string, follower: (line: string) => void): () => void {
    const all = this.#loggers.get(balancer) ?? new Set()
    this.#loggers.set(balancer, all.add(follower))
    return () => all.delete(follower)
  }

  now(): number {
    return this.#world.now()
  }

  /** Lets one of them hold the address, or none; connections are lost where it was. */
  hold(name: string | undefined): void {
    this.advance()
    for (const balancer of this.balancers) {
      balancer.holdsAddress = balancer.name === name
      if (!balancer.holdsAddress)
        for (const { reals } of balancer.services) for (const real of reals) real.active = 0
    }
  }

  /** What is served: by the one that holds the address. */
  get #served(): readonly DemoService[] {
    return this.balancers.find(({ holdsAddress }) => holdsAddress)?.services ?? []
  }

  /** A signal to ldirectord: it adapts its services to its file. */
  reload({ name, files, services }: DemoBalancer): void {
    this.#log(name, 'Reloading Linux Director Daemon config on signal')
    const { virtuals } = parseConfig(files.read(configFile) ?? '')
    for (const service of services) {
      const place = `${virtualAddress}:${service.port}`
      const wanted = virtuals.find(({ id }) => id.endsWith(` ${place}`))?.reals ?? []
      const idOf = ({ frontend }: DemoReal) => `${frontend.address}:${service.port}`
      for (const real of service.reals.filter((one) => !wanted.some(({ id }) => id === idOf(one)))) {
        service.reals.splice(service.reals.indexOf(real), 1)
        this.#log(name, `Purged real server (start): ${idOf(real)} (${place})`)
      }
      for (const { id, weight } of wanted.filter(
        ({ id }) => !service.reals.some((one) => idOf(one) === id),
      )) {
        service.reals.push({ frontend: this.#at(id.replace(/:\d+$/, ''), weight), weight, active: 0 })
        this.#log(name, `Added real server: ${id} (${place}) (Weight set to ${weight})`)
      }
    }
  }

  /** The front end of this address, or one that nobody knew before. */
  #at(address: string, weight: number): DemoFrontend {
    const known = this.frontends.find((one) => one.address === address)
    return known ?? { name: address, address, weight, failing: false, leaked: 0 }
  }

  /** Hundredths of a second that the CPUs of a host have worked since the epoch; its traffic follows from it. */
  busyTicks(host: string): number {
    const now = this.#world.now()
    const counted = this.#busy.get(host)
    if (counted === undefined) return ticksOf(now) * idleShare
    return counted + ticksOf(now - this.#workedTo) * this.share(host)
  }

  /** The CPU load of a host, from 0 to 1, which follows from its connections. */
  share(host: string): number {
    const open = this.#served
      .flatMap(({ reals }) => reals)
      .reduce((sum, { frontend, active }) => sum + (frontend.name === host ? active : 0), 0)
    return busyShare(open)
  }

  /** Lets everything run up to now. */
  advance(): void {
    const now = this.#world.now()
    const seconds = (now - this.#advancedTo) / 1000
    if (seconds <= 0) return
    this.#advancedTo = now
    this.#happen(now, seconds)
    for (const { services, holdsAddress } of this.balancers)
      if (holdsAddress) for (const service of services) flow(service, seconds)
    this.#work(now)
    if (now - this.#checkedAt < checkEvery) return
    this.#checkedAt = now
    for (const balancer of this.balancers.filter(({ name }) => !this.isOff(name)))
      for (const service of balancer.services) this.#check(balancer, service)
  }

  /** Counts the work of the front ends; only now and then, since each of them asks for it. */
  #work(now: number): void {
    const past = now - this.#workedTo
    if (past < 250) return
    this.#workedTo = now
    const open = new Map<string, number>()
    for (const { reals } of this.#served)
      for (const { frontend, active } of reals)
        open.set(frontend.name, (open.get(frontend.name) ?? 0) + active)
    for (const { name } of this.frontends)
      this.#busy.set(name, (this.#busy.get(name) ?? 0) + ticksOf(past) * busyShare(open.get(name) ?? 0))
  }

  #happen(now: number, seconds: number): void {
    const [, second, third] = this.frontends
    const since = (now - this.#bornAt - trouble.first) % trouble.every
    if (third) third.failing = now - this.#bornAt >= trouble.first && since < trouble.lasts
    // It leaks until it is restarted at half of its limit.
    if (second && now - this.#bornAt > leakAfter) second.leaked = (second.leaked + seconds * 0.4) % 500
  }

  /** What ldirectord does at each check: it takes out servers in maintenance or with wrong answers, and puts in the rest. */
  #check(balancer: DemoBalancer, service: DemoService): void {
    for (const real of service.reals) {
      const { address, weight, failing } = real.frontend
      const id = `${address}:${service.port}`
      const kept = balancer.maintenance.has(address) || balancer.maintenance.has(id)
      const isDown =
        this.isOff(real.frontend.name) || this.#world.daemons.isOut(real.frontend.name, service.port)
      const isOut = kept || isDown || (failing && service.port === 389)
      const wanted = isOut ? 0 : weight
      if (real.weight === wanted || (!isOut && real.weight !== 0)) continue
      real.weight = wanted
      const verb = isOut ? 'Quiescent' : 'Restored'
      this.#log(
        balancer.name,
        `${verb} real server: ${id} (${virtualAddress}:${service.port}) (Weight set to ${wanted})`,
      )
    }
  }

  #log(balancer: string, text: string): void {
    // `Sun, 22 Nov 2026 06:53:31 GMT`; the log has the month before the day and the year last.
    const [weekday, day, month, year, time] = new Date(this.#world.now())
      .toUTCString()
      .replace(',', '')
      .split(' ')
    const line = `[${weekday} ${month} ${day} ${time} ${year}|ldirectord|871] ${text}\n`
    for (const follower of this.#loggers.get(balancer) ?? []) follower(line)
  }
}

/** Connections end everywhere, on servers that are out until none is left. New ones go where most are missing by weight, as with SED. */
function flow({ load, reals }: DemoService, seconds: number): void {
  for (const real of reals) {
    const share = real.weight === 0 ? leaving : ending
    real.active *= Math.max(0, 1 - share * seconds)
    if (real.weight === 0 && real.active < 0.5) real.active = 0
  }
  const open = reals.reduce((sum, { active }) => sum + active, 0)
  const total = reals.reduce((sum, { weight }) => sum + weight, 0)
  const lacking = reals.map(({ weight, active }) => Math.max(0, (load * weight) / (total || 1) - active))
  const all = lacking.reduce((sum, one) => sum + one, 0)
  if (total && all)
    for (const [k, real] of reals.entries()) real.active += ((load - open) * (lacking[k] ?? 0)) / all
}

function configurationOf(services: readonly DemoService[]): string {
  const blocks = services.map(({ protocol, port, reals }) => {
    const lines = reals.map(({ frontend }) => `\treal=${frontend.address}:${port} gate ${frontend.weight}\n`)
    return `virtual=${virtualAddress}:${port}\n${lines.join('')}\tscheduler=sed\n\tprotocol=${protocol.toLowerCase()}\n`
  })
  return `checkinterval=2\nnegotiatetimeout=${negotiateTimeout / 1_000}\nquiescent=yes\nmaintenancedir=${maintenanceDirectory}\nlogfile="/var/log/ldirectord.log"\n${blocks.join('')}`
}
