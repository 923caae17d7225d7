import { nodeConditions } from '../../fleet/cluster/conditions.ts'
import { managerName, managers, type NodeRecord, type NodeState } from '../../fleet/cluster/record.ts'
import { kinds, recordOf } from '../../fleet/kinds.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { timeJson } from '../../text/json.ts'
import { type Field, fieldLines, tableLines } from '../../text/page.ts'
import { dash, some, type Tone } from '../../text/part.ts'
import type { Column } from '../column.ts'
import { recordRows } from '../record-rows.ts'
import { resourceState } from '../resource/facts.ts'
import { highest, type Sorts } from '../sort.ts'
import { askedFor, type Source } from '../source.ts'
import type { TableView } from '../view.ts'
import type { Moment, World } from '../world.ts'

/** From whom what is known of clusters comes. */
export const clusterNodes: Source = askedFor(
  'clusters',
  say`no host of the configuration is a node of a cluster (docs/cluster.md)`,
)

const tones: Partial<Record<NodeState, Tone>> = {
  offline: 'trouble',
  unclean: 'trouble',
  'not known': 'trouble',
  standby: 'warning',
  maintenance: 'warning',
  pending: 'warning',
}

function stateCell({ state, isApart }: NodeRecord): Label | readonly [Label, Tone] {
  if (isApart) return [say`apart`, 'trouble']
  const tone = tones[state]
  return tone ? [label(state), tone] : label(state)
}

/** What there is to say of it, the worst first. */
function noteOf(node: NodeRecord): Label {
  if (node.trouble) return node.trouble.reason
  if (node.isApart) return say`does not see the other side: split brain`
  if (node.state === 'not known') return say`no node that is asked knows its cluster`
  const [first] = nodeConditions(node)
  return first?.text ?? say``
}

const isAmiss = (node: NodeRecord) => noteOf(node) !== ''

/** What was told of it is so old that it may be otherwise. */
function isOld({ at, state }: NodeRecord, { snapshot, now }: Moment): boolean {
  return state === 'not known' || now - at > snapshot.staleAfter
}

const columns: readonly Column<NodeRecord>[] = [
  { id: 'name', title: say`NODE`, width: 10, grows: 24, givesWay: 0, cell: ({ name }) => name },
  { id: 'state', title: say`STATE`, width: 11, givesWay: 0, cell: stateCell },
  {
    id: 'runs',
    title: say`RUNS`,
    width: 5,
    givesWay: 0,
    align: 'right',
    cell: ({ runs, state }) => (state === 'not known' ? dash : say`${runs}`),
  },
  {
    id: 'decides',
    title: say`DC`,
    width: 3,
    givesWay: 1,
    cell: ({ facts }) => (facts.isDc ? say`yes` : say``),
  },
  { id: 'version', title: say`VERSION`, width: 8, givesWay: 3, cell: ({ version }) => version ?? dash },
  {
    id: 'cluster',
    title: say`CLUSTER`,
    width: 12,
    grows: 24,
    givesWay: 4,
    cell: ({ cluster }) => label(cluster),
  },
  { id: 'note', title: say`NOTE`, width: 10, grows: 100, givesWay: 5, cell: noteOf },
]

const sorts: Sorts<NodeRecord> = {
  name: { by: ({ name }) => name },
  cluster: { by: ({ cluster }) => cluster },
  // What is wrong first.
  state: { by: (node) => `${isAmiss(node) ? ' ' : ''}${node.state}` },
  runs: highest(({ runs }) => runs),
  decides: { by: ({ facts }) => (facts.isDc ? '' : 'no') },
  version: { by: ({ version }) => version },
  note: { by: (node) => noteOf(node) || undefined },
}

const traits = {
  text: (node: NodeRecord) => `${node.name} ${node.cluster} ${node.state} ${noteOf(node)}`,
  isFault: (node: NodeRecord) => isAmiss(node),
  hostsOf: ({ name }: NodeRecord) => [name],
  sorts,
  name: ({ name, cluster }: NodeRecord) => `${name} ${cluster}`,
}

