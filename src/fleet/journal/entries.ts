import type { DatabaseSync } from 'node:sqlite'
import { defined } from '../../hosts/defined.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { FleetEvent, Severity } from '../event.ts'
import { eventSourceOf, eventTypeOf } from '../event-types.ts'
import { type Ref, refOf, refText } from '../ref.ts'
import { type Field, link } from './chain.ts'
import { prepared } from './prepared.ts'
import { relabel } from './relabel.ts'
import { condition, type Wanted } from './wanted.ts'

/** One line of the journal: something seen, or something done. */
export interface Entry extends Pick<FleetEvent, 'type' | 'source' | 'uncertainty' | 'raw'> {
  readonly id: number
  /** when it happened where it happened, as far as that is known; milliseconds since the epoch */
  readonly at: number
  /** the entry that this one tells better: what was seen by looking, and a log tells of; that one is not listed any more */
  readonly instead?: number
  /** when a console saw it, where that is not `at`; milliseconds since the epoch */
  readonly seenAt?: number
  readonly kind: 'seen' | 'did'
  readonly severity: Severity
  readonly host: Label
  /** what it happened to, or what it was done to; none: the journal itself, or a kind that is not known here */
  readonly about?: Ref
  /** the name of the object, where that is not the host's */
  readonly name?: Label
  readonly text: Label
  /** for what was done: who, the commands, the state before and after */
  readonly who?: Label
  readonly plan?: readonly Label[]
  readonly before?: Label
  readonly after?: Label
  readonly change?: ChangeNote
  /** for programs: the state before and after, as fields that depend on the kind */
  readonly states?: States
}

/** States of an object; none: it is not known, or it did not exist. */
interface States {
  readonly before?: object
  readonly after?: object
}

/** For programs: which lines belong to one change, and what would undo it. */
export interface ChangeNote {
  /** the same for all that was confirmed together */
  readonly batch: string
  readonly verb: string
  /** the id of its target */
  readonly target: string
  /** whether this line tells the end, not the beginning */
  readonly isEnded: boolean
  /** it ended without any effect */
  readonly isNothing?: boolean
  /** what would undo it; none: nothing would, or nothing was done */
  readonly undo?: {
    readonly verb: string
    readonly answers: Readonly<Record<string, string>>
    readonly ids: readonly string[]
  }
}

export type NewEntry = Omit<Entry, 'id' | 'host'> & { readonly host: string }

/** Writes an entry, behind all others of the chain. To be called in a transaction. */
export function insert(db: DatabaseSync, entry: NewEntry, session: string): Entry {
  const fields = fieldsOf(entry, session)
  const { id, hash } = link(db, fields)
  prepared(
    db,
    `INSERT INTO entry (${columns.join()}, id, hash) VALUES (${columns.map(() => '?').join()}, ?, ?)`,
  ).run(...columns.map((name) => fields[name]), id, hash)
  return { ...entry, host: label(entry.host), id }
}

const columns = [
  'at',
  'kind',
  'severity',
  'host',
  'about',
  'name',
  'text',
  'who',
  'plan',
  'before',
  'after',
  'session',
  'change',
  'states',
  'type',
  'source',
  'uncertainty',
  'raw',
  'seen_at',
  'instead',
] as const

function fieldsOf(entry: NewEntry, session: string): Readonly<Record<(typeof columns)[number], Field>> {
  const json = (value: object | undefined) => (value ? JSON.stringify(value) : null)
  return {
    // A time that is none must not cost the journal.
    at: Number.isFinite(entry.at) ? Math.round(entry.at) : 0,
    kind: entry.kind,
    severity: entry.severity,
    // SQLite keeps no half of a pair of surrogates, and the hash is of what it keeps.
    host: entry.host.toWellFormed(),
    about: entry.about ? refText(entry.about) : null,
    name: entry.name ?? null,
    text: entry.text,
    who: entry.who ?? null,
    plan: json(entry.plan),
    before: entry.before ?? null,
    after: entry.after ?? null,
    session,
    change: json(entry.change),
    states: json(entry.states),
    type: entry.type ?? null,
    source: entry.source ?? null,
    uncertainty: entry.uncertainty === undefined ? null : Math.ceil(entry.uncertainty),
    raw: entry.raw ?? null,
    seen_at: entry.seenAt === undefined ? null : Math.round(entry.seenAt),
    instead: entry.instead ?? null,
  }
}

/** In SQL, that no other entry tells an entry better. */
export const isBest = 'NOT EXISTS (SELECT 1 FROM entry AS better WHERE better.instead = entry.id)'

/**
 * The newest of the wanted entries with an id above `after`, newest first. They stand in the order in which they happened; with `after`, in that in which they
 * were written, since what is told late is new, too. What another entry tells better is left out.
 */
export function newestEntries(
  db: DatabaseSync,
  count: number,
  after: number | undefined,
  wanted: Wanted = {},
): Entry[] {
  const { sql, values } = condition(wanted)
  const order = after === undefined ? 'at DESC, id DESC' : 'id DESC'
  const statement = db.prepare(
    `SELECT * FROM entry WHERE id > ? AND ${isBest} AND ${sql} ORDER BY ${order} LIMIT ?`,
  )
  // Without this, a number that is too large would make the whole list fail.
  statement.setReadBigInts(true)
  return statement.all(after ?? 0, ...values, count).map(entryOf)
}

