import { defined } from '../../hosts/defined.ts'
import { type Label, label, type Raw } from '../../hosts/label.ts'
import type { FailCount, FailedAction, LocationRule } from '../../services/pacemaker/facts.ts'
import type {
  CarriedFacts,
  ClusterRecord,
  Manager,
  MemberFacts,
  NodeRecord,
  NodeState,
  Partition,
  ResourcePlace,
  ResourceRecord,
  TellerRecord,
  Telling,
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
  const groups: {
    readonly names: Set<string>
    readonly manager: Manager
    readonly members: TellerRecord[]
  }[] = []
  // Those who have told come first, so that the silent find theirs.
  const sorted = [...tellers.filter(({ reading }) => reading), ...tellers.filter(({ reading }) => !reading)]
  for (const teller of sorted) {
    const names = [label(teller.host), ...marksOf(teller.reading)]
    const { manager } = teller
    const own = groups.filter(
      (group) => group.manager === manager && names.some((name) => group.names.has(name)),
    )
    const joined = {
      manager,
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

/** By which it is known whether two tell of the same cluster. */
function marksOf(reading: Telling | undefined): string[] {
  if (!reading) return []
  const { nodes, resources } = reading.cluster
  const shared = reading.hearsNobody ? resources.map(({ rawId }) => rawId) : []
  return [...nodes.map(({ name }) => name), ...shared]
}

function clusterOf(tellers: readonly TellerRecord[]): ClusterRecord {
  const partitions = partitionsOf(tellers)
  const words = wordsOf(tellers, partitions)
  const heard = words.map((one) => one.told)
  // What was told before all fell silent is shown with its age.
  const sources = heard.length ? heard : lastHeard(tellers.filter(hasTold))
  const known = [...sources, ...lostOf(tellers)]
  const names = [...new Set(known.flatMap(({ reading }) => reading.cluster.nodes.map(({ name }) => name)))]
  const id = idOf(names.length ? names : tellers.map(({ host }) => host))
  const { manager = 'pacemaker' } = tellers[0] ?? {}
  const about = { id, manager, names, partitions, sources, words, tellers }
  const resources = resourcesOf(about)
  const runs = runsOn(resources)
  const nodes = names.map((name) => nodeRecord(about, name, runs.get(name) ?? 0))
  return { id, manager, tellers, partitions, isKnown: words.length > 0, nodes, resources }
}

/** Those of which nobody else can tell: what they told last may still be so. */
function lostOf(tellers: readonly TellerRecord[]): readonly Source[] {
  return tellers.filter(hasTold).filter(({ reading, trouble }) => reading.hearsNobody && trouble)
}

/** One stands for all, but where each tells of itself alone. */
function lastHeard(told: readonly Source[]): readonly Source[] {
  return told.some(({ reading }) => reading.self !== undefined) ? told : told.slice(0, 1)
}

/** What a cluster is made of. */
interface About {
  readonly id: string
  readonly manager: Manager
  readonly names: readonly Label[]
  readonly partitions: readonly Partition[]
  /** the answers that count */
  readonly sources: readonly Source[]
  readonly words: readonly Word[]
  readonly tellers: readonly TellerRecord[]
}

/** An answer, and the nodes of which it says what runs there. */
interface Word {
  readonly told: Source
  readonly of: readonly Label[]
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
  const { version, quorum } = told.reading.cluster
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
    ...defined({ version, trouble }),
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

/** Each answer tells of what runs on some of the nodes. */
function resourcesOf({
  id: cluster,
  manager,
  names,
  partitions,
  sources,
  words,
  tellers,
}: About): ResourceRecord[] {
  // Each node lists the parts of a clone in another order.
  const order = new Map(names.map((name, i) => [name, i]))
  const place = ({ node }: Pick<ResourcePlace, 'node'>) => order.get(node) ?? 0
  const parts = sources.flatMap((told) => {
    const of = words.find((one) => one.told === told)?.of
    return told.reading.cluster.resources.map((facts): Part => ({ told, of, facts }))
  })
  const spoken = new Set(words.flatMap(({ of }) => of))
  const unheard = partitions.flatMap(({ online }) => online).filter((name) => !spoken.has(name))
  const silent = [...unheard, ...lostOf(tellers).flatMap(({ reading }) => reading.self ?? [])]
  const apart = toldApart(sources)
  const byId = Map.groupBy(parts, ({ facts }) => facts.rawId)
  return [...byId].map(([rawId, told_]) => {
    const { all, outdated } = upToDate(rawId, told_)
    // Whoever runs it tells of it.
    const [{ told, facts }] = all.toSorted(
      (a, b) => Number(b.facts.nodes.length > 0) - Number(a.facts.nodes.length > 0),
    ) as [Part, ...Part[]]
    const places = all
      .flatMap(({ facts: part, of }) => placesOf(part, of))
      .sort((a, b) => place(a) - place(b))
    return {
      id: `${cluster} ${rawId}`,
      name: facts.id,
      rawName: rawId,
      cluster,
      manager,
      host: told.host,
      agent: facts.agent,
      within: facts.within,
      places,
      priorities: all
        .flatMap(({ facts: { priority }, of: [node] = [] }) =>
          node !== undefined && priority !== undefined ? [{ node, priority }] : [],
        )
        .sort((a, b) => place(a) - place(b)),
      unsure: [
        ...silent,
        ...outdated,
        ...all.flatMap(({ facts: part, of }) => (part.isUnsure ? (of ?? []) : [])),
      ],
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
        prefers: facts.prefers,
        since: places.length === 1 ? facts.since : undefined,
        machine: apart.machines.get(rawId),
        targetRole: facts.targetRole,
        pending: all.find((one) => one.facts.pending)?.facts.pending,
      }),
    }
  })
}

interface Part {
  readonly told: Source
  /** the nodes of which it tells; none: all, since nobody tells now */
  readonly of: readonly Label[] | undefined
  readonly facts: CarriedFacts
}

/**
 * What was read before another node took or released it does not count any more: nodes are not read at the same moment. `outdated`: the nodes of
 * which nothing newer is known, where nobody else has it.
 */
function upToDate(
  rawId: string,
  parts: readonly Part[],
): { readonly all: readonly Part[]; readonly outdated: readonly Label[] } {
  const changedAt = ({ told }: Part) => told.handed?.get(rawId) ?? Number.NEGATIVE_INFINITY
  const changed = Math.max(...parts.map(changedAt))
  const isSince = (part: Part) => {
    const { at, took } = part.told.reading
    return changedAt(part) === changed || at - took >= changed
  }
  const since = parts.filter(isSince)
  if (since.length === parts.length) return { all: parts, outdated: [] }
  const isTaken = since.some(({ facts }) => facts.nodes.length)
  return {
    all: since,
    outdated: isTaken ? [] : parts.filter((part) => !isSince(part)).flatMap(({ of }) => of ?? []),
  }
}

function placesOf({ nodes, role, failed }: CarriedFacts, of: Part['of']): ResourcePlace[] {
  const there = of ? nodes.filter((node) => of.includes(node)) : nodes
  return there.map((node) => ({ node, role, failed }))
}

/** As the answer tells that has the fewest without a place: a part that runs elsewhere is stopped in the others. */
function stoppedIn(parts: readonly Part[]): number {
  const byTeller = Map.groupBy(parts, ({ told }) => told.host)
  const counts = [...byTeller.values()].map((all) => all.filter(({ facts }) => !facts.nodes.length).length)
  return Math.min(...counts)
}

/** What is told of resources apart from them, by their names: looked up for each of thousands. */
interface Told {
  readonly failCounts: ReadonlyMap<Label, readonly FailCount[]>
  readonly failures: ReadonlyMap<string, readonly FailedAction[]>
  readonly machines: ReadonlyMap<Raw, NonNullable<ResourceRecord['machine']>>
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
    machines: new Map(
      (reading?.machines ?? []).map(({ resource, machine: name, isLive }) => [resource, { name, isLive }]),
    ),
    rules: Map.groupBy(reading?.left ?? [], ({ resource }) => resource),
  }
}

/** A part of a clone that is told apart has its number behind it: `pingd:1`. */
function plain(resource: Label): string {
  return resource.replace(/:\d+$/, '')
}
