import type { NodeRecord } from '../../fleet/cluster/record.ts'
import { runningOn } from '../../fleet/cluster/together.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, say } from '../../hosts/label.ts'
import { named, onlineNode, restCluster, standbyNode } from '../../services/pacemaker/verbs.ts'
import type { Change } from '../action.ts'
import { foreseen } from '../cluster/foresight.ts'
import { canGiveUp, givingUp, hasGivenUp } from '../cluster/heartbeat.ts'
import { ableNodes, canBeTold, clusterOf, toldBy } from '../cluster/teller.ts'
import { drillNode } from '../drill/action.ts'
import { presentOf } from '../subjects.ts'
import { doesRest } from './standing.ts'

/** Why what runs on these would run nowhere. */
function leavesNothing(
  node: NodeRecord,
  snapshot: Snapshot,
  together: readonly NodeRecord[],
): Label | undefined {
  const cluster = clusterOf(node, snapshot)
  const going = new Set(together.map(({ id }) => id))
  const others = cluster ? ableNodes(cluster).filter(({ id }) => !going.has(id)) : []
  return others.length || !runningOn(node, snapshot).length
    ? undefined
    : say`no other node is online: what runs on ${node.name} runs nowhere then`
}

const common = { kind: 'change', subject: 'node', group: 'duty', foresees: foreseen, patience: 120 } as const

const standby: Change<NodeRecord> = {
  ...common,
  verb: 'standby',
  key: 's',
  title: 'Standby',
  help: 'Puts a node of a cluster on standby: what runs on it goes to the others, until it is brought back.',
  risk: 'disruptive',
  hits: 'stumbles',
  available: (node, { snapshot }) => {
    if (node.manager === 'heartbeat') return canGiveUp(node, snapshot)
    if (node.facts.standby) return say`it is on standby already`
    if (!node.facts.online) return say`it is ${node.state === 'unclean' ? say`unclean` : say`offline`}`
    return canBeTold(node, snapshot)
  },
  asks: [],
  endedBy: ['online'],
  riskWith: (_answers, node, snapshot, together) =>
    leavesNothing(node, snapshot, together) ? 'destructive' : 'disruptive',
  insists: (node, _answers, snapshot, together) => leavesNothing(node, snapshot, together),
  warns: (node, _answers, snapshot) =>
    doesRest(node, snapshot)
      ? [say`the whole cluster is in maintenance: nothing moves until that is over`]
      : [],
  plan: (node, _answers, context) =>
    node.manager === 'heartbeat'
      ? givingUp(node, context)
      : [standbyNode(toldBy(node, context.snapshot, [node.name]), named(node.name))],
  settled: (node, _answers, snapshot) => {
    const now = presentOf('node', node, snapshot)
    if (now?.manager === 'heartbeat') return hasGivenUp(now, snapshot) || undefined
    return (now?.facts.standby && (!movesAway(now, snapshot).length || doesRest(now, snapshot))) || undefined
  },
  progress: (node, _answers, snapshot) => {
    const now = presentOf('node', node, snapshot)
    const left = now ? movesAway(now, snapshot).length : 0
    return left ? say`${left} still run${left === 1 ? say`s` : say``} there` : undefined
  },
  // With heartbeat it does not last: what went is moved back.
  undo: ({ manager }) => (manager === 'heartbeat' ? undefined : { verb: 'online', answers: {} }),
}

/** What still has to leave a node that is on standby; what nobody manages stays. */
function movesAway(node: NodeRecord, snapshot: Snapshot) {
  return runningOn(node, snapshot).filter(({ managed }) => managed)
}

const online: Change<NodeRecord> = {
  ...common,
  verb: 'online',
  key: 'r',
  title: 'Bring back',
  help: 'Takes a node from standby: the cluster may run on it again.',
  risk: 'disruptive',
  available: (node, { snapshot }) => {
    if (node.manager === 'heartbeat') return say`its standby does not last: move back what it shall have`
    if (!node.facts.standby)
      return node.facts.standbyOnFail
        ? say`a resource that failed put it on standby: clean that up`
        : say`it is not on standby`
    return canBeTold(node, snapshot)
  },
  asks: [],
  endedBy: ['standby'],
  plan: (node, _answers, { snapshot }) => [onlineNode(toldBy(node, snapshot), named(node.name))],
  settled: (node, _answers, snapshot) =>
    presentOf('node', node, snapshot)?.facts.standby === false || undefined,
  undo: () => ({ verb: 'standby', answers: {} }),
}

const maintenance: Change<NodeRecord> = {
  ...common,
  verb: 'maintenance',
  key: 'M',
  title: 'Cluster maintenance',
  help: 'Leaves the whole cluster of a node alone, so that nothing is started, stopped or moved, or looks after it again.',
  risk: 'disruptive',
  single: true,
  available: (node, { snapshot }) => canBeTold(node, snapshot),
  asks: [
    {
      id: 'mode',
      text: say`Maintenance of the whole cluster?`,
      value: 'on|off',
      needed: true,
      choices: () => [
        { value: 'on', title: say`on`, note: say`nothing is started, stopped or moved, whatever fails` },
        { value: 'off', title: say`off`, note: say`the cluster acts again, also on what failed meanwhile` },
      ],
      default: (node, snapshot) => (doesRest(node, snapshot) ? 'off' : 'on'),
      wrong: (value) => (value === 'on' || value === 'off' ? undefined : say`on or off`),
    },
  ],
  endedBy: ['maintenance'],
  warns: (_node, { mode }) =>
    mode === 'on' ? [say`if something fails meanwhile, it stays down until the maintenance is over`] : [],
  plan: (node, { mode }, { snapshot }) =>
    doesRest(node, snapshot) === (mode === 'on') ? [] : [restCluster(toldBy(node, snapshot), mode === 'on')],
  settled: (node, { mode }, snapshot) => doesRest(node, snapshot) === (mode === 'on') || undefined,
  undo: (node, { mode }, before) =>
    doesRest(node, before) === (mode === 'on')
      ? undefined
      : { verb: 'maintenance', answers: { mode: mode === 'on' ? 'off' : 'on' } },
}

export const nodeActions: readonly Change<NodeRecord>[] = [standby, online, maintenance, drillNode]
