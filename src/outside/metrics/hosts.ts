import type { HostRecord } from '../../fleet/host/record.ts'
import { conditionOf } from '../../fleet/snapshot.ts'
import { type Known, type Metric, sample, speaking } from './metric.ts'

/** Of each host that answers. */
function ofHosts(value: (host: HostRecord) => number | undefined): Metric['samples'] {
  return (known) => {
    const up = speaking(known)
    const hosts = known.snapshot.hosts.filter(({ name }) => up.has(name))
    return hosts.flatMap((host) => sample({ host: host.name }, value(host)))
  }
}

const bytes = (kib: number | undefined) => (kib === undefined ? undefined : kib * 1024)

function isUp(host: HostRecord, { snapshot, now }: Known): number | undefined {
  const condition = conditionOf(snapshot, host, now)
  return condition === 'asking' ? undefined : Number(condition === 'up')
}

export const hostMetrics: readonly Metric[] = [
  {
    name: 'vdd_host_up',
    help: 'Whether a host answers.',
    samples: (known) =>
      known.snapshot.hosts.flatMap((host) => sample({ host: host.name }, isUp(host, known))),
  },
  {
    name: 'node_load1',
    help: 'Runnable and waiting processes of a host, mean of the last minute.',
    samples: ofHosts(({ load }) => load),
  },
  {
    name: 'vdd_host_cpu_ratio',
    help: 'Use of all CPUs of a host, 0 to 1.',
    samples: ofHosts(({ cpuPercent }) => (cpuPercent === undefined ? undefined : cpuPercent / 100)),
  },
  {
    name: 'vdd_host_memory_bytes',
    help: 'Memory of a host.',
    samples: ofHosts(({ memoryKiB }) => bytes(memoryKiB)),
  },
  {
    name: 'vdd_host_memory_available_bytes',
    help: 'Memory of a host that is free for programs.',
    samples: ofHosts(({ memoryFreeKiB }) => bytes(memoryFreeKiB)),
  },
]

export const clockMetrics: readonly Metric[] = [
  {
    name: 'vdd_host_clock_offset_seconds',
    help: 'How far the clock of a host is ahead of that of the machine on which vdd runs.',
    samples: ({ snapshot }) =>
      snapshot.clocks
        .filter(({ trouble }) => !trouble)
        .flatMap(({ host, reading }) => sample({ host }, reading && reading.offset / 1000)),
  },
]
