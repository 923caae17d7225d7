import { loadShareOf } from '../../fleet/balancer/balance.ts'
import { rankOf } from '../../fleet/frontend/parts.ts'
import type { RealRecord, ServiceRecord } from '../../fleet/service/record.ts'
import { type Comparable, highest, type Sort, type Sorts } from '../sort.ts'
import type { ServiceRow } from './row.ts'

type OfRow = Sort<ServiceRow>['by']

const by =
  (ofService: (service: ServiceRecord) => Comparable, ofReal: (real: RealRecord) => Comparable): OfRow =>
  ({ service, real }) =>
    real ? ofReal(real) : ofService(service)

const sum = (of: (real: RealRecord) => number) =>
  by(({ reals }) => reals.reduce((all, one) => all + of(one), 0), of)

/** What is not served as it should be stands before all; then the one of which the least real servers are in service. */
function serviceRank({ amiss, reals }: ServiceRecord): number {
  return amiss ? -1 : reals.filter(({ weight }) => weight > 0).length / Math.max(1, reals.length)
}

/** By which services can be sorted, and below each its real servers: the columns of the Services screen. */
export const serviceSorts: Sorts<ServiceRow> = {
  name: {
    by: by(
      ({ name }) => name,
      ({ name, real }) => `${name} ${real}`,
    ),
  },
  // The worst first.
  state: { by: by(serviceRank, ({ duty }) => rankOf(duty)) },
  weight: highest(sum(({ weight }) => weight)),
  active: highest(sum(({ active }) => active)),
  inactive: highest(sum(({ inactive }) => inactive)),
  share: highest(({ real }, { balancers }) => real && loadShareOf(real, balancers)?.actual),
  rate: highest(
    by(
      ({ rate }) => rate?.connections,
      ({ rate }) => rate?.connections,
    ),
  ),
  in: highest(
    by(
      ({ rate }) => rate?.bytesIn,
      ({ rate }) => rate?.bytesIn,
    ),
  ),
  flags: { by: ({ service }) => service.flags },
  balancer: { by: ({ service }) => service.balancer },
}
