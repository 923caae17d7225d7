import type { BalancerRecord } from './balancer/record.ts'
import type { ClockRecord } from './clocks/record.ts'
import type { TellerRecord } from './cluster/record.ts'
import type { DirectoryRecord } from './directory/record.ts'
import type { DisplayServerRecord } from './display/record.ts'
import type { DrillRecord } from './drill/record.ts'
import type { FrontendRecord } from './frontend/frontends.ts'
import type { HostRecord } from './host/record.ts'
import type { Incident } from './incident/record.ts'
import type { MachineRecord } from './machine/record.ts'
import type { PoolRecord } from './pool/record.ts'
import type { ProcessRecord } from './process/record.ts'
import type { RadiusRecord } from './radius/radius-servers.ts'
import type { ServiceRecord } from './service/record.ts'
import type { StorageRecord } from './supply/storage.ts'
import type { Supply } from './supply/supplies.ts'

/** All that is known at one moment. Unchanged hosts and machines are the same objects as in the snapshot before. */
export interface Snapshot {
  readonly hosts: readonly HostRecord[]
  readonly machines: readonly MachineRecord[]
  /** by host name: milliseconds since the epoch of the last complete answer; none: never answered */
  readonly seenAt: ReadonlyMap<string, number>
  /** facts older than this, in milliseconds, are shown as stale */
  readonly staleAfter: number
  /** since when this console could listen, in milliseconds since the epoch; none: always */
  readonly awakeSince?: number
  readonly balancers: readonly BalancerRecord[]
  readonly frontends: readonly FrontendRecord[]
  /** the virtual services of all balancers, each as its active balancer has it */
  readonly services: readonly ServiceRecord[]
  /** the storage pools of hypervisors, by their hosts */
  readonly pools: ReadonlyMap<string, readonly PoolRecord[]>
  /** the slapds that are polled */
  readonly directories: readonly DirectoryRecord[]
  /** how far the clocks of the hosts are from the console's */
  readonly clocks: readonly ClockRecord[]
  /** the nodes of clusters that are asked, with what each told */
  readonly clusters: readonly TellerRecord[]
  /** the display servers, each with its X displays */
  readonly displays: readonly DisplayServerRecord[]
  /** the FreeRADIUS servers that are polled */
  readonly radius: readonly RadiusRecord[]
  /** by host: the processes whose descriptors are watched */
  readonly processes: ReadonlyMap<string, readonly ProcessRecord[]>
  /** limited resources of hosts, besides descriptors */
  readonly supplies: readonly Supply[]
  /** whether the file systems of hosts could be read */
  readonly storage: readonly StorageRecord[]
  /** what failed together, as the journal tells it, the newest first */
  readonly incidents: readonly Incident[]
  /** the drills that this program holds or has held, the newest first */
  readonly drills: readonly DrillRecord[]
}

/** What is known, apart from when it was read. */
export type Facts = Omit<Snapshot, 'seenAt' | 'staleAfter' | 'awakeSince'>

/** One entry for each kind of facts. A missing one does not compile. */
export type ByFacts<T> = { readonly [K in keyof Facts]: T }

export function isStale(
  snapshot: Pick<Snapshot, 'seenAt' | 'staleAfter'>,
  host: string,
  now: number,
): boolean {
  const seen = snapshot.seenAt.get(host)
  return seen === undefined || now - seen > snapshot.staleAfter
}

/** The condition of a host: not yet answered, up, its answer overdue, only its libvirt silent, or its last answer an error. */
export function conditionOf(
  snapshot: Snapshot,
  host: HostRecord,
  now: number,
): 'asking' | 'up' | 'stale' | 'unknown' | 'down' {
  if (host.trouble) return host.trouble.hostAnswers ? 'unknown' : 'down'
  if (!snapshot.seenAt.has(host.name)) return 'asking'
  return isStale(snapshot, host.name, now) ? 'stale' : 'up'
}

/** Milliseconds since a host's last answer; undefined when it never answered. */
export function ageOf(snapshot: Pick<Snapshot, 'seenAt'>, host: string, now: number): number | undefined {
  const seen = snapshot.seenAt.get(host)
  return seen === undefined ? undefined : Math.max(0, now - seen)
}
