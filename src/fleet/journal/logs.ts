import type { DatabaseSync } from 'node:sqlite'
import {
  type FilePosition,
  isCursor,
  type JournalPosition,
  type LogPosition,
} from '../../services/logs/facts.ts'
import { refText } from '../ref.ts'
import { type Entry, entryWith, insert, isBest, type NewEntry } from './entries.ts'
import { prepared } from './prepared.ts'
import { relabel } from './relabel.ts'
import { endedBy, sameWithin, undoneBy } from './same.ts'

/** What a piece of a log tells, and from where to where it was read. */
export interface LogTaken {
  readonly host: string
  readonly file: string
  readonly from: LogPosition | undefined
  readonly to: LogPosition
  readonly entries: readonly NewEntry[]
}

/** The table of how far logs are read, and in an entry the one that it tells better. */
export function makeLogs(db: DatabaseSync): void {
  db.exec(
    `ALTER TABLE entry ADD COLUMN instead INTEGER;
    CREATE INDEX entry_instead ON entry (instead) WHERE instead IS NOT NULL;
    CREATE TABLE log_position (host TEXT NOT NULL, file TEXT NOT NULL, position TEXT NOT NULL, PRIMARY KEY (host, file)) WITHOUT ROWID`,
  )
}

/** Up to where any console has read a log of a host; undefined: none has. */
export function logPositionOf(db: DatabaseSync, host: string, file: string): LogPosition | undefined {
  const row = prepared(db, 'SELECT position FROM log_position WHERE host = ? AND file = ?').get(host, file)
  return row && readPosition(String(row.position))
}

/** The file may have been written by anybody: what is none is read as if nobody had read the log. */
function readPosition(text: string): LogPosition | undefined {
  try {
    const { cursor, ...file } = JSON.parse(text) as Partial<FilePosition & JournalPosition>
    if (cursor !== undefined) return isCursor(cursor) ? { cursor } : undefined
    const { inode, head, headLength, offset, isInLine, written } = file
    const areTexts = typeof inode === 'string' && typeof head === 'string'
    const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
    if (!areTexts || !isCount(headLength) || !isCount(offset) || !isCount(written)) return undefined
    return { inode, head, headLength, offset, isInLine: isInLine === true, written }
  } catch {
    return undefined
  }
}

/**
 * Writes what a log tells and how far it is read then. To be called in a transaction: whoever reads it next goes on from there, whatever becomes of this one.
 *
 * @returns the entries that are new, those that tell another one better among them; undefined: somebody else has read it meanwhile, and nothing is written
 */
export function takeLog(
  db: DatabaseSync,
  { host, file, from, to, entries }: LogTaken,
  session: string,
): readonly Entry[] | undefined {
  const known = logPositionOf(db, host, file)
  if (known && JSON.stringify(known) !== JSON.stringify(from && ordered(from))) return undefined
  const written: Entry[] = []
  for (const entry of entries) {
    const near = sameAs(db, entry)
    const same = near && !isUndone(db, entry, near.at ?? entry.at) ? near : seenLater(db, entry)
    // Another log tells of it, too: whoever told first is kept.
    if (same?.isOfLog) continue
    written.push(insert(db, same ? { ...entry, ...heardOf(same, entry), instead: same.id } : entry, session))
  }
  prepared(db, 'INSERT OR REPLACE INTO log_position (host, file, position) VALUES (?, ?, ?)').run(
    host,
    file,
    JSON.stringify(to),
  )
  if (!known) forgetPositions(db, host)
  return written
}

/** Positions of one host that are kept: more than it has logs that are read at once, so that none of these is read anew. */
export const mostPositions = 2_000

/** A host has a log for each machine that it ever had: those that were written last are kept, and that of the journal of systemd. */
function forgetPositions(db: DatabaseSync, host: string): void {
  const count = prepared(db, 'SELECT count(*) AS count FROM log_position WHERE host = ?').get(host)?.count
  if (Number(count) <= mostPositions) return
  prepared(
    db,
    `DELETE FROM log_position WHERE host = ?1 AND file IN (SELECT file FROM log_position WHERE host = ?1
      ORDER BY position ->> '$.cursor' IS NULL, position ->> '$.written' DESC LIMIT -1 OFFSET ${mostPositions})`,
  ).run(host)
}

function ordered(position: LogPosition): LogPosition {
  if ('cursor' in position) return { cursor: position.cursor }
  const { inode, head, headLength, offset, isInLine, written } = position
  return { inode, head, headLength, offset, isInLine, written }
}

/** Milliseconds within which a line that is followed is heard: 0.12 s were measured. */
const heardWithin = 200

/**
 * What is known better of a line that was heard as it was written than by reading it again: many logs have no more than the second. What else was known then, or was
 * seen of a machine, stands behind its text.
 */