const hits = (node: NodeRecord, { snapshot }: World) => ({
  node,
  host: recordOf('host', node.name, snapshot),
})

/** The nodes of clusters. */
export const nodeView: TableView<NodeRecord> = {
  name: say`cluster node`,
  title: say`Nodes`,
  group: 'frontends',
  words: ['pacemaker'],
  help: 'Shows the nodes of clusters (Pacemaker, heartbeat, keepalived): which are in them, which do not know, and which see nothing of the others.',
  ...recordRows('node', traits, hits),
  sorted: { by: 'name' },
  source: clusterNodes,
  none: say`no cluster nodes`,
  noFaults: say`all are online`,
  keysFor: { list: ['node', 'host'], page: ['node', 'host'] },
  marks: ['node'],
  isFor: ({ roles }) => managers.some((one) => roles.includes(one)),
  columns: () => columns,
  tone: (node, world) => (isOld(node, world) ? 'stale' : undefined),
  note: (node) => (isAmiss(node) ? say`${node.name}: ${noteOf(node)}` : undefined),

  json: (node) => {
    const { name, cluster, manager, state, facts, runs, isApart, quorum, version, trouble, at } = node
    return {
      name,
      cluster,
      manager,
      state,
      splitOff: isApart,
      online: facts.online,
      standby: facts.standby,
      maintenance: facts.maintenance,
      unclean: facts.unclean,
      dc: facts.isDc,
      quorum,
      resources: runs,
      links: facts.links?.map(({ name: link, isUp }) => ({ name: link, up: isUp })) ?? null,
      holds: facts.holds ?? null,
      version: version ?? null,
      note: noteOf(node) || null,
      trouble: trouble ? { kind: trouble.kind, reason: trouble.reason, advice: trouble.advice } : null,
      seenAt: timeJson(at),
    }
  },
  leadsTo: ({ name }) => ({ kind: 'host', id: name }),
  page: (node, { snapshot, now }, width) => {
    const { name, cluster, manager, facts, state, version, quorum, trouble, host, at, isApart } = node
    const ofPacemaker: Field[] = [
      ['DC', facts.isDc ? say`yes: it decides for the cluster` : say`no`],
      ['Quorum', quorum ? say`yes` : say`no`],
    ]
    const here = kinds.resource
      .all(snapshot)
      .filter((one) => one.cluster === cluster && one.places.some((place) => place.node === name))
    return [
      ...fieldLines(
        [
          ['Node', name],
          ['Cluster', label(cluster)],
          ['State', isApart ? say`${label(state)}, apart from the others` : label(state)],
          ['', noteOf(node)],
          ['What to do', trouble?.advice],
          ...(manager === 'pacemaker' ? ofPacemaker : []),
          ['Held by', version ? say`${managerName(manager)} ${version}` : managerName(manager)],
          ...(facts.links ?? []).map(
            (link): Field => ['Link', say`${link.name} ${link.isUp ? say`up` : say`dead`}`],
          ),
          ['Resources', facts.holds && say`${facts.holds}, as heartbeat says`],
          ['Told by', say`${label(host)}, ${duration(now - at)} ago`],
        ],
        width,
      ),
      ...tableLines(
        [{ title: say`RESOURCE` }, { title: say`STATE` }, { title: say`AGENT` }],
        here.map((one) => [one.name, resourceState(one)[0], one.agent]),
        width,
      ),
    ]
  },
  // `ha1, standby, runs 3 resources, on standby: nothing runs on it`
  sentence: (node) =>
    some([
      node.name,
      node.isApart ? say`apart` : label(node.state),
      node.state !== 'not known' && say`runs ${node.runs} resources`,
      node.facts.isDc && say`decides`,
      noteOf(node),
    ]),
}
