import { defined } from '../../hosts/defined.ts'
import { type Label, label } from '../../hosts/label.ts'
import { type About, hasTold, lostOf, type Source, type Word } from './answers.ts'
import { groupsOf } from './groups.ts'
import type {
  ClusterRecord,
  MemberFacts,
  NodeRecord,
  NodeState,
  Partition,
  ResourceRecord,
  TellerRecord,
  Telling,
} from './record.ts'
import { resourcesOf } from './resources.ts'

const known = new WeakMap<readonly TellerRecord[], readonly ClusterRecord[]>()

/** The clusters of these hosts: those who know a node together are of one. Of the same tellers the same objects. */
export function clustersOf(tellers: readonly TellerRecord[]): readonly ClusterRecord[] {
  const before = known.get(tellers)
  if (before) return before
  const clusters = groupsOf(tellers).map(clusterOf)
  known.set(tellers, clusters)
  return clusters
}

function clusterOf(tellers: readonly TellerRecord[]): ClusterRecord {
  const partitions = partitionsOf(tellers)
  const words = wordsOf(tellers, partitions)
  const heard = words.map((one) => one.told)
  // What was told before all fell silent is shown with its age.
  const sources = heard.length ? heard : lastHeard(tellers.filter(hasTold))
  // In the order of the hosts, whoever of them is lost: by its names it is known.
  const known = tellers
    .filter(hasTold)
    .filter((one) => sources.includes(one) || lostOf(tellers).includes(one))
  const names = [...new Set(known.flatMap(({ reading }) => reading.cluster.nodes.map(({ name }) => name)))]
  const id = idOf(names.length ? names : tellers.map(({ host }) => host))
  const { manager = 'pacemaker' } = tellers[0] ?? {}
  const about = { id, manager, names, partitions, sources, words, tellers }
  const resources = resourcesOf(about)
  const runs = runsOn(resources)
  const nodes = names.map((name) => nodeRecord(about, name, runs.get(name) ?? 0))
  return { id, manager, tellers, partitions, isKnown: words.length > 0, nodes, resources }
}

/** One stands for all, but where each tells of itself alone. */
function lastHeard(told: readonly Source[]): readonly Source[] {
  return told.some(({ reading }) => reading.self !== undefined) ? told : told.slice(0, 1)
}

/** Who tells of itself alone is heard with that, also where its manager is stopped; of the others one answer stands for all that see each other. */
function wordsOf(tellers: readonly TellerRecord[], partitions: readonly Partition[]): Word[] {
  const alone = tellers.filter(hasTold).flatMap((told): Word[] => {
    const { self } = told.reading
    return self !== undefined && !told.trouble ? [{ told, of: [self] }] : []
  })
  if (alone.length) return alone
  return partitions.map(({ told, online }) => ({ told, of: online }))
}

/** Characters of what a cluster is known by, about: it is in the id of each of its nodes and resources. */
const longestId = 200

/** No two clusters have a node together, so a few of many names tell them apart. */
function idOf(names: readonly string[]): string {
  let length = 0
  const some = names.filter((name, i) => {
    length += name.length + 1
    return i === 0 || length <= longestId
  })
  return [...some, ...(some.length < names.length ? [`${names.length - some.length} more`] : [])].join('+')
}

/**
 * Of several answers about the same nodes the newest of one that is among them counts; where two of them see nothing of each other, each is
 * a partition.
 */
function partitionsOf(tellers: readonly TellerRecord[]): Partition[] {
  const answers = tellers
    .filter(hasTold)
    .filter(({ trouble }) => !trouble)
    .map((told) => ({
      told,
      online: told.reading.cluster.nodes.filter((one) => one.online).map(({ name }) => name),
    }))
    .filter(({ online }) => online.length)
    .sort((a, b) => b.told.reading.at - a.told.reading.at)
  const [newest] = answers
  if (newest?.told.reading.hearsNobody)
    return [{ told: newest.told, online: answers.flatMap(({ online }) => online) }]
  const partitions: Partition[] = []
  for (const answer of answers) {
    const isSeen = partitions.some(({ online }) => online.some((name) => answer.online.includes(name)))
    if (!isSeen) partitions.push(answer)
  }
  const place = ({ told }: Partition) => tellers.indexOf(told)
  return partitions.sort((a, b) => place(a) - place(b))
}

function nodeRecord(
  { id: cluster, manager, partitions, sources, tellers }: About,
  name: Label,
  runs: number,
): NodeRecord {
  const own = partitions.find(({ online }) => online.includes(name))
  const seen = [...(own ? [own] : []), ...partitions].map((one) => one.told)
  const all = [...seen, ...sources, ...lostOf(tellers)]
  const told = all.find(({ reading }) => factsIn(reading, name)) ?? (sources[0] as Source)
  // What only it knows of itself it says itself.
  const self = sources.find(({ reading }) => reading.self === name)
  const facts = {
    ...(factsIn(told.reading, name) as MemberFacts),
    ...defined({ holds: self && factsIn(self.reading, name)?.holds }),
  }
  const { version, quorum, fencingEnabled } = told.reading.cluster
  const { trouble } = tellers.find(({ host }) => label(host) === name) ?? {}
  return {
    id: `${cluster} ${name}`,
    name,
    cluster,
    manager,
    host: told.host,
    state: partitions.length && !told.trouble ? stateOf(facts) : 'not known',
    facts,
    isApart: own !== undefined && partitions.length > 1,
    runs,
    quorum,
    at: told.reading.at,
    ...defined({ version, fencingEnabled, trouble }),
  }
}

/** How many parts of resources each node runs. */
function runsOn(resources: readonly ResourceRecord[]): ReadonlyMap<Label, number> {
  const counts = new Map<Label, number>()
  for (const { places } of resources)
    for (const { node } of places) counts.set(node, (counts.get(node) ?? 0) + 1)
  return counts
}

function factsIn({ cluster }: Telling, name: Label): MemberFacts | undefined {
  return cluster.nodes.find((node) => node.name === name)
}

/** What is worst counts. */
function stateOf({ online, unclean, pending, standby, standbyOnFail, maintenance }: MemberFacts): NodeState {
  if (unclean) return 'unclean'
  if (!online) return 'offline'
  if (pending) return 'pending'
  if (standby || standbyOnFail) return 'standby'
  return maintenance ? 'maintenance' : 'online'
}
