import type { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { happening, ToldConditions } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import { type Gap, pauseText } from '../pause.ts'
import type { Ref } from '../ref.ts'
import { hasToldFeatures } from './answers.ts'
import { clustersOf } from './cluster.ts'
import { clusterFaults, isUnknownOf } from './conditions.ts'
import { isClone, isNowhere, isUnsure, runningNodes } from './places.ts'
import {
  type ClusterRecord,
  type ResourceRecord,
  resourceConcern,
  type TellerRecord,
  type Telling,
} from './record.ts'

/** Where a resource was last seen to run, and since when it runs nowhere. */
interface Seen extends Gap {
  readonly nodes: readonly Label[]
}

/** What is known of the clusters. Pure bookkeeping, as the store. */
export class Clusters {
  #records: readonly TellerRecord[]
  readonly #told = new ToldConditions()
  /** by cluster and resource, of those that there are now: whoever calls them otherwise at each look fills no memory */
  #seen: ReadonlyMap<string, ReadonlyMap<string, Seen>> = new Map()

  constructor(hosts: readonly Pick<TellerRecord, 'host' | 'manager'>[]) {
    this.#records = hosts
  }

  get records(): readonly TellerRecord[] {
    return this.#records
  }

  /** The other hosts of its cluster that are asked. */
  beside(host: string): readonly string[] {
    const own = clustersOf(this.#records).find(({ tellers }) => tellers.some((one) => one.host === host))
    return (own?.tellers ?? []).map((one) => one.host).filter((one) => one !== host)
  }

  /** Takes an answer; returns what happened since the one before. */
  reading(reading: Telling): FleetEvent[] {
    const before = this.#records.find(({ host }) => host === reading.host)
    if (!before) return []
    const { host, manager } = before
    return this.#replace(
      {
        host,
        manager,
        reading,
        ...handedSince(before, reading),
        ...enabledSince(before, reading),
        ...this.#missedStill(before, reading),
        ...featuresBy(before, reading),
      },
      reading.at,
    )
  }

  /** What ran nowhere when anybody of its cluster told last, and is being started, which may take long: it is missed until it runs. */
  #missedStill(before: TellerRecord, { cluster }: Telling): Pick<TellerRecord, 'missed'> {
    const starting = cluster.resources.filter(({ role }) => role === 'Starting').map(({ rawId }) => rawId)
    if (!starting.length) return {}
    const known = clustersOf(this.#records).find(({ tellers }) => tellers.includes(before))
    const nowhere = new Set(known?.resources.filter(isNowhere).map(({ rawName }) => rawName))
    const missed = starting.filter((one) => nowhere.has(one))
    return missed.length ? { missed: new Set(missed) } : {}
  }

  /** It could not be read, or does not know. What it told stays. */
  failed(host: string, { kind, reason, advice }: HostError, at: number): FleetEvent[] {
    const before = this.#records.find((one) => one.host === host)
    if (!before) return []
    const since = before.trouble?.since ?? at
    return this.#replace({ ...before, trouble: { kind, reason, advice, since } }, at)
  }

  #replace(record: TellerRecord, at: number): FleetEvent[] {
    const { host } = record
    this.#records = this.#records.map((one) => (one.host === host ? record : one))
    // Who tells of itself alone is of a pair only with what the others tell: what it lacks is not nowhere before they have told, or could not.
    const isAwaited = (one: TellerRecord) => one.manager === record.manager && !one.reading && !one.trouble
    if (record.reading?.self !== undefined && this.#records.some(isAwaited)) return []
    const clusters = clustersOf(this.#records)
    const cluster = clusters.find(({ tellers }) => tellers.includes(record))
    if (!cluster) return []
    const ids = new Set(clusters.map(({ id }) => id))
    this.#told.keep(ids)
    this.#seen = new Map([...this.#seen].filter(([id]) => ids.has(id)))
    const isUnknown = (what: string, about: Ref) => isUnknownOf(cluster, what, about)
    const events = this.#told.events(cluster.id, clusterFaults(cluster), at, isUnknown)
    return [
      ...events.map((one) =>
        isThere(one.about, cluster) ? one : { ...one, text: say`is not there any more` },
      ),
      ...(cluster.isKnown ? this.#moves(cluster, at) : []),
    ]
  }

  /** Resources that run elsewhere than before, and how long they ran nowhere in between. */
  #moves({ id, resources }: ClusterRecord, at: number): FleetEvent[] {
    const before = this.#seen.get(id)
    const single = resources.filter((one) => !isClone(one))
    const now = single.flatMap((one): [string, Seen][] => {
      const seen = seenNow(one, before?.get(one.rawName), at)
      return seen ? [[one.rawName, seen]] : []
    })
    this.#seen = new Map([...this.#seen, [id, new Map(now)]])
    return single.flatMap((one) => moved(one, before?.get(one.rawName), at))
  }
}

/** A resource whose configuration was deleted, or a node that was removed: what was wrong with it is over, and it is not well again. */
function isThere({ kind, id }: Ref, { nodes, resources }: ClusterRecord): boolean {
  if (kind === 'resource') return resources.some((one) => one.id === id)
  return kind !== 'node' || nodes.some((one) => one.id === id)
}

/** What a node that tells of itself has taken or released since it told last. */
function handedSince(
  { reading: before, handed }: TellerRecord,
  reading: Telling,
): Pick<TellerRecord, 'handed'> {
  if (reading.self === undefined || !before) return {}
  const had = hereIn(before)
  const has = hereIn(reading)
  const changed = [...new Set([...had, ...has])].filter((one) => had.has(one) !== has.has(one))
  const there = new Set(reading.cluster.resources.map(({ rawId }) => rawId))
  const kept = [...(handed ?? [])].filter(([one]) => there.has(one))
  return { handed: new Map([...kept, ...changed.map((one) => [one, reading.at] as const)]) }
}

/** What was disabled when it told last and is not any more: until it runs somewhere it is on its way. */
function enabledSince(
  { reading: before, enabled }: TellerRecord,
  { cluster, at }: Telling,
): Pick<TellerRecord, 'enabled'> {
  const wasDisabled = new Set(before?.cluster.resources.filter(isDisabled).map(({ rawId }) => rawId))
  const now = cluster.resources.flatMap((one): [string, number][] => {
    if (one.nodes.length || isDisabled(one)) return []
    const since = enabled?.get(one.rawId) ?? (wasDisabled.has(one.rawId) ? at : undefined)
    return since === undefined ? [] : [[one.rawId, since]]
  })
  return now.length ? { enabled: new Map(now) } : {}
}

/** Nodes that have told what features they have: one that has not, and had before, has just come back. */
function featuresBy({ features }: TellerRecord, { cluster }: Telling): Pick<TellerRecord, 'features'> {
  const some = cluster.nodes.filter(
    ({ name, featureSet }) => features?.has(name) || hasToldFeatures(featureSet),
  )
  return some.length ? { features: new Set(some.map(({ name }) => name)) } : {}
}

function isDisabled({ targetRole }: Pick<ResourceRecord, 'targetRole'>): boolean {
  return targetRole === 'Stopped'
}

function hereIn({ cluster }: Telling): ReadonlySet<string> {
  return new Set(cluster.resources.filter(({ nodes }) => nodes.length).map(({ rawId }) => rawId))
}

/** undefined: it has not been seen to run */
function seenNow(resource: ResourceRecord, before: Seen | undefined, at: number): Seen | undefined {
  const nodes = runningNodes(resource)
  if (isUnsure(resource)) return before
  // What was stopped on purpose is not missed.
  if (!nodes.length && isDisabled(resource)) return undefined
  return nodes.length ? { nodes, lastAt: resource.at } : before && { goneAt: at, ...before, goneTill: at }
}

/** That it runs elsewhere. What is new to this console is no event, and where two run it, the condition tells. */
function moved(resource: ResourceRecord, before: Seen | undefined, at: number): FleetEvent[] {
  const [node, ...more] = runningNodes(resource)
  if (!node || !before || more.length || before.nodes.includes(node)) return []
  const text = say`went from ${label(before.nodes.join(', '))} to ${node}; it ran nowhere for ${pauseText(before, at)}`
  return [{ ...happening(resourceConcern(resource)), severity: 'info', type: 'resource.moved', text }]
}
