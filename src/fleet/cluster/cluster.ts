import { defined } from '../../hosts/defined.ts'
import { type Label, label } from '../../hosts/label.ts'
import type {
  FailCount,
  FailedAction,
  LocationRule,
  NodeFacts,
  PacemakerReading,
  ResourceFacts,
} from '../../services/pacemaker/facts.ts'
import type {
  ClusterRecord,
  NodeRecord,
  NodeState,
  Partition,
  ResourcePlace,
  ResourceRecord,
  TellerRecord,
} from './record.ts'

const known = new WeakMap<readonly TellerRecord[], readonly ClusterRecord[]>()

/** The clusters of these hosts: those who know a node together are of one. Of the same tellers the same objects. */
export function clustersOf(tellers: readonly TellerRecord[]): readonly ClusterRecord[] {
  const before = known.get(tellers)
  if (before) return before
  const clusters = groupsOf(tellers).map(clusterOf)
  known.set(tellers, clusters)
  return clusters
}

/** Who has never answered is of the cluster that has a node of its name. */
function groupsOf(tellers: readonly TellerRecord[]): TellerRecord[][] {
  const groups: { readonly names: Set<string>; readonly members: TellerRecord[] }[] = []
  // Those who have told come first, so that the silent find theirs.
  const sorted = [...tellers.filter(({ reading }) => reading), ...tellers.filter(({ reading }) => !reading)]
  for (const teller of sorted) {
    const names = [label(teller.host), ...(teller.reading?.cluster.nodes.map(({ name }) => name) ?? [])]
    const own = groups.filter((group) => names.some((name) => group.names.has(name)))
    const joined = {
      names: new Set([...own.flatMap((group) => [...group.names]), ...names]),
      members: [...own.flatMap(({ members }) => members), teller],
    }
    groups.splice(0, groups.length, ...groups.filter((group) => !own.includes(group)), joined)
  }
  const order = new Map(tellers.map((teller, i) => [teller, i]))
  const place = (teller: TellerRecord | undefined) => (teller ? (order.get(teller) ?? 0) : 0)
  return groups
    .map(({ members }) => members.toSorted((a, b) => place(a) - place(b)))
    .sort(([a], [b]) => place(a) - place(b))
}

