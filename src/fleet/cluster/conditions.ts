import { joined, type Label, say } from '../../hosts/label.ts'
import type { LocationRule } from '../../services/pacemaker/facts.ts'
import type { Alert } from '../alerts/alert.ts'
import { alertOf, type Condition, type Fault, faultsOf } from '../alerts/conditions.ts'
import { hostConcern, type Ref } from '../ref.ts'
import { conditionOf, type Snapshot } from '../snapshot.ts'
import { troubleTold } from '../trouble.ts'
import { clustersOf } from './cluster.ts'
import { isNowhere, isTwice, listed, nodesOf, runningNodes } from './places.ts'
import {
  type ClusterRecord,
  managerName,
  type NodeRecord,
  nodeConcern,
  type ResourceRecord,
  resourceConcern,
  type TellerRecord,
} from './record.ts'

const standby = ['node.standby', 'node.active'] as const

/** What is wrong with a node by itself. */
export function nodeConditions(node: NodeRecord): Condition[] {
  const { state, name, facts } = node
  const deadLinks = facts.links?.filter(({ isUp }) => !isUp) ?? []
  const one = (
    severity: Condition['severity'],
    text: Label,
    over: Label,
    types: NonNullable<Condition['types']>,
    what: string = state,
  ): Condition[] => [{ severity, what: `node ${name} ${what}`, text, over, types }]
  // A lost node is unclean for some time, and for a moment again when it comes back: all of that is one loss.
  const lost = (severity: Condition['severity'], text: Label) =>
    one(severity, text, say`is in the cluster again`, ['node.lost', 'node.joined'], 'lost')
  switch (state) {
    case 'offline':
      return facts.shutdown ? lost('warning', say`offline: it was shut down`) : lost('bad', say`offline`)
    case 'unclean': {
      const text = say`unclean: what runs on it is not known${elsewhere(node)}`
      return facts.online
        ? one('bad', text, say`is clean again`, ['node.unclean', 'node.clean'])
        : lost('bad', text)
    }
    case 'standby':
      return facts.standbyOnFail
        ? one('bad', say`on standby, since a resource failed on it`, say`no longer on standby`, standby)
        : one('warning', say`on standby: nothing runs on it`, say`no longer on standby`, standby)
    case 'maintenance':
      return one(
        'warning',
        say`in maintenance: nothing on it is started or stopped`,
        say`no longer in maintenance`,
        ['node.maintenance', 'node.managed'],
      )
    case 'online':
      return [
        ...(facts.faults ?? []).map(
          ({ what, text, over }): Condition => ({
            severity: 'bad',
            what: `node ${name} ${what}`,
            text,
            over,
            types: ['failover.failed', 'failover.back'],
          }),
        ),
        ...deadLinks.map(
          (link): Condition => ({
            severity: 'warning',
            what: `node ${name} link ${link.name}`,
            text: say`link ${link.name} is dead`,
            over: say`link ${link.name} is up again`,
            types: ['link.lost', 'link.back'],
          }),
        ),
      ]
    default:
      return []
  }
}

/** What becomes of what an unclean node may still run: Pacemaker's `stonith-enabled` says it. */
function elsewhere({ fencingEnabled }: NodeRecord): Label {
  if (fencingEnabled === undefined) return say``
  return fencingEnabled
    ? say`, and nothing of it is started elsewhere until it is fenced`
    : say`, and is started elsewhere all the same: nodes are not fenced here`
}