function heardOf({ at, text, source }: Same, entry: NewEntry): Partial<NewEntry> {
  const isHeard = source !== undefined && source === entry.source && at !== undefined
  const isNear = isHeard && Math.abs(at - entry.at) <= (entry.uncertainty ?? 0)
  const isKept = (isNear || entry.about?.kind === 'machine') && text?.startsWith(entry.text)
  return {
    ...(isNear ? { at, uncertainty: heardWithin } : {}),
    ...(text !== undefined && isKept ? { text: relabel(text) } : {}),
  }
}

/** An entry that tells of the same. */
interface Same {
  readonly id: number
  readonly isOfLog: boolean
  readonly at?: number
  readonly text?: string
  readonly source?: string
}

/** The entry that tells of the same, by vdd's own looking or by another log, the nearest in time; one that tells it better already does not count. */
function sameAs(db: DatabaseSync, entry: NewEntry, onlyLogs = false): Same | undefined {
  const within = entry.type && sameWithin[entry.type]
  if (within === undefined || !entry.about) return undefined
  const row = prepared(
    db,
    `SELECT id, at, text, source, raw IS NOT NULL AS is_of_log FROM entry
    WHERE at BETWEEN ?1 - ?2 AND ?1 + ?2 AND type = ?3 AND about = ?4
      AND (text = ?5 OR substr(text, 1, length(?5) + 2) = ?5 || ', ' OR substr(?5, 1, length(text) + 2) = text || ', ' OR NOT (?6 OR (?10 AND raw IS NOT NULL)))
      AND (raw IS NULL OR NOT ?10 OR host <> ?7 OR source IS NOT ?8) AND (raw IS NOT NULL OR NOT ?9) AND ${isBest}
    ORDER BY abs(at - ?1) LIMIT 1`,
  ).get(
    Math.round(entry.at),
    within,
    entry.type ?? null,
    refText(entry.about),
    entry.text,
    entry.about.kind === 'host' ? 1 : 0,
    entry.host,
    entry.source ?? null,
    onlyLogs ? 1 : 0,
    entry.raw === undefined ? 0 : 1,
  )
  if (!row) return undefined
  const own = { at: Number(row.at), text: String(row.text) }
  const source = row.source === null ? {} : { source: String(row.source) }
  return { id: Number(row.id), isOfLog: Boolean(row.is_of_log), ...own, ...source }
}

/** The entry of a console that saw how it stood when it looked for the first time, later than it happened: nothing told of the end in between. */
function seenLater(db: DatabaseSync, { type, about, at }: NewEntry): Same | undefined {
  const end = type && endedBy[type]
  if (!end || !about) return undefined
  const next = prepared(
    db,
    `SELECT id, type, raw FROM entry WHERE about = ? AND type IN (?, ?) AND at >= ?
        AND ${isBest} ORDER BY at, id LIMIT 1`,
  ).get(refText(about), type, end, Math.round(at))
  return next?.type === type && next.raw === null ? { id: Number(next.id), isOfLog: false } : undefined
}

/**
 * What is to be written of something that was seen: it itself, unless a log has told of it already, at about this time, or before and nothing has told of its end since.
 * Where it says more than that log, what both tell, as if the log had been read afterwards; else nothing.
 */
export function untold(db: DatabaseSync, entry: NewEntry): NewEntry | undefined {
  const same = sameAs(db, entry, true)
  if (!same || isUndone(db, entry, same.at ?? entry.at)) return isStanding(db, entry) ? undefined : entry
  const told = entryWith(db, same.id)
  const heard = told && heardOf({ ...same, ...entry, id: same.id }, told)
  const saysMore = heard && (heard.text ?? told.text) !== told.text
  return saysMore ? { ...told, ...heard, instead: told.id } : undefined
}

/** Whether the opposite was told between it and another moment: then it has happened twice. */
function isUndone(db: DatabaseSync, { type, about, at }: NewEntry, other: number): boolean {
  const opposites = type && undoneBy[type]
  if (!opposites || !about) return false
  const found = prepared(
    db,
    `SELECT 1 FROM entry WHERE at > ? AND at <= ? AND type IN (SELECT value FROM json_each(?)) AND about = ? AND ${isBest} LIMIT 1`,
  ).get(Math.min(at, other), Math.max(at, other), JSON.stringify(opposites), refText(about))
  return found !== undefined
}

function isStanding(db: DatabaseSync, { type, about, at }: NewEntry): boolean {
  const end = type && endedBy[type]
  if (!end || !about) return false
  const last = prepared(
    db,
    `SELECT type, raw FROM entry WHERE about = ? AND type IN (?, ?) AND at <= ? ORDER BY at DESC, id DESC LIMIT 1`,
  ).get(refText(about), type, end, Math.round(at))
  return last?.type === type && last.raw !== null
}
