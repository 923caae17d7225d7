import type { HostConfig } from '../../config/schema.ts'
import { type Label, label } from '../../hosts/label.ts'
import { addressOf, inMaintenance } from '../../services/ldirectord/maintenance.ts'
import type { RealServer, Traffic } from '../../services/lvs/facts.ts'
import { byNumbers } from '../../words/by-numbers.ts'
import { placeOf } from '../balancer/did.ts'
import type { BalancerRecord } from '../balancer/record.ts'
import type { Serving } from '../balancer/serving.ts'

/** The state of a real server in one service. */
export type Duty =
  /** takes new connections */
  | 'in service'
  /** weight 0, by a file in the maintenance directory */
  | 'maintenance'
  /** its maintenance has ended, and ldirectord has not looked at it again */
  | 'returning'
  /** taken out by ldirectord, since a check failed */
  | 'failed'
  /** weight 0 without a known reason: set by hand */
  | 'weight 0'
  /** configured, and not in the table */
  | 'missing'
  /** ready, but no balancer holds the address: no connections come */
  | 'no holder'
  /** ready, but several balancers hold the address at once: some clients go elsewhere */
  | 'held twice'
  /** ready, but the holder of the address is not known */
  | 'not known'

/** What a front end does for one virtual service. */
export interface FrontendService {
  /** as the kernel's table names it: `TCP 10.9.0.100:389` */
  readonly virtual: string
  /** address and port there: `10.9.0.11:389` */
  readonly real: string
  /** the active balancer, which tells this */
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

/** All front ends of all services, and the configured ones that no balancer knows, by name. */
export function frontendsOf(
  servings: readonly Serving[],
  hostAt: HostAt,
  configured: readonly Pick<HostConfig, 'name' | 'address'>[] = [],
): FrontendRecord[] {
  const services = Map.groupBy(servings.flatMap(servicesOf), ({ real }) => addressOf(real))
  const frontends = [...services].map(([address, services]): FrontendRecord => {
    const host = hostAt(address)
    return { address, name: label(host ?? address), ...(host ? { host } : {}), services }
  })
  const known = new Set(frontends.map(({ host }) => host))
  for (const { name, address = name } of configured)
    if (!known.has(name)) frontends.push({ address, name: label(name), host: name, services: [] })
  return frontends.sort((a, b) => byNumbers(a.name, b.name))
}

/** The configured fallback server, if it is not a front end as well. */
export function fallbackOf({ configured }: Pick<Serving, 'configured'>): string | undefined {
  const fallback = configured?.fallback
  return configured?.reals.some(({ id }) => id === fallback) ? undefined : fallback
}

/** The real servers of one service: those in the table, and those that are only configured. */
function servicesOf(serving: Serving): FrontendService[] {
  const { id: virtual, balancer, service, configured, elsewhere } = serving
  const weights = new Map(configured?.reals.map(({ id, weight }) => [id, weight]))
  const about = (real: string) => ({ virtual, real, balancer: balancer.host })
  const fallback = fallbackOf(serving)
  const reals = service?.reals.filter(({ id }) => id !== fallback) ?? []
  const present = reals.map((real): FrontendService => {
    const configuredWeight = weights.get(real.id)
    return {
      ...about(real.id),
      duty: dutyOf(real, serving),
      weight: real.weight,
      ...(configuredWeight === undefined ? {} : { configuredWeight }),
      active: real.active,
      inactive: real.inactive,
      ...(real.rate ? { rate: real.rate } : {}),
    }
  })
  const inTable = new Set(service?.reals.map(({ id }) => id))
  const absent = [...weights.keys(), ...elsewhere]
  return [
    ...present,
    ...absent
      .filter((id) => !inTable.has(id))
      .map((id): FrontendService => {
        const configuredWeight = weights.get(id)
        const weight = configuredWeight === undefined ? {} : { configuredWeight }
        return { ...about(id), duty: absence(id, serving), weight: 0, ...weight, active: 0, inactive: 0 }
      }),
  ]
}

function dutyOf({ id, weight }: RealServer, { id: virtual, balancer, amiss }: Serving): Duty {
  if (weight > 0) return amiss && amiss.word !== 'not in table' ? amiss.word : 'in service'
  if (!balancer.ldirectord?.daemon) return 'weight 0'
  if (isMaintained(id, balancer)) return 'maintenance'
  if (isReturning(virtual, id, balancer)) return 'returning'
  return lastDid(virtual, id, balancer) === 'quiescent' ? 'failed' : 'weight 0'
}

/** Why it is not in the table. Without a running ldirectord nobody takes servers out or puts them in. */
function absence(real: string, { id: virtual, balancer }: Serving): Duty {
  if (!balancer.ldirectord?.daemon) return 'missing'
  if (isMaintained(real, balancer)) return 'maintenance'
  if (lastDid(virtual, real, balancer) === 'deleted') return 'failed'
  return isReturning(virtual, real, balancer) ? 'returning' : 'missing'
}

function keyOf(virtual: string, real: string): string {
  return `${placeOf({ id: virtual })} ${real}`
}

function lastDid(virtual: string, real: string, { lastDid }: BalancerRecord): string | undefined {
  return lastDid.get(keyOf(virtual, real))?.kind
}

function isReturning(virtual: string, real: string, { returning }: BalancerRecord): boolean {
  return returning?.has(keyOf(virtual, real)) ?? false
}

/** Whether ldirectord will bring it back itself: it took it out last, or is about to check it. */
export function isAwaited(virtual: string, real: string, balancer: BalancerRecord): boolean {
  const did = lastDid(virtual, real, balancer)
  return did === 'quiescent' || did === 'deleted' || isReturning(virtual, real, balancer)
}

function isMaintained(real: string, { ldirectord }: BalancerRecord): boolean {
  return !!ldirectord && inMaintenance(ldirectord.maintenance, real, ldirectord.names).length > 0
}
