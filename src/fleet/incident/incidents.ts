import type { Entry, Journal } from '../journal/journal.ts'
import { type Draft, Fold, type Placed, relevantTypes } from './fold.ts'
import { incidentOf } from './made.ts'
import type { Incident } from './record.ts'
import type { Ties } from './ties.ts'

/** Entries from which incidents are made, at most: the newest. */
export const mostEntries = 20_000
const most = mostEntries
/** What is read of a journal for them. */
export const incidentTypes = [...relevantTypes, 'incident.noted' as const]
/** Milliseconds before an entry in which another one may change what it belongs to. */
const reach = 3 * 60_000

/** What was made of a draft, and of which state of it. */
interface Kept {
  readonly version: number
  readonly notes: readonly Entry[]
  readonly incident: Incident
}

/**
 * The incidents of a journal, made of its entries alone: whoever reads the same journal later, or with entries of logs that come late and out of
 * their order, comes to the same. What comes costs by how much it is, and by how long the incidents lasted among which it falls.
 */
export class Incidents {
  readonly #ties: Ties
  /** in the order of their times */
  #entries: Entry[] = []
  #notes: readonly Entry[] = []
  #fold = new Fold()
  #seen = 0
  #place: Journal['place'] | undefined
  #version = -1
  #list: readonly Incident[] = []
  readonly #made = new WeakMap<Draft, Kept>()

  constructor(ties: Ties) {
    this.#ties = ties
  }

  /** The newest first; the same list while nothing of it has changed. */
  get list(): readonly Incident[] {
    return this.#list
  }

  /** Reads what is new in a journal. */
  readFrom(journal: Journal): readonly Incident[] {
    if (journal.version === this.#version && this.#seen) return this.#list
    this.#version = journal.version
    const { newest, place } = journal
    // Another file, or one that was begun anew.
    if (newest < this.#seen || place !== this.#place) this.#forget()
    this.#place = place
    const fresh = journal.latest(most, this.#seen, { types: incidentTypes })
    this.#seen = Math.max(this.#seen, newest, fresh[0]?.id ?? 0)
    if (fresh.length) this.take(fresh)
    return this.#list
  }

  /** Takes entries, in whatever order. */
  take(entries: readonly Entry[]): void {
    const notes = entries.filter(({ type }) => type === 'incident.noted')
    if (notes.length) this.#notes = [...this.#notes, ...notes].sort(byTime)
    const events = entries.filter(({ type }) => type !== 'incident.noted').sort(byTime)
    // Who is in a cluster with whom changes what belonged together before.
    const isNews = events.filter((entry) => this.#ties.learn(entry)).length > 0
    const [first] = events
    if (first) {
      const replaced = this.#takeOut(events)
      const last = this.#entries.at(-1)
      const isLater = !replaced && (!last || byTime(last, first) <= 0)
      for (const entry of events) this.#entries.push(entry)
      if (!isLater) this.#entries.sort(byTime)
      if (isNews) this.#again(Number.NEGATIVE_INFINITY)
      else if (isLater) for (const entry of events) this.#step(entry)
      else this.#again(Math.min(first.at, replaced?.at ?? first.at))
      if (this.#entries.length > 1.2 * most) this.#entries = this.#entries.slice(-most)
    }
    this.#list = this.#fold.drafts
      .map((draft) => this.#incidentOf(draft))
      .sort((a, b) => b.fault.at - a.fault.at || Number(b.id) - Number(a.id))
  }

  /** Forgets the entries that these tell better; the first of them. */
  #takeOut(events: readonly Entry[]): Entry | undefined {
    const ids = new Set(events.flatMap(({ instead }) => instead ?? []))
    if (!ids.size) return undefined
    const first = this.#entries.find(({ id }) => ids.has(id))
    if (first) this.#entries = this.#entries.filter(({ id }) => !ids.has(id))
    return first
  }

  readonly #placed = (entry: Entry): Placed => ({ entry, place: this.#ties.placeOf(entry) })

  #step(entry: Entry): void {
    this.#fold.step(this.#placed(entry))
  }

  /** Makes again what an entry of that time may change: all that was open then, or shortly before. */
  #again(at: number): void {
    let from = at - reach
    const touched = ({ first, open, lastAt }: Draft) =>
      first.entry.at < from && (open.size > 0 || lastAt >= from)
    for (let one = this.#fold.drafts.find(touched); one; one = this.#fold.drafts.find(touched))
      from = Math.min(...one.members.map(({ entry }) => entry.at), one.first.entry.at) - reach
    this.#fold = this.#fold.upTo(from, this.#entries, this.#placed)
    for (const entry of this.#entries) if (entry.at >= from) this.#step(entry)
  }

  #incidentOf(draft: Draft): Incident {
    const { version } = draft
    const known = this.#made.get(draft)
    if (known?.version === version && known.notes === this.#notes) return known.incident
    // Of two that have become one it is known by the ids of both, and by that of an entry in whose place another came.
    const ids = new Set([draft.id, ...draft.members.flatMap(({ entry }) => [entry.id, entry.instead])])
    const notes = this.#notes.filter(({ about }) => ids.has(Number(about?.id)))
    const incident = incidentOf(draft, notes)
    this.#made.set(draft, { version, notes: this.#notes, incident })
    return incident
  }

  #forget(): void {
    this.#entries = []
    this.#notes = []
    this.#fold = new Fold()
    this.#seen = 0
    this.#list = []
  }
}

function byTime(a: Entry, b: Entry): number {
  return a.at - b.at || a.id - b.id
}
