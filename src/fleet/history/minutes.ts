import { DatabaseSync } from 'node:sqlite'
import type { Point } from '../../text/chart.ts'
import { transaction } from '../journal/file.ts'

/** The mean of a front end's metric over one minute. */
export interface Minute extends Point {
  readonly metric: string
  /** the front end's address */
  readonly object: string
}

/** Milliseconds for which minutes are kept. */
const kept = 24 * 3600_000

/** Milliseconds to wait for another process at the start, when no key waits yet. */
const patience = 1_000

/**
 * The minutes of the last day in the journal's database, so that charts begin before the console was started. Consoles with the same
 * journal write the same minutes, and the first counts. What cannot be written is left out.
 */
export class Minutes {
  readonly #db: DatabaseSync

  /** Throws where the file cannot be used. */
  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: patience })
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    this.#db.exec(
      'CREATE TABLE IF NOT EXISTS minute (metric TEXT NOT NULL, object TEXT NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (metric, object, at)) WITHOUT ROWID',
    )
    // From here on keys wait: a locked file is tried again later, and the disk is synced at the end.
    this.#db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_autocheckpoint = 0')
  }

  /** All of the last day before `now`, oldest first. */
  read(now: number): Minute[] {
    const rows = this.#db
      .prepare('SELECT * FROM minute WHERE at >= ? AND at <= ? ORDER BY at')
      .all(now - kept, now)
    return rows.map(({ metric, object, at, value }) => ({
      metric: String(metric),
      object: String(object),
      at: Number(at),
      value: Number(value),
    }))
  }

  /** Writes them in one transaction and deletes what is too old. False: they could not be written. */
  write(minutes: readonly Minute[], now: number): boolean {
    try {
      transaction(this.#db, () => {
        const insert = this.#db.prepare(
          'INSERT OR IGNORE INTO minute (metric, object, at, value) VALUES (?, ?, ?, ?)',
        )
        for (const { metric, object, at, value } of minutes) insert.run(metric, object, at, value)
        this.#db.prepare('DELETE FROM minute WHERE at < ?').run(now - kept)
      })
      return true
    } catch {
      return false
    }
  }

  close(): void {
    this.#db.close()
  }
}
