import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Severity } from '../event.ts'
import { type Ref, refOf, refText } from '../ref.ts'
import { migrate } from './schema.ts'

/** One line of the journal: something seen, or something done. */
export interface Entry {
  readonly id: number
  /** milliseconds since the epoch */
  readonly at: number
  readonly kind: 'seen' | 'did'
  readonly severity: Severity
  readonly host: Label
  /** what it happened to, or what it was done to; none: the journal itself, or a kind that is not known here */
  readonly about?: Ref
  /** the same as a person calls it, where that is not the host */
  readonly name?: Label
  readonly text: Label
  /** for what was done: who, the commands, the state before and after */
  readonly who?: Label
  readonly plan?: readonly Label[]
  readonly before?: Label
  readonly after?: Label
  readonly change?: ChangeNote
  /** for programs: what of it actions change, before and after, as that kind has it */
  readonly states?: States
}

/** How it stood with an object; none: that is not known, or it was not there. */
interface States {
  readonly before?: object
  readonly after?: object
}

/** What a program has to know of a change: which lines belong together, and what would undo it. */
export interface ChangeNote {
  /** the same for all that was confirmed together */
  readonly batch: string
  readonly verb: string
  /** by what that is found which it acted on */
  readonly target: string
  /** this line tells how it ended, not that it begins */
  readonly isEnded: boolean
  /** it ended with nothing of it done */
  readonly isNothing?: boolean
  /** what would undo it, and on what; none: nothing would, or nothing was done */
  readonly undo?: {
    readonly verb: string
    readonly answers: Readonly<Record<string, string>>
    readonly ids: readonly string[]
  }
}

/** That somebody has seen an alert, and what was said of it. */
export interface Acknowledgement {
  /** milliseconds since the epoch */
  readonly at: number
  readonly who: Label
  /** may be empty */
  readonly note: Label
}

/** When an alert began. */
export interface Beginning {
  /** milliseconds since the epoch */
  readonly since: number
  /** it was there already */
  readonly orEarlier?: true
}

export type NewEntry = Omit<Entry, 'id' | 'host'> & { readonly host: string }

export function insert(db: DatabaseSync, entry: NewEntry, session: string): void {
  db.prepare(
    'INSERT INTO entry (at, kind, severity, host, about, name, text, who, plan, before, after, session, change, states) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(
    entry.at,
    entry.kind,
    entry.severity,
    entry.host,
    entry.about ? refText(entry.about) : null,
    entry.name ?? null,
    entry.text,
    entry.who ?? null,
    entry.plan ? JSON.stringify(entry.plan) : null,
    entry.before ?? null,
    entry.after ?? null,
    session,
    entry.change ? JSON.stringify(entry.change) : null,
    entry.states ? JSON.stringify(entry.states) : null,
  )
}

/** Node's own `recursive` never ends where the kernel refuses a directory as not existing, as below /proc. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(directory).isDirectory()) return
    if (code !== 'ENOENT' || dirname(directory) === directory) throw error
    makeDirectory(dirname(directory))
    mkdirSync(directory, { mode: 0o700 })
  }
}

/** It tells who did what with which commands, so it is its user's alone; the files that SQLite makes beside it get the rights of this one. */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** One that everybody may read was made so by nobody's wish; rights of a group somebody has given. */
function keepToUser(file: string): void {
  for (const one of [file, `${file}-wal`, `${file}-shm`]) {
    const found = statSync(one, { throwIfNoEntry: false })
    if (found && found.mode & 0o007 && found.uid === process.getuid?.()) chmodSync(one, 0o600)
  }
}

/** Who may write it besides its own user and root: a group to whom it was given, or anybody, or one whose it is. */
export type Writers = 'group' | 'others'

export function writersOf(file: string): Writers | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return undefined
  const { mode, uid } = found
  if (mode & 0o002) return 'others'
  if (mode & 0o020) return 'group'
  return uid === process.getuid?.() || uid === 0 ? undefined : 'others'
}

/** Which file stands there: another one has another number. */
export function identityOf(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file)
    return `${dev} ${ino}`
  } catch {
    return undefined
  }
}

/** Milliseconds that are waited for another process at the start, when no key waits yet. */
const patience = 1_000

/**
 * Opens the file, and makes it where there is none. One of a newer version is left as it is.
 *
 * @param waits what is done with it later waits for a lock of another process, too; else it fails at once, since keys wait
 */
export function open(file: string, waits: boolean): DatabaseSync {
  if (file !== ':memory:') {
    makeDirectory(dirname(file))
    makeFile(file)
  }
  const db = new DatabaseSync(file, { timeout: patience })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  try {
    migrate(db)
  } catch (error) {
    db.close()
    throw error
  }
  if (file !== ':memory:') keepToUser(file)
  // In this mode only what moves pages into the file waits for the disk; where keys wait that is done at the end.
  if (!waits) db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_autocheckpoint = 0')
  return db
}

