import { hostConditions } from '../../fleet/host/conditions.ts'
import type { HostRecord } from '../../fleet/host/record.ts'
import { ageOf, conditionOf, isStale, type Snapshot } from '../../fleet/snapshot.ts'
import { label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { memory, percent } from '../../text/format.ts'
import { fieldLines } from '../../text/page.ts'
import { some } from '../../text/part.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import type { TableView } from '../view.ts'
import type { Hits, World } from '../world.ts'
import { hostColumns, usedKiB } from './columns.ts'
import { hostFacts } from './facts.ts'
import { hostJson } from './json.ts'

/** 0: not up, 1: something is wrong with it, 2: all is well. */
function rank(host: HostRecord, snapshot: Snapshot, now: number): number {
  if (conditionOf(snapshot, host, now) !== 'up') return 0
  return hostConditions(host, snapshot, now).length ? 1 : 2
}

const sorts: Sorts<HostRecord> = {
  name: { by: ({ name }) => name },
  // The worst first.
  state: { by: rank },
  cpu: highest(({ cpuPercent, trouble }) => (trouble ? undefined : cpuPercent)),
  memory: highest(usedKiB),
  machines: highest(({ running }) => running),
  roles: { by: ({ roles }) => roles.join() },
}

const traits = {
  text: ({ name, roles }: HostRecord) => `${name} ${roles.join(' ')}`,
  isFault: (host: HostRecord, { snapshot, now }: World) => rank(host, snapshot, now) < 2,
  hostsOf: ({ name }: HostRecord) => [name],
  sorts,
  name: ({ name }: HostRecord) => name,
}

/** A host, and the balancer that it may be. */
function hits(host: HostRecord): Hits {
  return { host, balancer: host.roles.includes('balancer') ? host : undefined }
}

export const hostView: TableView<HostRecord> = {
  name: say`host`,
  title: say`Hosts`,
  group: 'machines',
  help: 'Shows the hosts: what answers, and how much of each is used.',
  ...recordRows('host', traits, hits),
  sorted: { by: 'configured' },
  none: say`no host in the configuration`,
  noFaults: say`all answer`,
  keysFor: { list: ['host', 'balancer'], page: ['host', 'balancer'] },
  marks: ['balancer'],
  columns: ({ snapshot, now }) => hostColumns(snapshot, now),
  tone: ({ name }, { snapshot, now }) => (isStale(snapshot, name, now) ? 'stale' : undefined),

  json: hostJson,
  page: (host, { snapshot, now }, width) => fieldLines(hostFacts(host, snapshot, now), width),
  sentence: (host, { snapshot, now }) => {
    const age = ageOf(snapshot, host.name, now)
    const { cpuPercent, memoryKiB, memoryFreeKiB } = host
    return some([
      label(host.name),
      label(conditionOf(snapshot, host, now)),
      isStale(snapshot, host.name, now) &&
        (age === undefined ? say`never seen` : say`last seen ${duration(age)} ago`),
      host.trouble?.reason,
      cpuPercent !== undefined && say`CPU ${percent(cpuPercent)}`,
      memoryKiB !== undefined &&
        memoryFreeKiB !== undefined &&
        say`memory ${memory(memoryKiB - memoryFreeKiB)} of ${memory(memoryKiB)}`,
      host.roles.includes('hypervisor') &&
        (host.running === undefined || host.machines === undefined
          ? say`machines not known`
          : say`${host.running} of ${host.machines} machines running`),
    ])
  },
}
