import type { EventType } from '../event-types.ts'
import type { Entry } from '../journal/journal.ts'
import { refText } from '../ref.ts'
import type { Phase } from './record.ts'
import { type Rule, rules } from './rules.ts'
import type { Group, Place } from './ties.ts'

/** Milliseconds before its first fault in which what is of the same group belongs to an incident: causes, and what people did. */
const before = 30_000
/** Milliseconds within which a maintenance file explains why a front end was taken out, in either order. */
const explained = 5_000
/** Entries of one incident that are kept: so many of the first, and of the last. */
const kept = 200

/** The types that some rule knows, and those that it needs besides. */
export const relevantTypes: readonly EventType[] = [
  ...new Set(
    rules.flatMap(({ faults, causes, detected, acted, belongs }) => [
      ...(Object.keys(faults) as EventType[]),
      ...Object.values(faults).flat(),
      ...causes,
      ...detected,
      ...acted,
      ...belongs,
    ]),
  ),
  'maintenance.begun',
  'maintenance.ended',
  'incident.over',
]

/** An entry with its place. */
export interface Placed {
  readonly entry: Entry
  readonly place: Place
}

/** An incident while it is made. */
export interface Draft {
  readonly rule: Rule
  readonly group: string
  /** the lowest of the ids of its faults */
  id: number
  /** its first fault */
  readonly first: Placed
  readonly members: Placed[]
  /** what still fails, by type and object */
  readonly open: Map<string, Entry>
  times: number
  omitted: number
  /** when something of it last failed, or was restored */
  lastAt: number
  restored?: Phase
  overBefore?: Phase
  /** when the first of what failed was back, and not by what was done instead */
  backAt?: number
  /** changes with each of its entries */
  version: number
}

const keyOf = (type: EventType, { object }: Place) => `${type} ${object}`

/** Makes incidents of entries that come in the order of their times. */
export class Fold {
  /** in the order in which they began */
  drafts: Draft[] = []
  /** the last of each group: those before it are over for good */
  readonly #last = new Map<string, Draft>()
  /** what may belong to an incident that begins soon */
  #recent: Placed[] = []
  /** the front ends that are out on purpose: by whoever told it and the file */
  readonly #maintained = new Map<string, string>()

  step(one: Placed): void {
    const { type } = one.entry
    if (!type) return
    if (type === 'incident.over') return this.#end(one)
    if (type === 'maintenance.begun' || type === 'maintenance.ended') this.#maintain(one)
    const draft = this.#draftOf(one)
    if (draft) this.#add(draft, one)
    else if (!this.#opens(one)) this.#keep(one)
  }

  /** As it stood at a moment in which nothing was open, nor had been for long, of the entries that it was made of. */
  upTo(moment: number, entries: readonly Entry[], placed: (entry: Entry) => Placed): Fold {
    const fold = new Fold()
    fold.drafts = this.drafts.filter(({ first }) => first.entry.at < moment)
    for (const draft of fold.drafts) fold.#last.set(draft.group, draft)
    const taken = new Set(fold.drafts.flatMap(({ members }) => members.map(({ entry }) => entry)))
    for (const entry of entries) {
      if (entry.at >= moment) break
      if (entry.type?.startsWith('maintenance.')) fold.#maintain(placed(entry))
      if (moment - entry.at <= before && !taken.has(entry)) fold.#keep(placed(entry))
    }
    return fold
  }

  /** The one that it belongs to: of its group, open, or over for so short that it goes on. */
  #draftOf({ entry, place: { groups } }: Placed): Draft | undefined {
    for (const { id } of groups) {
      const draft = this.#last.get(id)
      if (draft && (draft.open.size > 0 || entry.at - draft.lastAt <= draft.rule.apart)) return draft
    }
    return undefined
  }

