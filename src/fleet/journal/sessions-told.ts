import type { DatabaseSync } from 'node:sqlite'
import { endings, type NewSession, type Session } from './sessions.ts'

/** A line of the account that no RADIUS server has taken yet. Times in milliseconds since the epoch. */
export interface UntoldLine extends Pick<NewSession, 'channel' | 'uid' | 'who' | 'terminal' | 'machine'> {
  readonly id: number
  readonly what: 'start' | 'alive' | 'end'
  readonly at: number
  readonly startedAt: number
  readonly how?: Session['how']
}

/** What is left to be told behind a line. That a session was still there is nothing to tell once something later is known of it. */
const untold = `FROM desk_account a JOIN desk_account s ON s.id = coalesce(a.start, a.id)
  WHERE a.id > max(?, (SELECT coalesce(max(upto), 0) FROM desk_told)) AND a.id NOT IN (SELECT line FROM desk_told)
  AND (a.what <> 'alive' OR NOT EXISTS (SELECT 1 FROM desk_account n WHERE n.start = a.start AND n.id > a.id))`

/** The oldest line behind another one that is left to be told, and is of none of these people. */
export function nextUntold(
  db: DatabaseSync,
  behind: number,
  without: readonly number[],
): UntoldLine | undefined {
  const row = db
    .prepare(
      `SELECT a.id, a.what, a.at, a.how, s.at AS began, s.channel, s.uid, s.who, s.terminal, s.machine ${untold}
        AND a.uid NOT IN (SELECT value FROM json_each(?)) ORDER BY a.id LIMIT 1`,
    )
    .get(behind, JSON.stringify(without))
  if (!row) return undefined
  const how = endings.find((one) => one === row.how)
  return {
    id: Number(row.id),
    what: row.what as UntoldLine['what'],
    at: Number(row.at),
    startedAt: Number(row.began),
    channel: String(row.channel),
    uid: Number(row.uid),
    who: String(row.who),
    terminal: String(row.terminal),
    machine: String(row.machine),
    ...(how ? { how } : {}),
  }
}

/** How many lines are left to be told. */
export function countUntold(db: DatabaseSync): number {
  return Number(db.prepare(`SELECT count(*) AS n ${untold}`).get(0)?.n)
}

/** The ids of the sessions of which something is left to be told. */
export function untoldSessions(db: DatabaseSync): Set<number> {
  return new Set(
    db
      .prepare(`SELECT DISTINCT s.id ${untold}`)
      .all(0)
      .map(({ id }) => Number(id)),
  )
}

/**
 * A server has taken a line. Said again, it changes nothing.
 *
 * @param isNext whether nothing older is left, so that nobody looks there again
 */
export function writeTold(
  db: DatabaseSync,
  line: number,
  { at, server, isNext }: { readonly at: number; readonly server: string; readonly isNext: boolean },
): void {
  db.prepare(
    `INSERT OR IGNORE INTO desk_told (line, at, server, upto)
      VALUES (?, ?, ?, max(?, (SELECT coalesce(max(upto), 0) FROM desk_told)))`,
  ).run(line, at, server, isNext ? line : 0)
}

/**
 * One process tells at a time. Whoever is killed meanwhile keeps the others waiting for as long as it would have taken at most.
 *
 * @param longest milliseconds
 * @returns until when this one may tell; undefined: another one does. To be called in a transaction.
 */
export function beginTelling(db: DatabaseSync, now: number, longest: number): number | undefined {
  const until = Number(db.prepare('SELECT until FROM desk_telling').get()?.until ?? 0)
  // Further away than anybody may say: the clock was set back.
  if (until > now && until <= now + longest) return undefined
  db.prepare('INSERT OR REPLACE INTO desk_telling (one, until) VALUES (1, ?)').run(now + longest)
  return now + longest
}

/** The next one need not wait, unless another one tells already. */
export function endTelling(db: DatabaseSync, until: number): void {
  db.prepare('DELETE FROM desk_telling WHERE until = ?').run(until)
}

/**
 * Notes whether the servers take what there is. To be called in a transaction.
 *
 * @returns since when they did not, where that is news: they have just begun not to, or take it again
 */
export function noteSilence(
  db: DatabaseSync,
  isSilent: boolean,
  now: number,
): { readonly since: number } | undefined {
  const row = db.prepare('SELECT since FROM desk_silence').get()
  if (isSilent === (row !== undefined)) return undefined
  if (row) db.exec('DELETE FROM desk_silence')
  else db.prepare('INSERT INTO desk_silence (one, since) VALUES (1, ?)').run(now)
  return { since: row ? Number(row.since) : now }
}
