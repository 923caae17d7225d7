import type { MachineRecord } from '../../fleet/machine/record.ts'
import type { PoolRecord } from '../../fleet/pool/record.ts'
import { type Known, type Metric, type Sample, sample, speaking } from './metric.ts'

const labelsOf = ({ host, name, uuid }: MachineRecord) => ({ host, machine: name, uuid })

/** Those on hosts that answer. */
function ofMachines(samples: (machine: MachineRecord) => readonly Sample[]): Metric['samples'] {
  return (known) => {
    const up = speaking(known)
    return known.snapshot.machines.filter(({ host }) => up.has(host)).flatMap(samples)
  }
}

export const machineMetrics: readonly Metric[] = [
  {
    name: 'vdd_machine_state',
    help: 'The state of a virtual machine: 1, with the state as a label.',
    samples: ofMachines((one) => sample({ ...labelsOf(one), state: one.state }, 1)),
  },
  {
    name: 'vdd_machine_cpu_ratio',
    help: 'Use of the vCPUs of a machine, 0 to 1.',
    samples: ofMachines((one) =>
      sample(labelsOf(one), one.cpuPercent === undefined ? undefined : one.cpuPercent / 100),
    ),
  },
  {
    name: 'vdd_machine_memory_used_bytes',
    help: 'Memory that a machine uses.',
    samples: ofMachines((one) =>
      sample(labelsOf(one), one.memoryUsedKiB === undefined ? undefined : one.memoryUsedKiB * 1024),
    ),
  },
]

/** Milliseconds: pools are read once a minute. */
const poolsCount = 180_000

function ofPools(value: (pool: PoolRecord) => number): Metric['samples'] {
  return (known: Known) => {
    const up = speaking(known)
    const pools = [...known.snapshot.pools.values()].flat()
    const fresh = pools.filter(({ host, at }) => up.has(host) && known.now - at < poolsCount)
    return fresh.flatMap((pool) => sample({ host: pool.host, pool: pool.name }, value(pool)))
  }
}

export const poolMetrics: readonly Metric[] = [
  {
    name: 'vdd_pool_size_bytes',
    help: 'Size of a storage pool.',
    samples: ofPools(({ capacity }) => capacity),
  },
  {
    name: 'vdd_pool_available_bytes',
    help: 'Free space of a storage pool.',
    samples: ofPools(({ available }) => available),
  },
]
