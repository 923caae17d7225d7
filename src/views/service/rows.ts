import { lastSeenAt } from '../../fleet/aged.ts'
import type { RealRecord, ServiceRecord } from '../../fleet/service/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { containing, filterRows } from '../filter.ts'
import type { Arrangement } from '../world.ts'

/** A line of the tree of virtual services: a service, or a real server below it. */
export interface ServiceRow {
  readonly id: string
  readonly service: ServiceRecord
  readonly real?: RealRecord
  /** the last real server of its service */
  readonly isLast?: boolean
}

const realText = ({ service, real }: { service: ServiceRecord; real: RealRecord }) =>
  `${service.name} ${real.name} ${real.real} ${real.duty}`

/** The tree of virtual services in its order. A service stays with those of its real servers that match; all match where the service does. */
export function serviceRows(snapshot: Snapshot, { faultsOnly, filter }: Arrangement): readonly ServiceRow[] {
  const { services } = snapshot
  const all = services.flatMap((service) => service.reals.map((real) => ({ service, real })))
  const isOut = ({ real }: (typeof all)[number]) =>
    real.duty !== 'in service' || lastSeenAt([real], snapshot) !== undefined
  const amiss = faultsOnly ? all.filter(isOut) : all
  // All of them at once: what only resembles the text counts where nothing has it.
  const contains = containing(filter)
  const found = Map.groupBy(filterRows(amiss, filter, realText), ({ service }) => service)
  return services.flatMap((service) => {
    const reals = (found.get(service) ?? []).map(({ real }) => real)
    const isEmpty = !service.reals.length && contains(service.name)
    if (!reals.length && !isEmpty && (filter || faultsOnly)) return []
    return [
      { id: service.name, service },
      ...reals.map((real, i) => ({
        id: `${service.name} ${real.real}`,
        service,
        real,
        isLast: i === reals.length - 1,
      })),
    ]
  })
}
