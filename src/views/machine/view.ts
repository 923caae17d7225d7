import { recordOf } from '../../fleet/kinds.ts'
import { machineConditions, stateText } from '../../fleet/machine/conditions.ts'
import { placesOf } from '../../fleet/machine/places.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import { ageOf, isStale } from '../../fleet/snapshot.ts'
import { label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { memory, percent } from '../../text/format.ts'
import { fieldLines } from '../../text/page.ts'
import { some } from '../../text/part.ts'
import { recordRows } from '../record-rows.ts'
import { hypervisors } from '../source.ts'
import type { TableView } from '../view.ts'
import type { World } from '../world.ts'
import { machineColumns } from './columns.ts'
import { deviceLines } from './devices.ts'
import { machineFacts } from './facts.ts'
import { machineJson } from './json.ts'
import { machineSorts } from './sorts.ts'

/** Whether a person should look at this machine. */
export function isFault(machine: MachineRecord, { snapshot, now }: Pick<World, 'snapshot' | 'now'>): boolean {
  return machineConditions(machine).length > 0 || isStale(snapshot, machine.host, now)
}

const traits = {
  text: (m: MachineRecord) => `${m.name} ${stateText(m)} ${m.host} ${m.title ?? ''}`,
  isFault,
  hostsOf: (machine: MachineRecord) => placesOf(machine).map(({ host }) => host),
  sorts: machineSorts,
  name: ({ name }: MachineRecord) => name,
}

const hits = (machine: MachineRecord, { snapshot }: World) => ({
  machine,
  host: recordOf('host', machine.host, snapshot),
})

export const machineView: TableView<MachineRecord> = {
  name: say`machine`,
  title: say`Machines`,
  group: 'machines',
  words: ['vm', 'vms'],
  help: 'Shows all machines.',
  ...recordRows('machine', traits, hits),
  sorted: { by: 'name' },
  source: hypervisors,
  none: say`no machines`,
  noFaults: say`nothing is wrong`,
  keysFor: { list: ['machine', 'host'], page: ['machine'] },
  isFor: ({ roles }) => roles.includes('hypervisor'),
  columns: ({ snapshot, now }) => machineColumns(snapshot, now),
  tone: ({ host }, { snapshot, now }) => (isStale(snapshot, host, now) ? 'stale' : undefined),
  marks: ['machine'],

  json: machineJson,
  page: (machine, { snapshot, now, definitions }, width) => [
    ...fieldLines(machineFacts(machine, snapshot, now), width),
    ...deviceLines(definitions.get(machine.uuid)?.meaning, width),
  ],
  sentence: sentenceOf,
}

/** `windows-01, running on hv1, CPU 3.2%, memory 1.6G of 4.0G, for 11 d 3 h` */
function sentenceOf(machine: MachineRecord, { snapshot, now }: World) {
  const { name, host, migration, cpuPercent, memoryUsedKiB, memoryKiB, startedAt } = machine
  const age = ageOf(snapshot, host, now)
  const where = migration
    ? say`migrating from ${label(host)} to ${label(migration.to)}`
    : say`${stateText(machine)} on ${label(host)}`
  return some([
    name,
    isStale(snapshot, host, now) && say`STALE: as it was ${duration(age ?? 0)} ago`,
    where,
    cpuPercent !== undefined && say`CPU ${percent(cpuPercent)}`,
    memoryUsedKiB === undefined
      ? say`memory ${memory(memoryKiB)}`
      : say`memory ${memory(memoryUsedKiB)} of ${memory(memoryKiB)}`,
    startedAt !== undefined && say`for ${duration(now - startedAt)}`,
  ])
}
