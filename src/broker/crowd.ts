import type { DatabaseSync } from 'node:sqlite'
import { isRunning, markOf } from '../services/display/here/process-mark.ts'

/** Brokers that one person may have at once: some for each of many terminals. */
export const mostBrokers = 30

/** Counts a broker of a person in, unless there are too many: each takes memory and connections of this machine. */
export async function enter(db: DatabaseSync, uid: number, pid: number = process.pid): Promise<boolean> {
  const mark = await markOf(pid)
  if (!mark) return false
  db.prepare('INSERT OR REPLACE INTO desk_broker (pid, started, uid) VALUES (?, ?, ?)').run(
    mark.pid,
    mark.started,
    uid,
  )
  let others = 0
  for (const row of db
    .prepare('SELECT pid, started FROM desk_broker WHERE uid = ? AND pid <> ?')
    .all(uid, pid)) {
    const other = { pid: Number(row.pid), started: Number(row.started) }
    if (await isRunning(other)) others++
    else leave(db, other.pid, other.started)
  }
  if (others < mostBrokers) return true
  leave(db, mark.pid, mark.started)
  return false
}

/** It has ended. */
export function leave(db: DatabaseSync, pid: number, started: number): void {
  db.prepare('DELETE FROM desk_broker WHERE pid = ? AND started = ?').run(pid, started)
}
