import { type DirectoryRecord, lagOf } from '../../fleet/directory/record.ts'
import { radiusMs } from '../../fleet/frontend/parts.ts'
import type { RadiusRecord } from '../../fleet/radius/radius-servers.ts'
import type { MonitorFacts } from '../../services/ldap/facts.ts'
import { type Metric, type Sample, sample } from './metric.ts'

/** `search` as slapd names it in cn=Monitor: `Search` */
const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

/** Of each slapd that answers and tells of itself, by the entries of cn=Monitor as openldap_exporter labels them. */
function ofMonitor(
  values: (monitor: MonitorFacts) => readonly (readonly [dn: string, value: number | undefined])[],
): Metric['samples'] {
  return ({ snapshot: { directories } }) =>
    directories
      .filter(({ trouble }) => !trouble)
      .flatMap(({ host, reading }) =>
        reading?.monitor
          ? values(reading.monitor).flatMap(([dn, value]) => sample({ host, dn: `${dn},cn=Monitor` }, value))
          : [],
      )
}

function ofDirectories(value: (one: DirectoryRecord, now: number) => number | undefined): Metric['samples'] {
  return ({ snapshot: { directories }, now }) =>
    directories.flatMap((one) => sample({ host: one.host }, value(one, now)))
}

/** Whether it has answered, and rightly; undefined: not asked yet. */
function isRight({ trouble, reading }: DirectoryRecord): number | undefined {
  if (trouble) return 0
  return reading && Number(reading.check.ok && reading.fresh.ok)
}

export const directoryMetrics: readonly Metric[] = [
  {
    name: 'vdd_directory_up',
    help: 'Whether a slapd answers, and rightly, also on a new connection.',
    samples: ofDirectories(isRight),
  },
  {
    name: 'vdd_directory_response_seconds',
    help: 'How long a slapd takes to answer a search.',
    samples: ofDirectories(({ trouble, reading }) =>
      !trouble && reading?.check.ok ? reading.check.ms / 1000 : undefined,
    ),
  },
  {
    name: 'vdd_directory_lag_seconds',
    help: 'How far the content of a slapd is behind that of its providers.',
    samples: ofDirectories((one, now) => {
      const lag = lagOf(one, now)
      return lag === undefined ? undefined : lag / 1000
    }),
  },
  {
    name: 'vdd_directory_connections',
    help: 'Connections to a slapd.',
    samples: ofDirectories(({ trouble, reading }) => (trouble ? undefined : reading?.monitor?.connections)),
  },
  {
    name: 'vdd_directory_waiters',
    help: 'Connections of a slapd that wait to be read, and to be written.',
    samples: ({ snapshot: { directories } }) =>
      directories
        .filter(({ trouble }) => !trouble)
        .flatMap(({ host, reading }) =>
          Object.entries(reading?.monitor?.waiters ?? {}).flatMap(([to, value]) =>
            sample({ host, to }, value),
          ),
        ),
  },
  {
    name: 'openldap_monitor_operation',
    help: 'cn=Monitor: operations that were completed since slapd was started.',
    samples: ofMonitor(({ operations }) =>
      [...operations].map(
        ([kind, { completed }]) => [`cn=${capital(kind)},cn=Operations`, completed] as const,
      ),
    ),
  },
  {
    name: 'openldap_monitored_object',
    help: 'cn=Monitor: threads, and seconds since slapd was started.',
    samples: ofMonitor(({ threads, uptimeSeconds }) => [
      ['cn=Max,cn=Threads', threads.max],
      ['cn=Active,cn=Threads', threads.active],
      ['cn=Pending,cn=Threads', threads.pending],
      ['cn=Uptime,cn=Time', uptimeSeconds],
    ]),
  },
]

function ofRadius(value: (one: RadiusRecord) => number | undefined): Metric['samples'] {
  return ({ snapshot: { radius } }): Sample[] =>
    radius.flatMap((one) => sample({ host: one.host }, value(one)))
}

export const radiusMetrics: readonly Metric[] = [
  {
    name: 'vdd_radius_up',
    help: 'Whether a FreeRADIUS answers, and lets the test account in where there is one.',
    samples: ofRadius(({ trouble, reading }) => (trouble ? 0 : reading && Number(reading.login?.ok ?? true))),
  },
  {
    name: 'vdd_radius_response_seconds',
    help: 'How long a login takes, or an answer where there is no test account.',
    samples: ofRadius((one) => {
      const ms = radiusMs(one)
      return ms === undefined ? undefined : ms / 1000
    }),
  },
  {
    name: 'vdd_radius_accepts_per_second',
    help: 'Logins a second that a FreeRADIUS accepts.',
    samples: ofRadius(({ trouble, rates }) => (trouble ? undefined : rates?.accepts)),
  },
  {
    name: 'vdd_radius_rejects_per_second',
    help: 'Logins a second that a FreeRADIUS rejects.',
    samples: ofRadius(({ trouble, rates }) => (trouble ? undefined : rates?.rejects)),
  },
]