function clusterOf(tellers: readonly TellerRecord[]): ClusterRecord {
  const partitions = partitionsOf(tellers)
  const told = partitions.map((one) => one.told)
  // What was told before all fell silent is shown with its age.
  const sources = told.length ? told : tellers.filter(hasTold).slice(0, 1)
  const names = [...new Set(sources.flatMap(({ reading }) => reading.cluster.nodes.map(({ name }) => name)))]
  const id = idOf(names.length ? names : tellers.map(({ host }) => host))
  const runs = new Map(sources.map((told) => [told, runsIn(told)]))
  const nodes = names.map((name) => nodeRecord(id, name, partitions, sources, tellers, runs))
  return { id, tellers, partitions, nodes, resources: resourcesOf(id, names, partitions, sources) }
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

type Source = Partition['told']

function hasTold(teller: TellerRecord): teller is Source {
  return teller.reading !== undefined
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
  const partitions: Partition[] = []
  for (const answer of answers) {
    const isSeen = partitions.some(({ online }) => online.some((name) => answer.online.includes(name)))
    if (!isSeen) partitions.push(answer)
  }
  const place = ({ told }: Partition) => tellers.indexOf(told)
  return partitions.sort((a, b) => place(a) - place(b))
}

function nodeRecord(
  cluster: string,
  name: Label,
  partitions: readonly Partition[],
  sources: readonly Source[],
  tellers: readonly TellerRecord[],
  runs: ReadonlyMap<TellerRecord, ReadonlyMap<Label, number>>,
): NodeRecord {
  const own = partitions.find(({ online }) => online.includes(name))
  const told = own?.told ?? sources.find(({ reading }) => factsIn(reading, name)) ?? (sources[0] as Source)
  const facts = factsIn(told.reading, name) as NodeFacts
  const { version, quorum } = told.reading.cluster
  const { trouble } = tellers.find(({ host }) => label(host) === name) ?? {}
  return {
    id: `${cluster} ${name}`,
    name,
    cluster,
    host: told.host,
    state: partitions.length ? stateOf(facts) : 'not known',
    facts,
    isApart: own !== undefined && partitions.length > 1,
    runs: runs.get(told)?.get(name) ?? 0,
    quorum,
    at: told.reading.at,
    ...defined({ version, trouble }),
  }
}

/** How many parts of resources each node runs. */
function runsIn({ reading }: Source): ReadonlyMap<Label, number> {
  const counts = new Map<Label, number>()
  for (const { nodes } of reading.cluster.resources)
    for (const node of nodes) counts.set(node, (counts.get(node) ?? 0) + 1)
  return counts
}

function factsIn({ cluster }: PacemakerReading, name: Label): NodeFacts | undefined {
  return cluster.nodes.find((node) => node.name === name)
}

/** What is worst counts. */
function stateOf({ online, unclean, pending, standby, standbyOnFail, maintenance }: NodeFacts): NodeState {
  if (unclean) return 'unclean'
  if (!online) return 'offline'
  if (pending) return 'pending'
  if (standby || standbyOnFail) return 'standby'
  return maintenance ? 'maintenance' : 'online'
}

/** Each partition tells of what runs on its own nodes. */
function resourcesOf(
  cluster: string,
  names: readonly Label[],
  partitions: readonly Partition[],
  sources: readonly Source[],
): ResourceRecord[] {
  // Each node lists the parts of a clone in another order.
  const order = new Map(names.map((name, i) => [name, i]))
  const place = ({ node }: ResourcePlace) => order.get(node) ?? 0
  const parts = sources.flatMap((told) => {
    const own = partitions.find((one) => one.told === told)
    return told.reading.cluster.resources.map((facts) => ({ told, own, facts }))
  })
  const apart = toldApart(sources)
  const byId = Map.groupBy(parts, ({ facts }) => facts.rawId)
  return [...byId].map(([rawId, all]) => {
    const [{ told, facts }] = all as [(typeof all)[number], ...typeof all]
    const places = all
      .flatMap(({ facts: part, own }) => placesOf(part, own))
      .sort((a, b) => place(a) - place(b))
    return {
      id: `${cluster} ${rawId}`,
      name: facts.id,
      rawName: rawId,
      cluster,
      host: told.host,
      agent: facts.agent,
      within: facts.within,
      places,
      stopped: stoppedIn(all),
      managed: all.every((one) => one.facts.managed),
      blocked: all.some((one) => one.facts.blocked),
      orphaned: all.some((one) => one.facts.orphaned),
      failed: all.some((one) => one.facts.failed),
      clusterRests: told.reading.cluster.maintenance || told.reading.cluster.stopsAll,
      at: told.reading.at,
      failCounts: apart.failCounts.get(facts.id) ?? [],
      failures: apart.failures.get(facts.id) ?? [],
      rules: [facts.id, ...facts.within.map((one) => one.id)].flatMap((one) => apart.rules.get(one) ?? []),
      ...defined({
        targetRole: facts.targetRole,
        pending: all.find((one) => one.facts.pending)?.facts.pending,
      }),
    }
  })
}

interface Part {
  readonly told: Source
  readonly own: Partition | undefined
  readonly facts: ResourceFacts
}

function placesOf({ nodes, role, failed }: ResourceFacts, own: Partition | undefined): ResourcePlace[] {
  const there = own ? nodes.filter((node) => own.online.includes(node)) : nodes
  return there.map((node) => ({ node, role, failed }))
}

/** As the partition tells that has the fewest without a place: a part that runs in the other one is stopped in this one. */
function stoppedIn(parts: readonly Part[]): number {
  const byTeller = Map.groupBy(parts, ({ told }) => told.host)
  const counts = [...byTeller.values()].map((all) => all.filter(({ facts }) => !facts.nodes.length).length)
  return Math.min(...counts)
}

/** What is told of resources apart from them, by their names: looked up for each of thousands. */
interface Told {
  readonly failCounts: ReadonlyMap<Label, readonly FailCount[]>
  readonly failures: ReadonlyMap<string, readonly FailedAction[]>
  readonly rules: ReadonlyMap<Label, readonly LocationRule[]>
}

function toldApart(sources: readonly Source[]): Told {
  const clusters = sources.map(({ reading }) => reading.cluster)
  // The first partition's rules: the configuration is one until both sides change it.
  const [reading] = sources.map((one) => one.reading)
  return {
    failCounts: Map.groupBy(
      clusters.flatMap(({ failCounts }) => failCounts),
      ({ resource }) => resource,
    ),
    failures: Map.groupBy(
      clusters.flatMap(({ failures }) => failures),
      ({ resource }) => plain(resource),
    ),
    rules: Map.groupBy(reading?.left ?? [], ({ resource }) => resource),
  }
}

/** A part of a clone that is told apart has its number behind it: `pingd:1`. */
function plain(resource: Label): string {
  return resource.replace(/:\d+$/, '')
}
