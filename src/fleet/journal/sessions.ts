import type { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'

/** How a session ended, as whoever held it tells: it was closed, ended by itself, lost its machine or its terminal, or never began. */
export const toldEndings = ['closed', 'ended', 'lost', 'terminal-lost', 'refused'] as const
/** `silent`: nobody has told its end; it was last heard then, and for half an hour not any more. */
export const endings = [...toldEndings, 'silent'] as const
export type Ending = (typeof endings)[number]

/** What is written down of a session when it begins. Texts are as they were given. */
export interface NewSession {
  readonly channel: string
  readonly uid: number
  readonly who: string
  readonly terminal: string
  readonly machine: string
  readonly system: string
  /** its session manager */
  readonly session: string
  /** those of the person then; none: not known */
  readonly groups?: readonly string[]
}

/** A session of a person on a machine. Times in milliseconds since the epoch. */
export interface Session extends NewSession {
  readonly id: number
  readonly startedAt: number
  /** when it was last said to be there */
  readonly heardAt: number
  readonly endedAt?: number
  readonly how?: Ending
}

/** After so many milliseconds without a word, a session without an end counts as none that is there. */
export const silentAfter = 30 * 60_000

/** `lost`: nobody has said for long that it is there, nor that it has ended. */
export function stateOf({ endedAt, heardAt, how }: Session, now: number): 'ended' | 'open' | 'lost' {
  if (endedAt !== undefined) return how === 'silent' ? 'lost' : 'ended'
  return now - heardAt > silentAfter ? 'lost' : 'open'
}

/** Milliseconds; undefined: its end is not known. A clock that was set back makes none of them negative. */
export function lengthOf({ startedAt, endedAt, how }: Session): number | undefined {
  return endedAt === undefined || how === 'silent' ? undefined : Math.max(0, endedAt - startedAt)
}

const all = `SELECT s.*, e.at AS ended, e.how AS ending, (SELECT max(at) FROM desk_account a WHERE a.start = s.id) AS heard
  FROM desk_account s LEFT JOIN desk_account e ON e.start = s.id AND e.what = 'end' WHERE s.what = 'start'`

/** The sessions that were there between two times, both inclusive, oldest first. */
export function readSessions(db: DatabaseSync, since = 0, until = Number.MAX_SAFE_INTEGER): Session[] {
  return db
    .prepare(`${all} AND s.at <= ? AND (e.at IS NULL OR e.at >= ?) ORDER BY s.at, s.id`)
    .all(until, since)
    .map(sessionOf)
}

/** Those that are there: they have not ended, and not long ago somebody said so. */
export function openSessions(db: DatabaseSync, now: number): Session[] {
  return db
    .prepare(
      `${all} AND e.at IS NULL AND s.id IN (SELECT coalesce(start, id) FROM desk_account WHERE what IN ('start', 'alive') AND at >= ?)`,
    )
    .all(now - silentAfter)
    .map(sessionOf)
}

/** Ends what has been silent for too long, at the time when it was last heard: one end of each, however many call this. */
export function endSilent(db: DatabaseSync, now: number): void {
  db.prepare(
    `INSERT OR IGNORE INTO desk_account (start, what, at, uid, who, channel, how)
      SELECT s.id, 'end', (SELECT max(at) FROM desk_account WHERE id = s.id OR start = s.id) AS heard, s.uid, s.who, s.channel, 'silent'
      FROM desk_open JOIN desk_account s ON s.id = desk_open.start WHERE heard < ?`,
  ).run(now - silentAfter)
}

/** The last session of a channel. */
export function sessionOfChannel(db: DatabaseSync, channel: string): Session | undefined {
  const row = db.prepare(`${all} AND s.channel = ? ORDER BY s.id DESC LIMIT 1`).get(channel)
  return row && sessionOf(row)
}

export function writeStart(db: DatabaseSync, one: NewSession, at: number): void {
  db.prepare(
    "INSERT INTO desk_account (what, at, uid, who, channel, system, machine, session, terminal, groups) VALUES ('start', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  ).run(
    at,
    one.uid,
    one.who,
    one.channel,
    one.system,
    one.machine,
    one.session,
    one.terminal,
    one.groups ? JSON.stringify(one.groups) : null,
  )
}

/** @throws it has ended already */
export function writeLater(
  db: DatabaseSync,
  { id, uid, who, channel }: Session,
  what: 'alive' | 'end',
  at: number,
  how?: Ending,
): void {
  db.prepare(
    'INSERT INTO desk_account (start, what, at, uid, who, channel, how) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).run(id, what, at, uid, who, channel, how ?? null)
}

/** The file was written by another program, perhaps by another version: what is not known of it is left out. */
function sessionOf(row: Record<string, unknown>): Session {
  const text = (key: string) => String(row[key] ?? '')
  const startedAt = Number(row.at)
  const how = endings.find((one) => one === row.ending)
  const groups = groupsOf(row.groups)
  return {
    id: Number(row.id),
    channel: text('channel'),
    uid: Number(row.uid),
    who: text('who'),
    terminal: text('terminal'),
    machine: text('machine'),
    system: text('system'),
    session: text('session'),
    startedAt,
    heardAt: Math.max(startedAt, Number(row.heard ?? 0)),
    ...(row.ended === null ? {} : { endedAt: Number(row.ended) }),
    ...(how ? { how } : {}),
    ...(groups ? { groups } : {}),
  }
}

function groupsOf(text: unknown): readonly string[] | undefined {
  if (typeof text !== 'string') return undefined
  try {
    return z.array(z.string()).safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