/** What is wrong with a resource by itself. */
export function resourceConditions(resource: ResourceRecord): Condition[] {
  const { rawName, blocked, failed, orphaned, managed, clusterRests } = resource
  const conditions: Condition[] = []
  const add = (
    severity: Condition['severity'],
    what: string,
    text: Label,
    rest: Pick<Condition, 'over' | 'types' | 'advice'>,
  ) => conditions.push({ severity, what: `resource ${rawName} ${what}`, text, ...rest })
  const nodes = nodesOf(resource)
  if (isTwice(resource))
    add('bad', 'twice', say`runs on ${listed(nodes)} at once`, {
      over: say`runs on one node again`,
      types: ['resource.twice', 'resource.once'],
    })
  if (blocked)
    add('bad', 'blocked', say`blocked: the cluster can neither start nor stop it`, {
      over: say`no longer blocked`,
      types: ['resource.blocked', 'resource.unblocked'],
      advice: say`look at what failed, mend it, then clean up: x on its page, or: vdd cluster cleanup ${resource.name}`,
    })
  else if (failed)
    add('bad', 'failed', say`failed${lastFailure(resource)}`, {
      over: say`no longer failed`,
      types: ['resource.failed', 'resource.mended'],
    })
  if (isNowhere(resource))
    add('bad', 'nowhere', say`runs nowhere${failed || blocked ? say`` : lastFailure(resource)}`, {
      over: say`runs again`,
      types: ['resource.stopped', 'resource.started'],
    })
  if (orphaned)
    add('warning', 'orphaned', say`runs, but is no longer configured`, {
      over: say`no longer an orphan`,
      types: ['resource.orphaned', 'resource.known'],
    })
  if (!managed && !clusterRests)
    add('warning', 'unmanaged', say`not managed: if it fails, nothing is done`, {
      over: say`managed again`,
      types: ['resource.unmanaged', 'resource.managed'],
    })
  const count = resource.failCounts.reduce((sum, one) => sum + (one.count ?? 1), 0)
  if (count && !failed && !blocked && !isNowhere(resource))
    add(
      'warning',
      'fail counts',
      say`failed ${count === 1 ? say`once` : say`${count} times`}${lastFailure(resource)}`,
      {
        over: say`its failures were cleaned up`,
        types: ['resource.counted', 'resource.cleaned'],
        advice: say`when the cause is mended: x on its page, or: vdd cluster cleanup ${resource.name}`,
      },
    )
  return conditions
}

/**
 * Whether it is not known if this condition still holds: nothing where nobody tells, what a lost node is besides, and of a resource what something worse hides. One that
 * ran nowhere does not run again because its cluster is in maintenance by now.
 */
export function isUnknownOf(
  { isKnown, nodes, resources }: ClusterRecord,
  what: string,
  { id }: Ref,
): boolean {
  if (!isKnown || nodes.some((node) => node.id === id && !node.facts.online)) return true
  const resource = resources.find((one) => one.id === id)
  if (!resource) return false
  const { rawName, blocked, failed } = resource
  switch (what) {
    case `resource ${rawName} nowhere`:
      return !runningNodes(resource).length
    case `resource ${rawName} failed`:
      return blocked
    case `resource ${rawName} fail counts`:
      return failed || blocked || isNowhere(resource)
    default:
      return false
  }
}

/** `: monitor on ha1: not running`; nothing where none is known. */
function lastFailure({ failures }: ResourceRecord): Label {
  const last = failures.at(-1)
  if (!last) return say``
  return say`: ${last.task} on ${last.node}: ${last.exit}${last.reason ? say` (${last.reason})` : say``}`
}

/** What is wrong with a cluster as one, told of one of its nodes. */
function clusterConditions({ partitions, manager }: ClusterRecord): Condition[] {
  const conditions: Condition[] = []
  if (partitions.length > 1) {
    const sides = partitions.map(({ online }) => listed(online))
    conditions.push({
      severity: 'bad',
      what: 'split brain',
      text: say`split brain: ${joined(sides, ' | ')} do not see each other, and each runs the cluster`,
      over: say`no longer split: the nodes see each other`,
      types: ['cluster.split', 'cluster.whole'],
      advice: say`look at the links between them; what both sides wrote meanwhile differs`,
    })
  }
  const facts = partitions.map(({ told }) => told.reading.cluster)
  if (facts.length && facts.every(({ quorum }) => !quorum))
    conditions.push({
      severity: 'bad',
      what: 'no quorum',
      text: say`no quorum: too few of the nodes see each other`,
      over: say`has quorum again`,
      types: ['quorum.lost', 'quorum.back'],
    })
  // With heartbeat each node decides for itself.
  if (manager === 'pacemaker' && facts.length && facts.every(({ dc }) => dc === undefined))
    conditions.push({
      severity: 'bad',
      what: 'no dc',
      text: say`no node decides for the cluster (no DC)`,
      over: say`a node decides for the cluster again`,
      types: ['dc.lost', 'dc.back'],
    })
  if (facts.some(({ maintenance }) => maintenance))
    conditions.push({
      severity: 'warning',
      what: 'cluster maintenance',
      text: say`the whole cluster is in maintenance: nothing is started, stopped or moved`,
      over: say`the cluster is no longer in maintenance`,
      types: ['cluster.maintenance', 'cluster.managed'],
    })
  if (facts.some(({ stopsAll }) => stopsAll))
    conditions.push({
      severity: 'warning',
      what: 'stops all',
      text: say`all resources are to be stopped (stop-all-resources)`,
      over: say`resources may run again`,
      types: ['cluster.halted', 'cluster.resumed'],
    })
  return conditions
}

