import { clustersOf } from '../../fleet/cluster/cluster.ts'
import { isNowhere, isTwice, nodesOf } from '../../fleet/cluster/places.ts'
import {
  type ClusterRecord,
  managerName,
  type NodeRecord,
  type ResourceRecord,
} from '../../fleet/cluster/record.ts'
import { runningOn } from '../../fleet/cluster/together.ts'
import type { EventType } from '../../fleet/event-types.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { ableNodes, clusterOf } from '../cluster/teller.ts'
import type { About, Change, Drill, Sight, Watched } from './kind.ts'
import { addressesHere, addressesIn } from './look-addresses.ts'
import { atFirst, since, toldBy } from './timeline.ts'

/** The node that a host is; undefined: it is in no cluster that is known. */
export function nodeOn(host: string, { clusters }: Snapshot): NodeRecord | undefined {
  for (const { nodes, tellers } of clustersOf(clusters)) {
    const self = tellers.find((one) => one.host === host)?.reading?.self ?? label(host)
    const node = nodes.find(({ name }) => name === self)
    if (node) return node
  }
  return undefined
}

/** The host of a node; undefined: it is not asked. */
function hostOf({ name }: Pick<NodeRecord, 'name'>, { tellers }: ClusterRecord): string | undefined {
  return tellers.find(({ host, reading }) => (reading?.self ?? label(host)) === name)?.host
}

/**
 * A node of a cluster whose others would take what it has; or why they would not, or why that could not be seen.
 *
 * @param about its first target counts whose balancer is one of these nodes
 */
export function withOthers(
  node: NodeRecord,
  { snapshot, targets }: About,
): Pick<Drill, 'name' | 'host' | 'sight' | 'target'> | Label {
  const cluster = clusterOf(node, snapshot)
  const host = cluster && hostOf(node, cluster)
  if (!cluster || host === undefined) return say`${node.name} is no host of the configuration`
  if (node.state !== 'online') return say`${node.name} is ${label(node.state)}`
  const lost = cluster.tellers.find(({ trouble, reading }) => trouble || !reading || reading.isStopped)
  if (lost) return say`${managerName(node.manager)} on ${label(lost.host)} does not answer, or does not run`
  if (cluster.partitions.some(({ told }) => told.reading.cluster.maintenance))
    return say`the whole cluster is in maintenance: nobody would take anything over`
  if (!runningOn(node, snapshot).length) return say`${node.name} has nothing that others would take`
  const others = ableNodes(cluster).filter(({ id }) => id !== node.id)
  if (!others.length) return say`no other node is online: what runs on ${node.name} runs nowhere then`
  const wrong = resourcesOf(cluster.id, snapshot).find((one) => isTwice(one) || isNowhere(one))
  if (wrong) return say`${wrong.name} does not run as it should: mend that first`
  const hosts = cluster.tellers.map((one) => one.host)
  const target = targets.find(({ service }) => hosts.includes(service.balancer))
  return {
    name: node.name,
    host,
    sight: holdingOf(host, hosts, node),
    ...(target ? { target } : {}),
  }
}

const resourcesOf = (id: string, { clusters }: Snapshot) =>
  clustersOf(clusters).find((one) => one.id === id)?.resources ?? []

/** VRRP gives to the one with the highest priority what it had, some seconds after that one runs again. */
function isAtHome({ priorities, places }: ResourceRecord, { name }: NodeRecord): boolean {
  const [first] = priorities.toSorted((a, b) => b.priority - a.priority)
  return first?.node !== name || places.some(({ node }) => node === name)
}

/** What tells that somebody has taken an address; others that he takes something. */
const taking: readonly (readonly EventType[])[] = [
  ['address.moved'],
  ['resource.moved', 'resource.started', 'failover.state'],
]

/** Which of the hosts of a cluster has the addresses that one had at first. */
export function holdingOf(host: string, hosts: readonly string[], node: NodeRecord): Sight {
  const others = hosts.filter((one) => one !== host)
  const hadBy = (one: string, { changes, broken }: Watched) =>
    addressesIn(atFirst(broken, changes.get(one) ?? [])?.value ?? 'none')
  /** each look of another host, and which addresses of this one it has that it did not have before */
  const takenBy = (watched: Watched) => {
    const had = hadBy(host, watched)
    const all = others.flatMap((one) => {
      const own = hadBy(one, watched)
      const looks = since(watched.broken, watched.changes.get(one) ?? [])
      return looks.map((change) => {
        const taken = [...addressesIn(change.value)].filter((it) => had.has(it) && !own.has(it))
        return { change, taken }
      })
    })
    return all.filter(({ taken }) => taken.length).sort((a, b) => a.change.at - b.change.at)
  }
  /** since when it alone has these, once it was put back */
  const homeOf = (moved: ReadonlySet<string>, { back, changes }: Watched): Change | undefined => {
    const isWith = (one: string, at: number, all: boolean) => {
      const now = addressesIn(changes.get(one)?.findLast((change) => change.at <= at)?.value ?? 'none')
      return all ? [...moved].every((it) => now.has(it)) : [...moved].some((it) => now.has(it))
    }
    const later = hosts.flatMap((one) => changes.get(one) ?? []).filter(({ at }) => back && at >= back.at)
    return later
      .toSorted((a, b) => a.at - b.at)
      .find(({ at }) => isWith(host, at, true) && !others.some((one) => isWith(one, at, false)))
  }
  return {
    looks: hosts.map((one) => ({ host: one, look: addressesHere })),
    isRestored: (_changes, snapshot) => {
      const { nodes = [], resources = [] } = clusterOf(node, snapshot) ?? {}
      const isOnline = nodes.every((one) => !one.trouble && (one.id !== node.id || one.state === 'online'))
      return isOnline && resources.every((one) => nodesOf(one).length && !isTwice(one) && isAtHome(one, node))
    },
    serving: (snapshot) => {
      const { resources = [] } = clusterOf(node, snapshot) ?? {}
      const names = new Set(resources.flatMap((one) => nodesOf(one)))
      return names.size ? joined([...names], ', ') : undefined
    },
    faultOf: ({ broken, entries }) =>
      since(broken, entries).find(
        ({ type, host: of, name }) =>
          type && !type.startsWith('action.') && (of === host || name === node.name),
      )?.at,
    marks: (watched) => {
      const { broken, back, entries } = watched
      const all = takenBy(watched)
      const taken = all[0]?.change
      const moved = new Set(all.flatMap((one) => one.taken))
      // Cut off, it may have had them all the time.
      const home = back && moved.size ? homeOf(moved, watched) : undefined
      const later = since(broken, entries).filter((one) => others.includes(`${one.host}`))
      const [told] = taking.flatMap((types) => later.find(({ type }) => type && types.includes(type)) ?? [])
      return {
        away: [
          {
            id: 'taken',
            sign: 'T',
            title: say`another has taken over`,
            word: say`taken over`,
            absent: say`not taken over`,
            ...(taken ? { seen: taken } : {}),
            told: toldBy(told),
          },
        ],
        home: [
          {
            id: 'home',
            sign: 'H',
            title: say`${node.name} has it again`,
            word: say`back on ${node.name}`,
            ...(back ? { absent: say`not back on ${node.name} so far` } : {}),
            ...(home ? { seen: home } : {}),
          },
        ],
      }
    },
  }
}