/** `undefined`: it has ended. */
export function writeBeginning(db: DatabaseSync, id: string, beginning: Beginning | undefined): void {
  if (!beginning) {
    db.prepare('DELETE FROM beginning WHERE id = ?').run(id)
    return
  }
  const { since, orEarlier } = beginning
  db.prepare('INSERT OR REPLACE INTO beginning (id, since, earlier) VALUES (?, ?, ?)').run(
    id,
    since,
    orEarlier ? 1 : 0,
  )
}

export function readBeginning(db: DatabaseSync, id: string): Beginning | undefined {
  const row = db.prepare('SELECT since, earlier FROM beginning WHERE id = ?').get(id)
  return row && { since: Number(row.since), ...(row.earlier ? { orEarlier: true } : {}) }
}

export function writeAcknowledgement(db: DatabaseSync, id: string, { at, who, note }: Acknowledgement): void {
  db.prepare('INSERT OR REPLACE INTO acknowledgement (id, at, who, note) VALUES (?, ?, ?, ?)').run(
    id,
    at,
    who,
    note,
  )
}

export function readAcknowledgements(db: DatabaseSync): Map<string, Acknowledgement> {
  const rows = db.prepare('SELECT * FROM acknowledgement').all()
  return new Map(
    rows.map(({ id, at, who, note }) => [
      String(id),
      { at: Number(at), who: relabel(String(who)), note: relabel(String(note)) },
    ]),
  )
}

/** Which entries are asked for; what is not given narrows nothing. */
export interface Wanted {
  /** milliseconds since the epoch; both belong to it */
  readonly since?: number
  readonly until?: number
  readonly hosts?: readonly string[]
  readonly severities?: readonly Severity[]
}

/** The newest of the entries that are wanted, newest first, with an id above `after`. */
export function newestEntries(
  db: DatabaseSync,
  count: number,
  after: number,
  { since, until, hosts, severities }: Wanted = {},
): Entry[] {
  const marks = (values: readonly string[] = []) => `(${values.map(() => '?').join()})`
  const parts: readonly (readonly [string, readonly (string | number)[] | undefined])[] = [
    ['id > ?', [after]],
    ['at >= ?', since === undefined ? undefined : [since]],
    ['at <= ?', until === undefined ? undefined : [until]],
    [`host IN ${marks(hosts)}`, hosts],
    [`severity IN ${marks(severities)}`, severities],
  ]
  const given = parts.filter(([, values]) => values)
  const where = given.map(([condition]) => condition)
  const statement = db.prepare(`SELECT * FROM entry WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?`)
  // A number that is too large for one would end the whole list.
  statement.setReadBigInts(true)
  return statement.all(...given.flatMap(([, values = []]) => values), count).map(entryOf)
}

/** The hosts of which it tells. */
export function hostsOf(db: DatabaseSync): string[] {
  return db
    .prepare('SELECT DISTINCT host FROM entry')
    .all()
    .map(({ host }) => String(host))
}

/** Milliseconds since the epoch that a date can be: ECMA-262, 21.4.1.1. */
const farthest = 8.64e15

/** What comes back from the file was made of labels, but the file is outside: it passes the border again. */
function entryOf(row: Record<string, unknown>): Entry {
  const text = (key: string) => (typeof row[key] === 'string' ? relabel(row[key]) : undefined)
  const optional = <K extends 'name' | 'who' | 'before' | 'after'>(key: K) =>
    (row[key] === null ? {} : { [key]: text(key) ?? unreadable }) as Partial<Record<K, Label>>
  const at = Number(row.at)
  return {
    id: Number(row.id),
    at: Math.abs(at) <= farthest ? at : 0,
    kind: row.kind === 'did' ? 'did' : 'seen',
    severity: row.severity === 'bad' || row.severity === 'warning' ? row.severity : 'info',
    host: text('host') ?? unreadable,
    text: text('text') ?? unreadable,
    ...aboutOf(row.about),
    ...optional('name'),
    ...optional('who'),
    ...optional('before'),
    ...optional('after'),
    ...planOf(typeof row.plan === 'string' ? row.plan : null),
    ...changeOf(typeof row.change === 'string' ? row.change : null),
    ...statesOf(row.states),
  }
}

/** Stands for what is no text in the file. */
const unreadable = say`(cannot be read)`

/** A label stays as it is (its backslashes are its own); only what could not be in a label is made visible. */
function relabel(text: string): Label {
  const parts = text.split('\\').map((part) => label(part))
  return parts.join('\\') as Label
}

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

/** Any vdd may have written it, and anybody else. */
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