/** A rule that a move or a ban has left behind, with the first resource that it holds or keeps away. */
function ruleFaults({ tellers, resources }: ClusterRecord, speaker: NodeRecord): Fault[] {
  const left = tellers.flatMap(({ reading }) => reading?.left ?? [])
  return [...new Map(left.map((rule) => [rule.id, rule])).values()].flatMap((rule) => {
    const held = resources.find(({ rules }) => rules.some(({ id }) => id === rule.id))
    const condition: Condition = {
      severity: 'warning',
      what: `rule ${rule.id}`,
      text: ruleText(rule),
      over: say`${rule.resource} goes where the cluster wants it again`,
      types: ['rule.left', 'rule.cleared'],
      advice: held
        ? say`c on its page, or: vdd cluster clear ${held.name}`
        : say`crm_resource --clear --resource ${rule.resource}`,
    }
    return faultsOf(held ? resourceConcern(held) : nodeConcern(speaker), [condition])
  })
}

/** What a move or a ban has left behind, in words. */
export function ruleText({ id, resource, node, score, until }: LocationRule): Label {
  const how = score.startsWith('-') ? say`kept away from` : say`held at`
  return say`${resource} is ${how} ${node}${until ? say` until ${until}` : say``} (${id})`
}

/** All that is wrong with a cluster, each with what it is about. */
export function clusterFaults(cluster: ClusterRecord): Fault[] {
  const { nodes, resources, isKnown, tellers } = cluster
  const speaker = nodes.find(({ facts }) => facts.isDc) ?? nodes[0]
  if (!speaker || !isKnown) return []
  return [
    ...tellers.flatMap((teller) => faultsOf(hostConcern(teller.host), stoppedConditions(teller))),
    ...faultsOf(nodeConcern(speaker), clusterConditions(cluster)),
    ...ruleFaults(cluster, speaker),
    ...nodes.flatMap((node) => faultsOf(nodeConcern(node), nodeConditions(node))),
    ...resources.flatMap((one) => faultsOf(resourceConcern(one), resourceConditions(one))),
  ]
}

/** It answers, and what would act there does not run. */
function stoppedConditions({ manager, reading, trouble }: TellerRecord): Condition[] {
  if (!reading?.isStopped || trouble) return []
  const name = managerName(manager)
  return [
    {
      severity: 'bad',
      what: `${manager} stopped`,
      text: say`${name} is stopped: it takes nothing over`,
      over: say`${name} runs again`,
      types: ['manager.stopped', 'manager.started'],
      advice: say`systemctl start ${name}`,
    },
  ]
}

/** What a host that is asked does not know; how the host is, that host tells. */
function tellerConditions({ trouble, reading, manager }: TellerRecord, now: number): Condition[] {
  if (!trouble) return []
  const text = say`${managerName(manager)}: ${trouble.reason}`
  return [{ severity: 'bad', what: manager, text, ...troubleTold(trouble, reading !== undefined, now) }]
}

/** What is wrong with clusters, and nodes that do not know their cluster although their host answers. */
export function clusterAlerts(snapshot: Snapshot, now: number): Alert[] {
  const silent = snapshot.clusters.flatMap((teller) => {
    const host = snapshot.hosts.find(({ name }) => name === teller.host)
    if (!host || conditionOf(snapshot, host, now) !== 'up') return []
    return tellerConditions(teller, now).map((condition) => alertOf(hostConcern(teller.host), condition))
  })
  const wrong = clustersOf(snapshot.clusters)
    .flatMap(clusterFaults)
    .map(({ concern, condition }) => alertOf(concern, condition))
  return [...silent, ...wrong]
}
