import { lastSeenAt } from '../fleet/aged.ts'
import type { StandingAlert } from '../fleet/alert-book.ts'
import type { DirectoryRecord } from '../fleet/directories.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import type { Entry } from '../fleet/journal.ts'
import { machineConditions, stateText } from '../fleet/machine-conditions.ts'
import { type HostRecord, isStale, type MachineRecord, type Snapshot } from '../fleet/model.ts'
import { descriptorSeverity } from '../fleet/runs-out.ts'
import type { RealRecord, ServiceRecord } from '../fleet/virtual-services.ts'
import type { Arrangement } from './arrangement.ts'
import { filterRows } from './filter.ts'
import { frontendSorts, machineSorts, type Sorts, sortRows } from './sorts.ts'

/** Whether a person should look at this machine. */
export function isFault(machine: MachineRecord, snapshot: Snapshot, now: number): boolean {
  return machineConditions(machine).length > 0 || isStale(snapshot, machine.host, now)
}

const machineText = (m: MachineRecord) => `${m.name} ${stateText(m)} ${m.host} ${m.title ?? ''}`

/** The machines that a table shows, in its order. */
export const machineRows = lately(
  (snapshot: Snapshot, state: Arrangement, second: number): readonly MachineRecord[] => {
    const wanted = state.faultsOnly
      ? snapshot.machines.filter((m) => isFault(m, snapshot, second * 1000))
      : snapshot.machines
    return sorted(machineSorts, filterRows(wanted, state.filter, machineText), state, snapshot, second)
  },
)

/** What can be chosen on the Overview: what is wrong, then the hosts. */
export type OverviewRow =
  | { readonly kind: 'alert'; readonly id: string; readonly alert: StandingAlert }
  | { readonly kind: 'host'; readonly id: string; readonly host: HostRecord }

/** They change with what is known, with the second, and with what the journal says of alerts. */
export const overviewRows = lately(
  (
    { hosts }: Snapshot,
    _second: number,
    fleet: Pick<Fleet, 'alerts'>,
    _journal: number,
  ): readonly OverviewRow[] => [
    ...fleet.alerts().map((alert) => ({ kind: 'alert' as const, id: `alert ${alert.id}`, alert })),
    ...hosts.map((host) => ({ kind: 'host' as const, id: `host ${host.name}`, host })),
  ],
)

const frontendText = (f: FrontendRecord) =>
  `${f.name} ${f.address} ${f.services.map(({ duty, virtual }) => `${duty} ${virtual}`).join(' ')}`

/** Whether a person should look at this front end: out, not seen, answering wrongly or not at all, or short of descriptors. */
export function needsPerson({ services, host }: FrontendRecord, snapshot: Snapshot): boolean {
  const directory = snapshot.directories.find((one) => one.host === host)
  const radius = snapshot.radius.find((one) => one.host === host)
  return (
    services.some(({ duty }) => duty !== 'in service') ||
    lastSeenAt(services, snapshot) !== undefined ||
    snapshot.hosts.some(({ name, trouble }) => name === host && trouble) ||
    (directory !== undefined && isAmiss(directory)) ||
    !!radius?.trouble ||
    radius?.reading?.login?.ok === false ||
    (snapshot.processes.get(host ?? '') ?? []).some((one) => descriptorSeverity(one))
  )
}

/** The front ends that a table shows, in its order. */
export const frontendRows = lately(
  (snapshot: Snapshot, state: Arrangement, second: number): readonly FrontendRecord[] => {
    const wanted = state.faultsOnly
      ? snapshot.frontends.filter((one) => needsPerson(one, snapshot))
      : snapshot.frontends
    return sorted(frontendSorts, filterRows(wanted, state.filter, frontendText), state, snapshot, second)
  },
)

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
export const serviceRows = lately(
  (snapshot: Snapshot, { faultsOnly, filter }: Arrangement): readonly ServiceRow[] => {
    const { services } = snapshot
    const all = services.flatMap((service) => service.reals.map((real) => ({ service, real })))
    const isOut = ({ real }: (typeof all)[number]) =>
      real.duty !== 'in service' || lastSeenAt([real], snapshot) !== undefined
    const amiss = faultsOnly ? all.filter(isOut) : all
    // All of them at once: what only resembles the text counts where nothing has it.
    const found = Map.groupBy(filterRows(amiss, filter, realText), ({ service }) => service)
    return services.flatMap((service) => {
      const reals = (found.get(service) ?? []).map(({ real }) => real)
      const isEmpty = !service.reals.length && (!filter || service.name.includes(filter))
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
  },
)

const directoryText = (d: DirectoryRecord) => `${d.host} ${d.role} ${d.replication.state}`

/** Whether a person should look at this directory server. */
function isAmiss({ trouble, reading, replication }: DirectoryRecord): boolean {
  const lacks = replication.state === 'behind' || replication.state === 'filling'
  if (trouble || !reading?.check.ok || !reading.fresh.ok || lacks) return true
  const { csnTrouble, monitorTrouble, monitor } = reading
  return !!csnTrouble || !!monitorTrouble || monitor?.replication?.connected === false
}

/** The directory servers that a table shows, in its order. */
export const directoryRows = lately(
  ({ directories }: Snapshot, { faultsOnly, filter }: Arrangement): readonly DirectoryRecord[] =>
    filterRows(faultsOnly ? directories.filter(isAmiss) : directories, filter, directoryText),
)

const eventText = (e: Entry) => `${e.host} ${e.name ?? ''} ${e.text} ${e.who ?? ''}`

export const eventRows = lately((entries: readonly Entry[], state: Arrangement): readonly Entry[] => {
  const wanted = state.faultsOnly ? entries.filter((e) => e.severity !== 'info') : entries
  return filterRows(wanted, state.filter, eventText)
})

/** In the order of the column that was chosen; by name where there is none of this name. */
function sorted<T extends { readonly name: string }>(
  sorts: Sorts<T>,
  rows: readonly T[],
  { sort, descending }: Arrangement,
  snapshot: Snapshot,
  second: number,
): T[] {
  const by = (row: T) => (sorts[sort] ?? sorts.name)?.by(row, snapshot, second * 1000)
  return sortRows(rows, by, descending, ({ name }) => name)
}

/** Remembers the last result for the same arguments: a key and a frame in one second ask for the same rows. */
function lately<A extends unknown[], R>(make: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | undefined
  return (...args) => {
    if (!last?.args.every((arg, i) => Object.is(arg, args[i]))) last = { args, result: make(...args) }
    return last.result
  }
}
