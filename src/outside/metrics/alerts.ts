import { wallTime } from '../../hosts/clock.ts'
import { type Metric, sample } from './metric.ts'

export const alertMetrics: readonly Metric[] = [
  {
    name: 'vdd_alerts',
    help: 'How many alerts there are.',
    samples: ({ alerts }) =>
      (['bad', 'warning'] as const).flatMap((severity) =>
        [true, false].flatMap((acknowledged) =>
          sample(
            { severity, acknowledged: String(acknowledged) },
            alerts.filter((one) => one.severity === severity && !!one.acknowledged === acknowledged).length,
          ),
        ),
      ),
  },
  {
    name: 'vdd_alert_since_timestamp_seconds',
    help: 'When an alert began, in seconds since 1970.',
    samples: ({ alerts }) =>
      alerts.flatMap(({ severity, about, host, name, what, acknowledged, since }) =>
        sample(
          { severity, host, kind: about.kind, name, what, acknowledged: String(!!acknowledged) },
          Math.round(wallTime(since)) / 1000,
        ),
      ),
  },
]
