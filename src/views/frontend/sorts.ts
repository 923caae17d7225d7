import { lastSeenAt } from '../../fleet/aged.ts'
import type { FrontendRecord } from '../../fleet/frontend/frontends.ts'
import {
  directoryOf,
  frontendLag,
  processesOf,
  radiusMs,
  radiusOf,
  rateOf,
  sumOf,
  worstOf,
} from '../../fleet/frontend/parts.ts'
import { fullest } from '../../fleet/history/history.ts'
import type { HostRecord } from '../../fleet/host/record.ts'
import { recordOf } from '../../fleet/kinds.ts'
import { fullness } from '../../fleet/supply/runs-out.ts'
import { type Comparable, highest, type Sort, type Sorts } from '../sort.ts'

type OfFrontend = Sort<FrontendRecord>['by']

/** What balancers tell of a front end; one that no balancer knows has none. */
const balanced =
  (of: OfFrontend): OfFrontend =>
  (frontend, snapshot, now) =>
    frontend.services.length ? of(frontend, snapshot, now) : undefined

/** What its host tells of itself. */
const ofHost =
  (of: (host: HostRecord) => Comparable): OfFrontend =>
  (frontend, snapshot) => {
    const host = recordOf('host', frontend.host ?? '', snapshot)
    return host && !host.trouble ? of(host) : undefined
  }

/** What answers wrongly or not at all is slower than all that answers. */
const never = Number.POSITIVE_INFINITY

const ldap: OfFrontend = (frontend, snapshot) => {
  const { reading, trouble } = directoryOf(frontend, snapshot) ?? {}
  if (trouble) return never
  return reading && (reading.check.ok && reading.fresh.ok ? reading.check.ms : never)
}

const radius: OfFrontend = (frontend, snapshot) => {
  const record = radiusOf(frontend, snapshot)
  return record && (record.reading || record.trouble) ? (radiusMs(record) ?? never) : undefined
}

const descriptors: OfFrontend = (frontend, snapshot) => {
  const first = fullest(processesOf(frontend, snapshot))
  return first && fullness(first)
}

/** By which front ends can be sorted: the columns of the Front ends screen. */
export const frontendSorts: Sorts<FrontendRecord> = {
  name: { by: ({ name }) => name },
  role: { by: ({ host }, snapshot) => recordOf('host', host ?? '', snapshot)?.roles.join() },
  // The worst first; who is not seen any more is worse than all.
  state: { by: (f, snapshot) => (lastSeenAt(f.services, snapshot) === undefined ? worstOf(f)?.rank : -1) },
  weight: highest(balanced((f) => sumOf(f, ({ weight }) => weight))),
  active: highest(balanced((f) => sumOf(f, ({ active }) => active))),
  ldap: highest(ldap),
  lag: highest(frontendLag),
  radius: highest(radius),
  inactive: highest(balanced((f) => sumOf(f, ({ inactive }) => inactive))),
  rate: highest((f) => rateOf(f, ({ connections }) => connections)),
  descriptors: highest(descriptors),
  load: highest(ofHost(({ load }) => load)),
  cpu: highest(ofHost(({ cpuPercent }) => cpuPercent)),
  in: highest((f) => rateOf(f, ({ bytesIn }) => bytesIn)),
  balancer: { by: balanced((f) => [...new Set(f.services.map(({ balancer }) => balancer))].join()) },
}
