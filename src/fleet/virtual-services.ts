import type { HostConfig } from '../config/schema.ts'
import { type Label, label } from '../hosts/label.ts'
import type { Traffic } from '../services/lvs/facts.ts'
import type { BalancerRecord } from './balancers.ts'
import {
  type FrontendRecord,
  type FrontendService,
  fallbackOf,
  frontendsOf,
  type HostAt,
} from './frontends.ts'
import type { Snapshot } from './model.ts'
import { type Amiss, amissText, type Serving, servingOf } from './serving.ts'

const byNumbers = new Intl.Collator('en', { numeric: true })

/** A virtual service, as the balancer has it that counts for it (serving.ts). */
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
  /** why it is not served as it should be, whatever its real servers do */
  readonly amiss?: Amiss
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

/** Why any of these services is not served as it should be: `10.9.0.100: held by no balancer: nobody gets in`. */
export function amissTexts(
  services: readonly Pick<FrontendService, 'virtual'>[],
  { services: all }: Pick<Snapshot, 'services'>,
): Label[] {
  const names = new Set(services.map(({ virtual }) => virtual))
  return [...new Set(all.flatMap(({ name, amiss }) => (amiss && names.has(name) ? amissText(amiss) : [])))]
}

export function balancedBy(
  balancers: readonly BalancerRecord[],
  ...hosts: [hostAt: HostAt, configured?: readonly Pick<HostConfig, 'name' | 'address'>[]]
): Balanced {
  const servings = servingOf(balancers)
  const frontends = frontendsOf(servings, ...hosts)
  return { frontends, services: virtualServicesOf(servings, frontends) }
}

/** All virtual services, in the order of the table, each with its real servers. */
function virtualServicesOf(
  servings: readonly Serving[],
  frontends: readonly FrontendRecord[],
): ServiceRecord[] {
  const reals = Map.groupBy(
    frontends.flatMap(({ address, name, services }) =>
      services.map((one): RealRecord => ({ ...one, address, name })),
    ),
    ({ virtual }) => virtual,
  )
  return servings.map((serving) => recordOf(serving, reals.get(serving.id) ?? []))
}

function recordOf(serving: Serving, reals: readonly RealRecord[]): ServiceRecord {
  const { id, balancer, service, configured, amiss } = serving
  const known = fallbackOf(serving)
  const fallback = service?.reals.find((one) => one.id === known && one.weight > 0)?.id
  return {
    name: label(id),
    balancer: balancer.host,
    scheduler: service?.scheduler ?? label(configured?.scheduler ?? '-'),
    flags: service?.flags ?? label(''),
    ...(service?.rate ? { rate: service.rate } : {}),
    ...(fallback ? { fallback } : {}),
    ...(amiss ? { amiss } : {}),
    reals: [...reals].sort((a, b) => byNumbers.compare(a.real, b.real)),
  }
}
