import type { DatabaseSync } from 'node:sqlite'
import { refText } from '../ref.ts'
import type { NewEntry } from './entries.ts'
import { prepared } from './prepared.ts'

/** Two consoles that share a journal see the same event; within this many milliseconds it is one. */
export const sameWithin = 3_000

/** Among so many of the last lines those of the last seconds are looked for. */
const looked = 10_000

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

  /** Whether another console has told of it at about this time, as far as its lines were read; milliseconds since the epoch. */
  has({ host, about, text }: Pick<NewEntry, 'host' | 'about' | 'text'>, at: number): boolean {
    const told = about && this.#told.get(keyOf(host, refText(about), text))
    return told !== undefined && told > at - sameWithin
  }

  /**
   * Reads the lines of others. In the transaction that writes, and before it writes, nothing can come in between: what nobody has told is then told once.
   *
   * @param at of the earliest event that may be asked for
   */
  read(db: DatabaseSync, at: number): void {
    if (db !== this.#db) {
      this.#told.clear()
      this.#readTo = before(db, at)
      this.#db = db
    }
    const lines = prepared(
      db,
      'SELECT id, coalesce(seen_at, at) AS at, host, about, text, session FROM entry WHERE id > ? ORDER BY id',
    )
    // Without this, a number that is too large would cost the journal.
    lines.setReadBigInts(true)
    for (const row of lines.all(this.#readTo)) {
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
    .prepare(
      `SELECT min(id) AS id FROM entry WHERE coalesce(seen_at, at) > ? AND id > (SELECT max(id) FROM entry) - ${looked}`,
    )
    .get(at - sameWithin)?.id
  if (typeof first === 'number') return first - 1
  return Number(db.prepare('SELECT max(id) AS id FROM entry').get()?.id ?? 0)
}

function keyOf(host: string, about: string, text: string): string {
  return JSON.stringify([host, about, saidOf(text)])
}

/** Durations are left out: each console has measured them for itself. */
export function saidOf(text: string): string {
  return text.replace(/\d+(\.\d+)? (ms|s|min|h|d)\b/g, '')
}
