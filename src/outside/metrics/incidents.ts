import type { Incident } from '../../fleet/incident/record.ts'
import { wallTime } from '../../hosts/clock.ts'
import { type Metric, sample } from './metric.ts'

/** Milliseconds for which an incident that is over is told. */
const told = 24 * 3_600_000

const labelsOf = ({ id, rule, concern }: Incident) => ({ incident: id, rule, name: concern.name })

export const incidentMetrics: readonly Metric[] = [
  {
    name: 'vdd_incidents_open',
    help: 'How many incidents are not over.',
    samples: ({ snapshot: { incidents } }) => sample({}, incidents.filter(({ open }) => open.length).length),
  },
  {
    name: 'vdd_incident_since_timestamp_seconds',
    help: 'When an incident that is not over began, in seconds since 1970.',
    samples: ({ snapshot: { incidents } }) =>
      incidents
        .filter(({ open }) => open.length)
        .flatMap((one) => sample(labelsOf(one), one.fault.at / 1000)),
  },
  {
    name: 'vdd_incident_lasted_seconds',
    help: 'How long an incident of the last day lasted, from the fault until all was back.',
    samples: ({ snapshot: { incidents }, now }) =>
      incidents
        .filter(({ open, fault }) => !open.length && wallTime(now) - fault.at < told)
        .flatMap((one) =>
          sample(
            labelsOf(one),
            one.overBefore ? undefined : one.restored && (one.restored.at - one.fault.at) / 1000,
          ),
        ),
  },
]
