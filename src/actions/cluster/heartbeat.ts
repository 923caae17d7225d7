import { nodesOf } from '../../fleet/cluster/places.ts'
import type { ClusterRecord, NodeRecord, ResourceRecord } from '../../fleet/cluster/record.ts'
import { runningOn } from '../../fleet/cluster/together.ts'
import { kinds } from '../../fleet/kinds.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { giveUp, isOfHeartbeat, takeOver } from '../../services/heartbeat/verbs.ts'
import type { Step } from '../../services/step.ts'
import type { Context, Foresight } from '../action.ts'
import { clusterOf } from './teller.ts'

/** What heartbeat does is done by the node that is told, so it is told there. `undefined`: that node is not asked. */
function hostOf(node: string, { tellers = [] }: Partial<ClusterRecord>): string | undefined {
  return tellers.find(({ reading, trouble }) => !trouble && reading?.self === node)?.host
}

/** `true`, or why a pair under heartbeat hands nothing over now: it takes two that hear each other. */
export function canHandOver(of: NodeRecord | ResourceRecord, snapshot: Snapshot): true | Label {
  const cluster = clusterOf(of, snapshot)
  const { partitions = [], nodes = [], tellers = [] } = cluster ?? {}
  if (partitions.length > 1)
    return say`split brain: the nodes do not hear each other; mend the links between them first`
  if (tellers.some(({ reading, trouble }) => trouble || !reading || reading.isStopped))
    return say`heartbeat on both nodes has to be known and running`
  const away = nodes.find(({ state }) => state !== 'online')
  return away ? say`${away.name} is ${label(away.state)}: it takes nothing over` : true
}

/** `true`, or why a node gives nothing up. */
export function canGiveUp(node: NodeRecord, snapshot: Snapshot): true | Label {
  return runningOn(node, snapshot).length
    ? canHandOver(node, snapshot)
    : say`it has nothing that it could give up`
}

function on(node: string, of: NodeRecord | ResourceRecord, { fleet, snapshot }: Context) {
  const host = hostOf(node, clusterOf(of, snapshot) ?? {}) ?? of.host
  return { host, sudo: fleet.member(host)?.config.sudo ?? false }
}

/** One node takes the group of a resource: `local` are the groups of its own lines of haresources, `foreign` those of the other. */
export function taking(resource: ResourceRecord, to: string, context: Context): Step[] {
  return [takeOver(on(to, resource, context), resource.prefers === to ? 'local' : 'foreign')]
}

/** A node gives all that it has to the other. */
export function givingUp(node: NodeRecord, context: Context): Step[] {
  return [giveUp(on(node.name, node, context), 'all')]
}

/** All of what a pair carries is somewhere, and nothing of it on this node. */
export function hasGivenUp(node: NodeRecord, snapshot: Snapshot): boolean {
  const all = kinds.resource.all(snapshot).filter(({ cluster }) => cluster === node.cluster)
  return all.every((one) => {
    const places = nodesOf(one)
    return places.length > 0 && !places.includes(node.name)
  })
}

/** Nobody can be asked beforehand, and nothing is decided either: undefined where the steps are not heartbeat's. */
export function handOverForeseen(steps: readonly Step[]): Foresight | undefined {
  return steps.some(isOfHeartbeat)
    ? {
        texts: [
          say`each resource is stopped on the one node before it is started on the other; clients wait meanwhile`,
        ],
      }
    : undefined
}
