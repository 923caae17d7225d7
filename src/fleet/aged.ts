import { defined } from '../hosts/defined.ts'
import { type Label, say } from '../hosts/label.ts'
import type { BalancerRecord } from './balancer/record.ts'
import { managerName } from './cluster/record.ts'
import { displaysEvery } from './display/record.ts'
import type { Balanced } from './service/virtual-services.ts'
import type { Facts, Snapshot } from './snapshot.ts'
import { supplyFacts } from './supply/kinds.ts'
import type { Supply } from './supply/supplies.ts'
import type { Trouble } from './trouble.ts'

/** A snapshot with overdue answers marked, as of one moment. */
export interface Aged {
  readonly snapshot: Snapshot
  /** valid until then unless a new answer comes; milliseconds since the epoch */
  readonly until: number
}

type BalancedBy = (balancers: readonly BalancerRecord[]) => Partial<Balanced>

interface Answering {
  readonly reading?: { readonly at: number }
  readonly trouble?: Trouble
}

function late(since: number, reason: Label): Trouble {
  return { kind: 'timeout', reason, advice: say``, since }
}

/**
 * An overdue answer counts as none: its source gets a trouble, as if it had not answered. The descriptors of processes on a silent host
 * are not known.
 *
 * @param balanced makes services and front ends of balancers, some of which no longer answer
 * @param awakeSince since when this console could listen: that it heard nothing before is nobody's fault
 */
export function agedAt(
  snapshot: Snapshot,
  now: number,
  balanced: BalancedBy = () => ({}),
  awakeSince?: number,
): Aged {
  let until = Number.POSITIVE_INFINITY
  /** Whether it is overdue; if not, notes when it will be. Where a reading takes long, the next one may take as long. */
  const isLate = (at: number | undefined, took = 0): boolean => {
    if (at === undefined) return false
    const end = Math.max(at, awakeSince ?? at) + snapshot.staleAfter + 2 * took
    if (now > end) return true
    until = Math.min(until, end)
    return false
  }
  const aged = <T extends Answering>(record: T, reason: Label, every = 0): T => {
    const { reading, trouble } = record
    return !trouble && isLate(reading?.at, every)
      ? { ...record, trouble: late(reading?.at ?? 0, reason) }
      : record
  }
  const balancer = (record: BalancerRecord): BalancerRecord => {
    const { lvs, lvsTrouble, ldirectord, ldirectordTrouble } = record
    const lvsLate = !lvsTrouble && isLate(lvs?.at, lvs?.took)
    const stateLate = !ldirectordTrouble && isLate(ldirectord?.at, ldirectord?.took)
    if (!lvsLate && !stateLate) return record
    return {
      ...record,
      ...(lvsLate && lvs ? { lvsTrouble: late(lvs.at, say`no answer`) } : {}),
      ...(stateLate && ldirectord ? { ldirectordTrouble: late(ldirectord.at, say`no answer`) } : {}),
    }
  }
  const troubled = new Set(snapshot.hosts.filter(({ trouble }) => trouble).map(({ name }) => name))
  const speaks = (host: string) => !troubled.has(host) && !isLate(snapshot.seenAt.get(host))
  const balancers = snapshot.balancers.map(balancer)
  const isSame = balancers.every((one, i) => one === snapshot.balancers[i])
  const directories = snapshot.directories.map((one) => aged(one, say`LDAP: no answer`))
  const silent = new Set(directories.filter(({ trouble }) => trouble).map(({ host }) => host))
  const clusters = snapshot.clusters.map((one) =>
    aged(one, say`${managerName(one.manager)}: no answer`, one.reading?.took),
  )
  const counts = ({ host, kind, at }: Supply) =>
    kind === 'pages' ? !silent.has(host) : speaks(host) && !isLate(at, supplyFacts(kind).every)
  // Each kind is listed, so that none is forgotten and stays fresh for ever.
  const facts: Facts = {
    // These show their age themselves: by `seenAt`, and pools by their own time.
    hosts: snapshot.hosts,
    machines: snapshot.machines,
    pools: snapshot.pools,
    balancers: isSame ? snapshot.balancers : balancers,
    frontends: snapshot.frontends,
    services: snapshot.services,
    ...(isSame ? {} : balanced(balancers)),
    directories,
    // Of the same tellers the same clusters are made.
    clusters: clusters.every((one, i) => one === snapshot.clusters[i]) ? snapshot.clusters : clusters,
    displays: snapshot.displays.map((one) => aged(one, say`displays: no answer`, displaysEvery)),
    radius: snapshot.radius.map((one) => aged(one, say`no answer`)),
    processes: new Map([...snapshot.processes].filter(([host]) => speaks(host))),
    supplies: snapshot.supplies.filter(counts),
    // How far a clock is off is true for a while, and says itself when it was read.
    clocks: snapshot.clocks,
    // File systems are read once a minute: a failed attempt tells that they are not known.
    storage: snapshot.storage,
    // What happened does not age.
    incidents: snapshot.incidents,
    drills: snapshot.drills,
  }
  const { seenAt, staleAfter } = snapshot
  return { snapshot: { seenAt, staleAfter, ...defined({ awakeSince }), ...facts }, until }
}

/**
 * When these services were last read, if their balancer no longer answers; undefined: it answers. Milliseconds since the epoch; the
 * oldest of several.
 */
export function lastSeenAt(
  services: readonly { readonly balancer: string }[],
  { balancers }: Pick<Snapshot, 'balancers'>,
): number | undefined {
  // As it nearly always is, and each of hundreds of front ends asks.
  if (!balancers.some(({ lvsTrouble }) => lvsTrouble)) return undefined
  const hosts = new Set(services.map(({ balancer }) => balancer))
  const silent = balancers.filter(({ host, lvsTrouble }) => lvsTrouble && hosts.has(host))
  return silent.length ? Math.min(...silent.map(({ lvs }) => lvs?.at ?? 0)) : undefined
}
