import type { HostConfig } from '../../config/schema.ts'
import { type Label, label } from '../../hosts/label.ts'
import { byNumbers } from '../../words/by-numbers.ts'
import type { BalancerRecord } from '../balancer/record.ts'
import { amissText, type Serving, servingOf } from '../balancer/serving.ts'
import {
  type FrontendRecord,
  type FrontendService,
  fallbackOf,
  frontendsOf,
  type HostAt,
} from '../frontend/frontends.ts'
import type { Snapshot } from '../snapshot.ts'
import type { RealRecord, ServiceRecord } from './record.ts'

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
  return servings.map((serving) => serviceRecord(serving, reals.get(serving.id) ?? []))
}

function serviceRecord(serving: Serving, reals: readonly RealRecord[]): ServiceRecord {
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
    reals: [...reals].sort((a, b) => byNumbers(a.real, b.real)),
  }
}