  #opens(one: Placed): boolean {
    const { entry, place } = one
    const of = place.groups.flatMap((group) => {
      const rule = ruleOf(group)
      return rule && isFault(rule, entry) && !this.#isMeant(one, group.id) ? [{ rule, group }] : []
    })[0]
    if (!of) return false
    const draft: Draft = {
      rule: of.rule,
      group: of.group.id,
      id: entry.id,
      first: one,
      members: [],
      open: new Map(),
      times: 0,
      omitted: 0,
      lastAt: entry.at,
      version: 0,
    }
    this.drafts.push(draft)
    this.#last.set(draft.group, draft)
    const causes = this.#recent.filter(
      (other) =>
        entry.at - other.entry.at <= before &&
        other.place.groups.some(({ id }) => id === draft.group) &&
        partsOf(draft.rule, other.entry).length,
    )
    draft.members.push(...causes)
    this.#add(draft, one)
    return true
  }

  /** Somebody has taken it out. */
  #isMeant({ entry }: Placed, id: string): boolean {
    if (entry.severity === 'bad') return false
    const isOut = [...this.#maintained.values()].includes(id)
    const isDone = this.#recent.some(
      (other) =>
        other.entry.type === 'action.begun' &&
        entry.at - other.entry.at <= before &&
        other.place.groups.some((group) => group.id === id),
    )
    return isOut || isDone
  }

  #maintain({ entry, place }: Placed): void {
    const key = `${entry.host} ${place.object}`
    const group = place.groups[0]?.id ?? ''
    if (entry.type === 'maintenance.ended') {
      this.#maintained.delete(key)
      return
    }
    this.#maintained.set(key, group)
    // The file was seen a little later than what it did.
    const draft = this.#last.get(group)
    if (!draft || entry.at - draft.first.entry.at > explained) return
    if (draft.members.some((one) => one.entry.severity === 'bad')) return
    this.drafts.splice(this.drafts.lastIndexOf(draft), 1)
    this.#last.delete(group)
  }

  #add(draft: Draft, one: Placed): void {
    const { entry, place } = one
    const { rule, open } = draft
    const parts = partsOf(rule, entry)
    if (!parts.length) return
    draft.version++
    draft.members.push(one)
    if (draft.members.length > kept) {
      draft.members.splice(kept / 2, 1)
      draft.omitted++
    }
    const type = entry.type as EventType
    if (isFault(rule, entry) && (open.size || !this.#isMeant(one, draft.group))) {
      if (!open.size) draft.times++
      delete draft.restored
      delete draft.overBefore
      open.set(keyOf(type, place), open.get(keyOf(type, place)) ?? entry)
      draft.id = Math.min(draft.id, entry.id)
      draft.lastAt = Math.max(draft.lastAt, entry.at)
    }
    // What starts on a host that was away is there again, whatever does not know of it yet.
    if (type === 'server.started' && [...open.values()].some(({ about }) => isSame(about, entry.about)))
      draft.backAt ??= entry.at
    const ended = (Object.keys(rule.faults) as EventType[]).filter((fault) =>
      rule.faults[fault]?.includes(type),
    )
    const wasOpen = open.size
    for (const fault of ended) open.delete(keyOf(fault, place))
    if (open.size === wasOpen) return
    draft.lastAt = Math.max(draft.lastAt, entry.at)
    if (!rule.acted.includes(type) && !rule.away.includes(type)) draft.backAt ??= entry.at
    if (!open.size) draft.restored = { at: entry.at, entry }
  }

  /** Somebody came who found nothing of it any more. */
  #end(one: Placed): void {
    const { entry } = one
    const id = Number(entry.about?.id)
    const draft = this.drafts.findLast(
      ({ open, members }) => open.size > 0 && members.some((member) => member.entry.id === id),
    )
    if (!draft) return
    draft.version++
    draft.members.push(one)
    draft.open.clear()
    draft.lastAt = Math.max(draft.lastAt, entry.at)
    draft.overBefore = { at: entry.at, entry }
  }

  #keep(one: Placed): void {
    const { at } = one.entry
    this.#recent = [...this.#recent.filter(({ entry }) => at - entry.at <= before), one].slice(-kept)
  }
}

const isSame = (a: Entry['about'], b: Entry['about']) =>
  a !== undefined && b !== undefined && refText(a) === refText(b)

function ruleOf({ duties }: Group): Rule | undefined {
  return rules.find(({ of }) => duties.has(of))
}

/** What needs a person; of a front end that is taken out nobody says more than that. */
function isFault({ faults }: Rule, { type, severity }: Entry): boolean {
  return type !== undefined && type in faults && (severity === 'bad' || type === 'frontend.out')
}

export type Part = 'fault' | 'cause' | 'over' | 'detected' | 'acted' | 'belongs'

/** By rule and type: it is asked for each entry of an incident whenever one is added. */
const parts = new Map(
  rules.map((rule) => [rule, new Map(relevantTypes.map((type) => [type, partsIn(rule, type)]))]),
)

/** What an entry is in an incident of this rule; nothing: it is not of it. */
export function partsOf(rule: Rule, { type }: Entry): readonly Part[] {
  return (type && parts.get(rule)?.get(type)) ?? []
}

function partsIn({ faults, causes, detected, acted, belongs }: Rule, type: EventType): readonly Part[] {
  const all: readonly [Part, boolean][] = [
    ['fault', type in faults],
    ['cause', causes.includes(type)],
    ['over', Object.values(faults).some((ends) => ends.includes(type))],
    ['detected', detected.includes(type)],
    ['acted', acted.includes(type)],
    ['belongs', belongs.includes(type)],
  ]
  return all.flatMap(([part, is]) => (is ? [part] : []))
}
