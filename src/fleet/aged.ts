import { type Label, say } from '../hosts/label.ts'
import type { BalancerRecord } from './balancer/record.ts'
import type { Balanced } from './service/virtual-services.ts'
import type { Facts, Snapshot } from './snapshot.ts'
import { supplyFacts } from './supply/kinds.ts'
import type { Supply } from './supply/supplies.ts'
import type { Trouble } from './trouble.ts'

/** What is known, as it counts at one moment. */
export interface Aged {
  readonly snapshot: Snapshot
  /** until then it stays so, if nothing new comes; milliseconds since the epoch */
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
 * An answer that is overdue is none, whatever it said: who gave it gets a trouble, as if it had been asked and had not answered. What
 * a process has open is not known of a host that is silent.
 *
 * @param balanced what the balancers make of services and front ends, when it is known of one that it does not answer
 */
export function agedAt(snapshot: Snapshot, now: number, balanced: BalancedBy = () => ({})): Aged {
  let until = Number.POSITIVE_INFINITY
  /** Whether it is overdue; what is not will be. Of a host on which a look takes long the next one takes as long, after a rest. */
  const isLate = (at: number | undefined, took = 0): boolean => {
    if (at === undefined) return false
    const end = at + snapshot.staleAfter + 2 * took
    if (now > end) return true
    until = Math.min(until, end)
    return false
  }
  const aged = <T extends Answering>(record: T, reason: Label): T => {
    const { reading, trouble } = record
    return !trouble && isLate(reading?.at) ? { ...record, trouble: late(reading?.at ?? 0, reason) } : record
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
  const counts = ({ host, kind, at }: Supply) =>
    kind === 'pages' ? !silent.has(host) : speaks(host) && !isLate(at, supplyFacts(kind).every)
  // Each kind is named, so that none is forgotten and stays fresh for ever.
  const facts: Facts = {
    // Of these it is told how old they are, and no more is said: `seenAt`, and of pools by themselves.
    hosts: snapshot.hosts,
    machines: snapshot.machines,
    pools: snapshot.pools,
    balancers: isSame ? snapshot.balancers : balancers,
    frontends: snapshot.frontends,
    services: snapshot.services,
    ...(isSame ? {} : balanced(balancers)),
    directories,
    radius: snapshot.radius.map((one) => aged(one, say`no answer`)),
    processes: new Map([...snapshot.processes].filter(([host]) => speaks(host))),
    supplies: snapshot.supplies.filter(counts),
    // What is read once a minute is not overdue: its attempts fail, and say so.
    storage: snapshot.storage,
  }
  return { snapshot: { seenAt: snapshot.seenAt, staleAfter: snapshot.staleAfter, ...facts }, until }
}

/**
 * When that was read from which these services are told, where their balancer does not answer any more: they are not known to be so
 * now. Milliseconds since the epoch; the oldest of several.
 */
export function lastSeenAt(
  services: readonly { readonly balancer: string }[],
  { balancers }: Pick<Snapshot, 'balancers'>,
): number | undefined {
  const hosts = new Set(services.map(({ balancer }) => balancer))
  const silent = balancers.filter(({ host, lvsTrouble }) => lvsTrouble && hosts.has(host))
  return silent.length ? Math.min(...silent.map(({ lvs }) => lvs?.at ?? 0)) : undefined
}
