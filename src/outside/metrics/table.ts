import { isChannel, isHere } from '../../fleet/display/record.ts'
import type { ByFacts } from '../../fleet/snapshot.ts'
import { alertMetrics } from './alerts.ts'
import { balancerMetrics, frontendMetrics, serviceMetrics } from './balancers.ts'
import { clusterMetrics } from './clusters.ts'
import { directoryMetrics, radiusMetrics } from './directories.ts'
import { clockMetrics, hostMetrics } from './hosts.ts'
import { incidentMetrics } from './incidents.ts'
import { machineMetrics, poolMetrics } from './machines.ts'
import { type Metric, sample } from './metric.ts'
import { processMetrics, supplyMetrics } from './supplies.ts'

const displayMetrics: readonly Metric[] = [
  {
    name: 'vdd_sessions',
    help: 'Desktops of people on a display server.',
    samples: ({ snapshot: { displays } }) =>
      displays
        .filter(({ trouble, reading }) => !trouble && reading)
        .flatMap(({ host, displays: all }) =>
          sample({ host }, all.filter((one) => isChannel(one) && isHere(one)).length),
        ),
  },
]

/** How full file systems are is among the supplies. */
const elsewhere: readonly Metric[] = []

/** A console that holds a drill is asked itself. */
const none: readonly Metric[] = []

/** By the facts that they are of. A kind without an answer does not compile. */
const byFacts: ByFacts<readonly Metric[]> = {
  hosts: hostMetrics,
  machines: machineMetrics,
  pools: poolMetrics,
  balancers: balancerMetrics,
  frontends: frontendMetrics,
  services: serviceMetrics,
  directories: directoryMetrics,
  radius: radiusMetrics,
  clusters: clusterMetrics,
  displays: displayMetrics,
  processes: processMetrics,
  supplies: supplyMetrics,
  clocks: clockMetrics,
  storage: elsewhere,
  incidents: incidentMetrics,
  drills: none,
}

/** All metrics, in the order in which they are told. */
export const metrics: readonly Metric[] = [...alertMetrics, ...Object.values(byFacts).flat()]
