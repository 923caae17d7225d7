import type { HostConfig } from '../config/schema.ts'
import { type Label, label } from '../hosts/label.ts'
import type { Traffic, VirtualService } from '../services/lvs/facts.ts'
import type { BalancerRecord } from './balancers.ts'
import {
  balancerOf,
  type FrontendRecord,
  type FrontendService,
  fallbackOf,
  frontendsOf,
  type HostAt,
} from './frontends.ts'
import type { Snapshot } from './model.ts'

const byNumbers = new Intl.Collator('en', { numeric: true })

/** A virtual service, as the balancer has it that counts for it. */
export interface ServiceRecord {
  /** as the kernel's table names it: `TCP 10.9.0.100:389` */
  readonly name: Label
  readonly balancer: string
  readonly scheduler: Label
  /** as ipvsadm says them, may be empty */
  readonly flags: Label
  readonly rate?: Traffic
  readonly reals: readonly RealRecord[]
  /** what answers since nobody else does */
  readonly fallback?: string
}

/** A real server in its virtual service. */
export interface RealRecord extends FrontendService {
  /** the address of its front end */
  readonly address: string
  /** the name of its front end */
  readonly name: Label
}

/** The two views of what the balancers tell: by front end and by virtual service. */
export type Balanced = Pick<Snapshot, 'frontends' | 'services'>

export function balancedBy(
  balancers: readonly BalancerRecord[],
  ...hosts: [hostAt: HostAt, configured?: readonly Pick<HostConfig, 'name' | 'address'>[]]
): Balanced {
  const frontends = frontendsOf(balancers, ...hosts)
  return { frontends, services: virtualServicesOf(balancers, frontends) }
}

/** All virtual services, in the order of the table, each with its real servers. */
function virtualServicesOf(
  balancers: readonly BalancerRecord[],
  frontends: readonly FrontendRecord[],
): ServiceRecord[] {
  const reals = Map.groupBy(
    frontends.flatMap(({ address, name, services }) =>
      services.map((one): RealRecord => ({ ...one, address, name })),
    ),
    ({ virtual, balancer }) => `${balancer} ${virtual}`,
  )
  return balancers.flatMap((balancer) =>
    (balancer.lvs?.services ?? [])
      .filter((service) => balancerOf(service, balancers) === balancer)
      .map((service) => recordOf(service, balancer, reals.get(`${balancer.host} ${service.id}`) ?? [])),
  )
}

function recordOf(
  { id, scheduler, flags, rate, reals: all }: VirtualService,
  balancer: BalancerRecord,
  reals: readonly RealRecord[],
): ServiceRecord {
  const inOrder = [...reals].sort((a, b) => byNumbers.compare(a.real, b.real))
  const known = fallbackOf(id, balancer)
  const fallback = all.find((one) => one.id === known && one.weight > 0)?.id
  return {
    name: label(id),
    balancer: balancer.host,
    scheduler,
    flags,
    ...(rate ? { rate } : {}),
    ...(fallback ? { fallback } : {}),
    reals: inOrder,
  }
}
