import { type Label, label } from '../../hosts/label.ts'
import type { EventType } from '../event-types.ts'
import type { Entry } from '../journal/journal.ts'
import { type Concern, hostConcern } from '../ref.ts'
import { type Draft, type Part, type Placed, partsOf } from './fold.ts'
import type { Incident, Phase } from './record.ts'

/** Milliseconds before the first fault in which a cause of it is. */
const causing = 10_000
/** Milliseconds by which vdd sees later what a log tells of, at most. */
const looking = 15_000
/** Milliseconds between two steps of what is done about it, at most: what is later is something else. */
const going = 30_000
/** Names of what was hit that are kept. */
const mostNamed = 50

/** What is known of an incident now. */
export function incidentOf(draft: Draft, notes: readonly Entry[]): Incident {
  const { first, rule, open, times, omitted, restored, overBefore } = draft
  const members = draft.members.toSorted((a, b) => a.entry.at - b.entry.at || a.entry.id - b.entry.id)
  const having = (part: Part) =>
    members.filter(({ entry }) => partsOf(rule, entry).includes(part)).map(({ entry }) => entry)
  const firstAt = first.entry.at
  const causes = having('cause')
  const cause =
    causes.find(({ at }) => at <= firstAt && firstAt - at <= causing) ??
    toldCause(causes, having('acted'), first.entry)
  const fault = phase(cause) ?? { at: firstAt, entry: first.entry }
  const detected = phase(having('detected').find(({ at }) => at >= fault.at))
  const backAt = draft.backAt ?? Number.POSITIVE_INFINITY
  const acts = stepsOf(
    withoutLooks(members.filter(({ entry }) => partsOf(rule, entry).includes('acted'))).filter(
      ({ at }) => at >= fault.at && at <= backAt,
    ),
  )
  const [acted, settled] = [phase(acts[0]), phase(acts.at(-1))]
  return {
    id: `${draft.id}`,
    rule: rule.of,
    concern: concernOf(first, draft.group),
    fault,
    ...(detected ? { detected } : {}),
    ...(acted ? { acted } : {}),
    ...(settled ? { settled } : {}),
    ...(restored ? { restored } : {}),
    ...(overBefore ? { overBefore } : {}),
    open: [...open.values()],
    times,
    omitted,
    entries: members.map(({ entry }) => entry),
    affected: affectedBy(members, first),
    notes,
  }
}

function phase(entry: Entry | undefined): Phase | undefined {
  return entry && { at: entry.at, entry }
}

/**
 * A host is known to have stopped answering some time after its last answer. Where a log tells of a cause soon after that, the incident begins with it: so it
 * does for a console that has only the logs.
 */
function toldCause(causes: readonly Entry[], acts: readonly Entry[], first: Entry): Entry | undefined {
  if (first.type !== 'host.lost') return undefined
  const till = Math.min(first.at + causing, ...acts.map(({ at }) => at).filter((at) => at >= first.at))
  return causes.find(({ at, raw }) => raw !== undefined && at >= first.at && at <= till)
}

/** Where a log tells of what was done to an object, that vdd has seen it a little later is no other step. */
function withoutLooks(acts: readonly Placed[]): readonly Entry[] {
  const told = acts.filter(({ entry }) => entry.raw !== undefined)
  return acts
    .filter(
      ({ entry, place }) =>
        entry.raw !== undefined ||
        !told.some(
          (other) =>
            other.place.object === place.object &&
            other.entry.at <= entry.at &&
            entry.at - other.entry.at <= looking,
        ),
    )
    .map(({ entry }) => entry)
}

/** Those that follow each other closely. */
function stepsOf(acts: readonly Entry[]): readonly Entry[] {
  const end = acts.findIndex(({ at }, i) => i > 0 && at - (acts[i - 1]?.at ?? at) > going)
  return end < 0 ? acts : acts.slice(0, end)
}

/** What failed first, by the name that people have for it. */
function concernOf({ entry, place }: Placed, group: string): Concern {
  const { about, name, host } = entry
  const [own] = place.groups
  // A balancer tells of a front end, which is what failed.
  if (entry.type === 'frontend.out' && own) return { ...hostConcern(own.id), name: label(own.id) }
  if (!about) return hostConcern(group)
  const called =
    about.kind === 'node' || about.kind === 'host' || about.kind === 'directory' ? place.object : undefined
  return { about, host, name: name ?? label(called ?? host) }
}

/** The names of what else it tells of: resources, services, machines, people. */
function affectedBy(members: readonly Placed[], first: Placed): readonly Label[] {
  const hit: readonly EventType[] = [
    'resource.stopped',
    'resource.moved',
    'resource.started',
    'machine.crashed',
    'machine.started',
    'machine.stopped',
    'machine.moved',
    'session.lost',
    'session.orphaned',
    'address.nowhere',
    'address.moved',
    'frontend.out',
    'service.unserved',
  ]
  const names = members.flatMap(({ entry, place }) => {
    const { type, name, about } = entry
    if (!type || !hit.includes(type) || entry === first.entry) return []
    if (type.startsWith('address.')) return [label(place.object)]
    if (type === 'frontend.out') return [label(place.object.split(' ')[1] ?? place.object)]
    return name ? [name] : about ? [label(place.object)] : []
  })
  return [...new Set(names)].slice(0, mostNamed)
}
