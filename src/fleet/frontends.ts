import type { HostConfig } from '../config/schema.ts'
import { type Label, label } from '../hosts/label.ts'
import { addressOf, inMaintenance } from '../services/ldirectord/maintenance.ts'
import type { RealServer, Traffic, VirtualService } from '../services/lvs/facts.ts'
import { type BalancerRecord, placeOf } from './balancers.ts'

/** How it stands with a real server of one service. */
export type Duty =
  /** takes new connections */
  | 'in service'
  /** weight 0, by a file in the maintenance directory */
  | 'maintenance'
  /** its maintenance has ended, and ldirectord has not looked at it again */
  | 'returning'
  /** taken out by ldirectord, since a check failed */
  | 'failed'
  /** weight 0, and nobody says why: set by hand */
  | 'weight 0'
  /** configured, and not in the table */
  | 'missing'

/** What a front end does for one virtual service. */
export interface FrontendService {
  /** as the kernel's table names it: `TCP 10.9.0.100:389` */
  readonly virtual: string
  /** address and port there: `10.9.0.11:389` */
  readonly real: string
  /** the balancer of which this is told: the one that holds the address */
  readonly balancer: string
  readonly duty: Duty
  readonly weight: number
  readonly configuredWeight?: number
  readonly active: number
  readonly inactive: number
  readonly rate?: Traffic
}

/** A front end: one address that real servers have in common. */
export interface FrontendRecord {
  readonly address: string
  /** its name in the configuration, else its address */
  readonly name: Label
  /** the host of the configuration */
  readonly host?: string
  readonly services: readonly FrontendService[]
}

/** Which host of the configuration has an address. */
export type HostAt = (address: string) => string | undefined

export function hostsByAddress(configs: readonly Pick<HostConfig, 'name' | 'address' | 'serves'>[]): HostAt {
  const hosts = new Map<string, string>()
  for (const { name, address, serves } of configs)
    for (const one of [...(serves ?? []), ...(address ? [address] : [])]) hosts.set(one, name)
  return (address) => hosts.get(address)
}

/**
 * The balancer that counts for a service: the one that holds its address; for a firewall mark, or where nobody holds it, the one
 * that holds most of the others, else the first.
 */
export function balancerOf(
  service: VirtualService,
  balancers: readonly BalancerRecord[],
): BalancerRecord | undefined {
  const all = balancers.filter(({ lvs }) => lvs?.services.some(({ id }) => id === service.id))
  // What a dead one held may be another's by now.
  const alive = all.filter(({ lvsTrouble }) => !lvsTrouble)
  const having = alive.length ? alive : all
  const held = (one: BalancerRecord) =>
    one.lvs?.services.filter(({ address }) => address && one.lvs?.addresses.has(address)).length ?? 0
  return (
    having.find(({ lvs }) => service.address && lvs?.addresses.has(service.address)) ??
    [...having].sort((a, b) => held(b) - held(a))[0]
  )
}

/** All front ends of all services, and those of the configuration that no balancer knows, by name. */
export function frontendsOf(
  balancers: readonly BalancerRecord[],
  hostAt: HostAt,
  configured: readonly Pick<HostConfig, 'name' | 'address'>[] = [],
): FrontendRecord[] {
  const services = new Map<string, FrontendService[]>()
  for (const balancer of balancers)
    for (const service of balancer.lvs?.services ?? []) {
      if (balancerOf(service, balancers) !== balancer) continue
      for (const one of servicesOf(service, balancer)) {
        const address = addressOf(one.real)
        const known = services.get(address)
        if (known) known.push(one)
        else services.set(address, [one])
      }
    }
  const frontends = [...services].map(([address, services]): FrontendRecord => {
    const host = hostAt(address)
    return { address, name: label(host ?? address), ...(host ? { host } : {}), services }
  })
  const known = new Set(frontends.map(({ host }) => host))
  for (const { name, address = name } of configured)
    if (!known.has(name)) frontends.push({ address, name: label(name), host: name, services: [] })
  return frontends.sort((a, b) => byNumbers.compare(a.name, b.name))
}

const byNumbers = new Intl.Collator('en', { numeric: true })

/** What the configuration has to answer when nobody else does; it is no front end. `undefined`: none, or it is a front end too. */
export function fallbackOf(
  service: string,
  { ldirectord }: Pick<BalancerRecord, 'ldirectord'>,
): string | undefined {
  const configured = ldirectord?.config?.virtuals.find(({ id }) => id === service)
  const fallback = configured?.fallback
  return configured?.reals.some(({ id }) => id === fallback) ? undefined : fallback
}

/** The real servers of one service: those of the table, and those that the configuration has besides. */
function servicesOf(service: VirtualService, balancer: BalancerRecord): FrontendService[] {
  const configured = balancer.ldirectord?.config?.virtuals.find(({ id }) => id === service.id)
  const weights = new Map(configured?.reals.map(({ id, weight }) => [id, weight]))
  const about = (real: string) => ({ virtual: service.id, real, balancer: balancer.host })
  const fallback = fallbackOf(service.id, balancer)
  const reals = service.reals.filter(({ id }) => id !== fallback)
  const present = reals.map((real): FrontendService => {
    const configuredWeight = weights.get(real.id)
    return {
      ...about(real.id),
      duty: dutyOf(real, service, balancer),
      weight: real.weight,
      ...(configuredWeight === undefined ? {} : { configuredWeight }),
      active: real.active,
      inactive: real.inactive,
      ...(real.rate ? { rate: real.rate } : {}),
    }
  })
  const absent = [...weights].filter(([id]) => !service.reals.some((real) => real.id === id))
  return [
    ...present,
    ...absent.map(([id, configuredWeight]): FrontendService => {
      const duty = isMaintained(id, balancer)
        ? 'maintenance'
        : lastDid(service, id, balancer) === 'deleted'
          ? 'failed'
          : balancer.returning?.has(`${placeOf(service)} ${id}`)
            ? 'returning'
            : 'missing'
      return { ...about(id), duty, weight: 0, configuredWeight, active: 0, inactive: 0 }
    }),
  ]
}

function dutyOf({ id, weight }: RealServer, service: VirtualService, balancer: BalancerRecord): Duty {
  if (weight > 0) return 'in service'
  if (!balancer.ldirectord?.daemon) return 'weight 0'
  if (isMaintained(id, balancer)) return 'maintenance'
  if (balancer.returning?.has(`${placeOf(service)} ${id}`)) return 'returning'
  return lastDid(service, id, balancer) === 'quiescent' ? 'failed' : 'weight 0'
}

function lastDid(
  { id }: Pick<VirtualService, 'id'>,
  real: string,
  { lastDid }: BalancerRecord,
): string | undefined {
  return lastDid.get(`${placeOf({ id })} ${real}`)?.kind
}

/** ldirectord took it out the last time that it did anything with it, or is about to look at it: it will bring it back itself. */
export function isAwaited(virtual: string, real: string, balancer: BalancerRecord): boolean {
  const did = lastDid({ id: virtual }, real, balancer)
  const isReturning = balancer.returning?.has(`${placeOf({ id: virtual })} ${real}`)
  return did === 'quiescent' || did === 'deleted' || !!isReturning
}

function isMaintained(real: string, { ldirectord }: BalancerRecord): boolean {
  return !!ldirectord && inMaintenance(ldirectord.maintenance, real, ldirectord.names).length > 0
}
