import type { DatabaseSync } from 'node:sqlite'
import type { FleetEvent } from '../event.ts'
import { refText } from '../ref.ts'

/** Two consoles that share a journal see the same event; within this many milliseconds it is one. */
const sameWithin = 3_000

/** What other consoles have just written to the same journal. Each of their lines is read once. */
export class Heard {
  readonly #session: string
  /** by `keyOf`: when it was last told, in milliseconds since the epoch, in the order of the lines */
  readonly #told = new Map<string, number>()
  #db: DatabaseSync | undefined
  /** all lines up to this one were read */
  #readTo = 0

  /** `session`: whose own lines do not count */
  constructor(session: string) {
    this.#session = session
  }

  /** Whether it has been told in this file at about this time; milliseconds since the epoch. */
  has(event: FleetEvent, db: DatabaseSync, at: number): boolean {
    if (db !== this.#db) {
      this.#told.clear()
      this.#readTo = before(db, at)
      this.#db = db
    }
    this.#read(db, at)
    const told = this.#told.get(keyOf(event.host, refText(event.about), event.text))
    return told !== undefined && told > at - sameWithin
  }

  #read(db: DatabaseSync, at: number): void {
    const rows = db
      .prepare(
        'SELECT id, coalesce(seen_at, at) AS at, host, about, text, session FROM entry WHERE id > ? ORDER BY id',
      )
      .all(this.#readTo)
    for (const row of rows) {
      this.#readTo = Number(row.id)
      if (row.session === this.#session) continue
      const key = keyOf(String(row.host), String(row.about), String(row.text))
      this.#told.delete(key)
      // A line of a console whose clock is ahead must be dropped in time, too.
      this.#told.set(key, Math.min(Number(row.at), at + sameWithin))
    }
    for (const [key, told] of this.#told) {
      if (told > at - sameWithin) break
      this.#told.delete(key)
    }
  }
}

/** The last line that is too old to matter. */
function before(db: DatabaseSync, at: number): number {
  const first = db
    .prepare('SELECT min(id) AS id FROM entry WHERE coalesce(seen_at, at) > ?')
    .get(at - sameWithin)?.id
  if (typeof first === 'number') return first - 1
  return Number(db.prepare('SELECT max(id) AS id FROM entry').get()?.id ?? 0)
}

/** Durations are left out: each console has measured them for itself. */
function keyOf(host: string, about: string, text: string): string {
  return JSON.stringify([host, about, text.replace(/\d+(\.\d+)? (ms|s|min|h|d)\b/g, '')])
}
