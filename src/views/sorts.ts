import { lastSeenAt } from '../fleet/aged.ts'
import {
  directoryOf,
  frontendLag,
  processesOf,
  radiusMs,
  radiusOf,
  rateOf,
  sumOf,
  worstOf,
} from '../fleet/frontend-parts.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import { fullest } from '../fleet/history.ts'
import { isBad } from '../fleet/machine-conditions.ts'
import type { HostRecord, MachineRecord, Snapshot } from '../fleet/model.ts'
import { fullness } from '../fleet/runs-out.ts'

type Comparable = string | number | undefined

/** A column by which a table can be sorted. */
export interface Sort<T> {
  /** undefined: it is not known, and stands at the end whichever way it is sorted */
  readonly by: (row: T, snapshot: Snapshot, now: number) => Comparable
  /** it begins with the highest */
  readonly highestFirst?: true
}

/** By the names of columns, in their order on the screen. */
export type Sorts<T> = Readonly<Record<string, Sort<T>>>

const highest = <T>(by: Sort<T>['by']): Sort<T> => ({ by, highestFirst: true })

/** By which machines can be sorted: the columns of the Machines screen. */
export const machineSorts: Sorts<MachineRecord> = {
  name: { by: ({ name }) => name },
  state: { by: (m) => (isBad(m) ? ' ' : '') + m.state },
  host: { by: ({ host }) => host },
  cpu: highest(({ cpuPercent }) => cpuPercent),
  memory: highest(({ memoryUsedKiB, memoryKiB }) => memoryUsedKiB ?? memoryKiB),
  vcpus: { by: ({ vcpus }) => vcpus },
  disk: highest(({ disk }) => disk && disk.in + disk.out),
  net: highest(({ net }) => net && net.in + net.out),
  auto: { by: ({ autostart }) => (autostart ? 0 : 1) },
  display: { by: ({ graphics }) => graphics },
  title: { by: ({ title }) => title },
  up: { by: ({ startedAt }) => (startedAt === undefined ? undefined : -startedAt) },
}

type OfFrontend = Sort<FrontendRecord>['by']

/** What balancers tell of a front end; one that no balancer knows has none. */
const balanced =
  (of: OfFrontend): OfFrontend =>
  (frontend, snapshot, now) =>
    frontend.services.length ? of(frontend, snapshot, now) : undefined

/** What its host tells of itself. */
const ofHost =
  (of: (host: HostRecord) => Comparable): OfFrontend =>
  (frontend, { hosts }) => {
    const host = hosts.find(({ name }) => name === frontend.host)
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
  role: { by: ({ host }, { hosts }) => hosts.find(({ name }) => name === host)?.roles.join() },
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

const collator = new Intl.Collator('en', { numeric: true })

/** Numbers by size, texts with their numbers by value (`kiosk-9` before `kiosk-10`), what is not known at the end. */
function compare(a: Comparable, b: Comparable): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  if (typeof a !== 'number' || typeof b !== 'number') return collator.compare(String(a), String(b))
  return a < b ? -1 : Number(a > b)
}

/** In a new order; what is alike by its names. */
export function sortRows<T>(
  rows: readonly T[],
  by: (row: T) => Comparable,
  descending: boolean,
  name: (row: T) => string,
): T[] {
  const known = new Map(rows.map((row) => [row, by(row)]))
  return [...rows].sort((a, b) => {
    const [x, y] = [known.get(a), known.get(b)]
    const order = compare(x, y)
    return (
      (descending && x !== undefined && y !== undefined ? -order : order) ||
      collator.compare(name(a), name(b))
    )
  })
}
