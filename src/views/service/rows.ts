import { lastSeenAt } from '../../fleet/aged.ts'
import type { RealRecord, ServiceRecord } from '../../fleet/service/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { balancersOf } from '../balanced.ts'
import { containing, filterRows } from '../filter.ts'
import { ordered } from '../sort.ts'
import type { Arrangement, Moment } from '../world.ts'
import type { ServiceRow } from './row.ts'
import { serviceSorts } from './sorts.ts'

/** The balancers that have it. */
export function serviceHosts({ name, balancer }: ServiceRecord, snapshot: Snapshot): readonly string[] {
  return balancersOf(name, balancer, snapshot)
}

const realText = ({ service, real }: { service: ServiceRecord; real: RealRecord }) =>
  `${service.name} ${real.name} ${real.real} ${real.duty}`

/**
 * The tree of virtual services. A service stays with those of its real servers that match; all match where the service does. Services
 * are sorted among each other, and the real servers below each.
 */
export function serviceRows(
  { snapshot, now }: Moment,
  { faultsOnly, filter, host, sort, descending }: Arrangement,
): readonly ServiceRow[] {
  const by = serviceSorts[sort]?.by
  const inOrder = (rows: readonly ServiceRow[]) =>
    ordered(rows, by && ((row) => by(row, snapshot, now)), descending, ({ id }) => id)
  const services = snapshot.services.filter((one) => !host || serviceHosts(one, snapshot).includes(host))
  const all = services.flatMap((service) => service.reals.map((real) => ({ service, real })))
  const isOut = ({ real }: (typeof all)[number]) =>
    real.duty !== 'in service' || lastSeenAt([real], snapshot) !== undefined
  const amiss = faultsOnly ? all.filter(isOut) : all
  // All of them at once: what only resembles the text counts where nothing has it.
  const contains = containing(filter)
  const found = Map.groupBy(filterRows(amiss, filter, realText), ({ service }) => service)
  const left = services.filter((service) => {
    const isEmpty = !service.reals.length && contains(service.name)
    return found.has(service) || isEmpty || !(filter || faultsOnly)
  })
  return inOrder(left.map((service) => ({ id: service.name, service }))).flatMap((row) => {
    const reals = (found.get(row.service) ?? []).map((one) => ({ ...one, id: `${row.id} ${one.real.real}` }))
    return [row, ...inOrder(reals).map((real, i) => ({ ...real, isLast: i === reals.length - 1 }))]
  })
}
