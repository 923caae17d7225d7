import { defined } from '../../hosts/defined.ts'
import type { Label, Raw } from '../../hosts/label.ts'
import type { FailCount, FailedAction, LocationRule } from '../../services/pacemaker/facts.ts'
import { type About, hasToldFeatures, lostOf, type Source } from './answers.ts'
import type { CarriedFacts, ResourcePlace, ResourceRecord } from './record.ts'

/** Each answer tells of what runs on some of the nodes. */
export function resourcesOf({
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
  return [...byId].map(([rawId, answers]) => {
    const { all, outdated } = upToDate(rawId, answers)
    // Whoever runs it tells of it.
    const [{ told, facts }] = all.toSorted(
      (a, b) => Number(b.facts.nodes.length > 0) - Number(a.facts.nodes.length > 0),
    ) as [Part, ...Part[]]
    const places = all.flatMap(placesOf).sort((a, b) => place(a) - place(b))
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
        ...(places.length ? [] : all.flatMap(doubtedIn)),
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
        isToStart: isToStart(told, rawId),
        isMissed: told.missed?.has(rawId) || undefined,
        pending: all.find((one) => one.facts.pending)?.facts.pending,
      }),
    }
  })
}

/** Milliseconds that a cluster may take until it begins to start what was enabled. */
const beginning = 20_000

function isToStart({ enabled, reading }: Source, rawId: string): true | undefined {
  const at = enabled?.get(rawId)
  return (at !== undefined && reading.at - at < beginning) || undefined
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

function placesOf(part: Part): ResourcePlace[] {
  const { role, failed } = part.facts
  const doubted = doubtedIn(part)
  return heardIn(part)
    .filter((node) => !doubted.includes(node))
    .map((node) => ({ node, role, failed }))
}

function heardIn({ facts: { nodes }, of }: Part): readonly Label[] {
  return of ? nodes.filter((node) => of.includes(node)) : nodes
}

/**
 * A node that comes back after a power cut is online for a second before it has told what it runs: what it ran before the cut is still there in the answer then, beside
 * where that runs now, or alone while that is being started (docs/internals/cluster.md, "What misleads"). Until it has told, nothing newer than `<3.15.1` is known of
 * its features; of a node that is older nothing newer ever is.
 */
function doubtedIn(part: Part): readonly Label[] {
  const { features, reading } = part.told
  const heard = heardIn(part)
  return heard.filter((node) => {
    const facts = reading.cluster.nodes.find(({ name }) => name === node)
    return (
      facts?.featureSet !== undefined &&
      !hasToldFeatures(facts.featureSet) &&
      (heard.length > 1 || features?.has(node))
    )
  })
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
