import { ownerOf } from '../../fleet/cluster/owner.ts'
import { isBad } from '../../fleet/machine/conditions.ts'
import { otherAtNextStart } from '../../fleet/machine/next-start.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import type { Rate } from '../../fleet/rates.ts'
import { ageOf, isStale, type Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { bytes, memory, percent, span } from '../../text/format.ts'
import type { Tone } from '../../text/part.ts'
import { dash } from '../../text/part.ts'
import type { Column } from '../column.ts'
import { holdsMore } from './facts.ts'

function state(machine: MachineRecord): Label | readonly [Label, Tone] {
  const { migration } = machine
  if (migration) {
    const how = migration.percent === undefined ? say`` : say` ${migration.percent}%`
    return [say`>${label(migration.to)}${how}`, 'warning']
  }
  if (machine.runsTwice) return [say`runs twice`, 'trouble']
  const text = machine.reason === 'failed' ? say`failed` : label(machine.state)
  return isBad(machine) ? [text, 'trouble'] : text
}

function where(machine: MachineRecord): Label | readonly [Label, Tone] {
  return machine.runsTwice ? [label(machine.runsTwice.join('+')), 'trouble'] : label(machine.host)
}

function rate(of: Rate | undefined): Label {
  return of ? say`${bytes(of.in)}/${bytes(of.out)}` : dash
}

/** `2.0G>4.0M`: given now, and from its next start on. */
function memoryOf(machine: MachineRecord): Label | readonly [Label, Tone] {
  const { memoryKiB, memoryUsedKiB } = machine
  const next = otherAtNextStart(machine).memoryKiB
  if (next !== undefined) return [say`${memory(memoryKiB)}>${memory(next)}`, 'warning']
  if (memoryUsedKiB === undefined) return memory(memoryKiB)
  // More is used than the guest was given; the page of the machine says why.
  const above = holdsMore(machine) ? say`+` : say``
  return say`${memory(memoryUsedKiB)}${above}/${memory(memoryKiB)}`
}

function vcpusOf(machine: MachineRecord): Label | readonly [Label, Tone] {
  const next = otherAtNextStart(machine).vcpus
  if (next !== undefined) return [say`${machine.vcpus ?? dash}>${next}`, 'warning']
  return machine.vcpus === undefined ? dash : say`${machine.vcpus}`
}

/** On the loopback address, which is the usual, the display's number is enough. */
function display({ graphics }: MachineRecord): Label {
  return graphics ? (graphics.replace(/^(spice )?127\.0\.0\.1(?=:)/, '$1') as Label) : dash
}

/** The age of what is shown, where it is no longer fresh. */
function age(machine: MachineRecord, snapshot: Snapshot, now: number): Label | readonly [Label, Tone] {
  return isStale(snapshot, machine.host, now) ? [span(ageOf(snapshot, machine.host, now)), 'trouble'] : say``
}

/** The resource of a cluster that it is. */
function ownerColumn(snapshot: Snapshot): Column<MachineRecord> {
  const cell = (m: MachineRecord) => ownerOf(m, snapshot)?.name ?? dash
  return { id: 'owner', title: say`CLUSTER`, width: 8, grows: 16, givesWay: 4, cell }
}

/** The columns of the Machines screen; from 132 columns down to 60 they give way, the least needed first. */
export function machineColumns(snapshot: Snapshot, now: number): readonly Column<MachineRecord>[] {
  const owned = snapshot.machines.some((one) => ownerOf(one, snapshot))
  return [
    { id: 'name', title: say`NAME`, width: 16, grows: 30, givesWay: 0, cell: (m) => m.name },
    { id: 'state', title: say`STATE`, width: 11, grows: 13, givesWay: 0, cell: state },
    { id: 'host', title: say`HOST`, width: 6, grows: 12, givesWay: 0, cell: where },
    {
      id: 'seen',
      title: say`SEEN`,
      width: 4,
      align: 'right',
      givesWay: 0,
      cell: (m) => age(m, snapshot, now),
    },
    // Where no cluster runs a machine it would tell nothing.
    ...(owned ? [ownerColumn(snapshot)] : []),
    { id: 'cpu', title: say`CPU`, width: 5, align: 'right', givesWay: 1, cell: (m) => percent(m.cpuPercent) },
    { id: 'memory', title: say`MEMORY`, width: 11, align: 'right', givesWay: 2, cell: memoryOf },
    {
      id: 'up',
      title: say`UP`,
      width: 4,
      align: 'right',
      givesWay: 3,
      cell: (m) => (m.startedAt === undefined ? dash : span(now - m.startedAt)),
    },
    { id: 'net', title: say`NET in/out`, width: 11, align: 'right', givesWay: 4, cell: (m) => rate(m.net) },
    { id: 'disk', title: say`DISK r/w`, width: 11, align: 'right', givesWay: 5, cell: (m) => rate(m.disk) },
    {
      id: 'vcpus',
      title: say`VCPU`,
      width: 4,
      align: 'right',
      givesWay: 6,
      cell: vcpusOf,
    },
    { id: 'auto', title: say`AUTO`, width: 4, givesWay: 8, cell: (m) => (m.autostart ? say`yes` : dash) },
    { id: 'display', title: say`DISPLAY`, width: 11, grows: 24, givesWay: 9, cell: display },
    {
      id: 'title',
      title: say`TITLE`,
      width: 18,
      grows: 60,
      givesWay: 7,
      cell: (m) => m.title ?? ('' as Label),
    },
  ]
}