/** One entry; none: it is not kept any more. */
export function entryWith(db: DatabaseSync, id: number): Entry | undefined {
  const row = prepared(db, 'SELECT * FROM entry WHERE id = ?').get(id)
  return row && entryOf(row)
}

/** So many after this one, in the order in which they were written, also those that others tell better. */
export function entriesAfter(db: DatabaseSync, id: number, count: number): Entry[] {
  return prepared(db, 'SELECT * FROM entry WHERE id > ? ORDER BY id LIMIT ?').all(id, count).map(entryOf)
}

/** The id of the last entry; 0: there is none. */
export function newestId(db: DatabaseSync): number {
  return Number(prepared(db, 'SELECT max(id) AS id FROM entry').get()?.id ?? 0)
}

/** The id of the first entry that is still kept; 0: there is none. */
export function oldestId(db: DatabaseSync): number {
  return Number(prepared(db, 'SELECT min(id) AS id FROM entry').get()?.id ?? 0)
}

/** The hosts in the journal. */
export function hostsOf(db: DatabaseSync): string[] {
  return db
    .prepare('SELECT DISTINCT host FROM entry')
    .all()
    .map(({ host }) => String(host))
}

/** The latest possible date in milliseconds since the epoch: ECMA-262, 21.4.1.1. */
const farthest = 8.64e15

/** The file was written with labels, but it comes from outside: its texts are checked again. */
function entryOf(row: Record<string, unknown>): Entry {
  const text = (key: string) => (typeof row[key] === 'string' ? relabel(row[key]) : undefined)
  const optional = <K extends 'name' | 'who' | 'before' | 'after' | 'raw'>(key: K) =>
    (row[key] === null ? {} : { [key]: text(key) ?? unreadable }) as Partial<Record<K, Label>>
  const [type, source] = [eventTypeOf(row.type), eventSourceOf(row.source)]
  return {
    id: Number(row.id),
    at: timeOf(row.at) ?? 0,
    kind: row.kind === 'did' ? 'did' : 'seen',
    severity: row.severity === 'bad' || row.severity === 'warning' ? row.severity : 'info',
    host: text('host') ?? unreadable,
    text: text('text') ?? unreadable,
    ...aboutOf(row.about),
    ...optional('name'),
    ...optional('who'),
    ...optional('before'),
    ...optional('after'),
    ...optional('raw'),
    ...defined({
      type,
      source,
      uncertainty: spanOf(row.uncertainty),
      seenAt: timeOf(row.seen_at),
      instead: spanOf(row.instead),
    }),
    ...planOf(typeof row.plan === 'string' ? row.plan : null),
    ...changeOf(typeof row.change === 'string' ? row.change : null),
    ...statesOf(row.states),
  }
}

function timeOf(value: unknown): number | undefined {
  const time = value === null || value === undefined ? Number.NaN : Number(value)
  return Math.abs(time) <= farthest ? time : undefined
}

function spanOf(value: unknown): number | undefined {
  const span = timeOf(value)
  return span !== undefined && span >= 0 ? span : undefined
}

/** Replaces what is not a text in the file. */
const unreadable = say`(cannot be read)`

function aboutOf(text: unknown): { about?: Ref } {
  const about = typeof text === 'string' ? refOf(text) : undefined
  return about ? { about } : {}
}

function planOf(text: string | null): { plan?: readonly Label[] } {
  if (!text) return {}
  try {
    const plan: unknown = JSON.parse(text)
    return Array.isArray(plan) ? { plan: plan.map((line) => relabel(String(line))) } : {}
  } catch {
    return {}
  }
}

/** Another version of vdd, or somebody else, may have written it. */
function isNote(value: unknown): value is ChangeNote {
  if (!isObject(value)) return false
  const { batch, verb, target, isEnded, isNothing = false, undo } = value
  const areTexts = [batch, verb, target].every(isText)
  const areKnown = [isEnded, isNothing].every((one) => typeof one === 'boolean')
  return areTexts && areKnown && (undo === undefined || isUndo(undo))
}

function isUndo(value: unknown): value is ChangeNote['undo'] {
  if (!isObject(value)) return false
  const { verb, answers, ids } = value
  return (
    isText(verb) &&
    isObject(answers) &&
    Object.values(answers).every(isText) &&
    Array.isArray(ids) &&
    ids.every(isText)
  )
}

const isText = (value: unknown) => typeof value === 'string'

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function changeOf(text: string | null): { change?: ChangeNote } {
  if (!text) return {}
  try {
    const change: unknown = JSON.parse(text)
    return isNote(change) ? { change } : {}
  } catch {
    return {}
  }
}

function statesOf(text: unknown): { states?: States } {
  if (typeof text !== 'string') return {}
  try {
    const states: unknown = JSON.parse(text)
    if (!isObject(states)) return {}
    const { before, after } = states
    return {
      states: { ...(isObject(before) ? { before } : {}), ...(isObject(after) ? { after } : {}) },
    }
  } catch {
    return {}
  }
}
