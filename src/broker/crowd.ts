import type { DeskBook } from '../fleet/journal/desk-book.ts'
import { isRunning, markOf } from '../services/display/here/process-mark.ts'

/** Brokers that one person may have at once: some for each of many terminals. */
export const mostBrokers = 30

/** Counts a broker of a person in, unless there are too many: each takes memory and connections of this machine. */
export async function enter(book: DeskBook, uid: number, pid: number = process.pid): Promise<boolean> {
  const { db } = book
  const own = await markOf(pid)
  const rows = db.prepare('SELECT pid, started FROM desk_broker WHERE uid = ? AND pid <> ?').all(uid, pid)
  const others = rows.map((row) => ({ pid: Number(row.pid), started: Number(row.started) }))
  const run = await Promise.all(others.map(isRunning))
  if (!own) return false
  return book.transaction(() => {
    for (const [i, other] of others.entries())
      if (!run[i])
        db.prepare('DELETE FROM desk_broker WHERE pid = ? AND started = ?').run(other.pid, other.started)
    // Only now: many may begin at once, and each would have found room.
    const rows = db.prepare('SELECT pid FROM desk_broker WHERE uid = ? AND pid <> ?').all(uid, pid)
    if (rows.length >= mostBrokers) return false
    db.prepare('INSERT OR REPLACE INTO desk_broker (pid, started, uid) VALUES (?, ?, ?)').run(
      own.pid,
      own.started,
      uid,
    )
    return true
  })
}
