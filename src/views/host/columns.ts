import type { HostRecord } from '../../fleet/host/record.ts'
import { ageOf, conditionOf, isStale, type Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { pad } from '../../text/fit.ts'
import { gauge, memory, percent, span } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import type { Cell, Column } from '../column.ts'
import { runningText } from './facts.ts'

/** The columns of hosts. */
export function hostColumns(snapshot: Snapshot, now: number): readonly Column<HostRecord>[] {
  return [
    { id: 'name', title: say`HOST`, width: 10, grows: 20, givesWay: 0, cell: (h) => label(h.name) },
    { id: 'state', title: say`STATE`, width: 7, givesWay: 0, cell: (h) => hostState(h, snapshot, now) },
    { id: 'cpu', title: say`CPU`, width: 18, givesWay: 1, cell: hostCpu },
    {
      id: 'memory',
      title: say`MEMORY used/all`,
      width: 15,
      align: 'right',
      givesWay: 2,
      cell: (h) => say`${memory(usedKiB(h))}/${memory(h.memoryKiB)}`,
    },
    {
      id: 'machines',
      title: say`RUNNING`,
      width: 8,
      align: 'right',
      givesWay: 3,
      cell: runningText,
    },
    {
      id: 'seen',
      title: say`SEEN`,
      width: 6,
      align: 'right',
      givesWay: 0,
      cell: (h) => seen(h, snapshot, now),
    },
    {
      id: 'roles',
      title: say`ROLES`,
      width: 10,
      grows: 20,
      givesWay: 5,
      cell: (h) => label(h.roles.join(',')),
    },
    {
      id: 'uri',
      title: say`LIBVIRT`,
      width: 16,
      grows: 40,
      givesWay: 4,
      cell: (h) => (h.roles.includes('hypervisor') ? label(h.uri) : dash),
    },
  ]
}

/** KiB of memory that are used; undefined: it is not known now. */
export function usedKiB({ memoryKiB, memoryFreeKiB, trouble }: HostRecord): number | undefined {
  return memoryKiB === undefined || memoryFreeKiB === undefined || trouble
    ? undefined
    : memoryKiB - memoryFreeKiB
}

function hostCpu({ cpuPercent, trouble }: HostRecord): Label {
  return cpuPercent === undefined || trouble
    ? dash
    : say`${gauge(cpuPercent, 10)} ${pad(percent(cpuPercent), 5, 'right')}`
}

function hostState(host: HostRecord, snapshot: Snapshot, now: number): Cell {
  const condition = conditionOf(snapshot, host, now)
  return condition === 'up' || condition === 'asking' ? label(condition) : [label(condition), 'trouble']
}

/** The age of the facts; as long as they are fresh it is `now`. */
function seen(host: HostRecord, snapshot: Snapshot, now: number): Label {
  return isStale(snapshot, host.name, now) ? span(ageOf(snapshot, host.name, now)) : say`now`
}
