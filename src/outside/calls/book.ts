import type { DatabaseSync } from 'node:sqlite'
import { open, transaction } from '../../fleet/journal/file.ts'
import { relabel } from '../../fleet/journal/relabel.ts'
import type { Label } from '../../hosts/label.ts'
import type { Told } from './due.ts'
import { hasEnded, type Self, self } from './process.ts'

/** Milliseconds for which one console alone calls, unless it says again that it does, or ends. */
const held = 30_000
/** It says so when this much is left. */
const renewed = 20_000

/** That the command fails. */
export interface Failure {
  /** milliseconds since the epoch */
  readonly since: number
  readonly why: Label
}

/**
 * In the journal's database: which of the consoles calls, for what somebody was called, and that the command fails. All consoles with this
 * journal see the same.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS call_holder (one INTEGER PRIMARY KEY CHECK (one = 1), pid INTEGER NOT NULL, started INTEGER NOT NULL,
    space TEXT NOT NULL, until INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS call_told (id TEXT PRIMARY KEY, at INTEGER NOT NULL, severity TEXT NOT NULL, text TEXT NOT NULL, json TEXT NOT NULL,
    closed INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS call_failure (one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER NOT NULL, why TEXT NOT NULL)`

/** What one console has to remember of its calls so that no other makes them again. Where the file cannot be used it remembers for itself. */
export class CallBook {
  readonly #db: DatabaseSync
  readonly #self: Self
  /** what could not be written: it counts nevertheless */
  readonly #unwritten = new Map<string, Told | undefined>()

  /** @param me who this console is, for tests */
  constructor(file: string, me: Self = self()) {
    this.#self = me
    this.#db = opened(file)
  }

  /**
   * Whether this console is the one that calls: nobody else does, or whoever did has ended.
   *
   * @param now milliseconds since the epoch
   */
  hold(now: number): boolean {
    try {
      const found = this.#db.prepare('SELECT pid, started, space, until FROM call_holder').get()
      if (this.#isOwn(found) && isBetween(Number(found?.until), now + renewed / 2, now + held)) return true
      return transaction(this.#db, () => {
        const holder = this.#db.prepare('SELECT pid, started, space, until FROM call_holder').get()
        if (holder && !this.#isOwn(holder) && !isFree(holder, now)) return false
        const { pid, started, space } = this.#self
        this.#db
          .prepare(
            'INSERT OR REPLACE INTO call_holder (one, pid, started, space, until) VALUES (1, ?, ?, ?, ?)',
          )
          .run(pid, started, space, now + held)
        return true
      })
    } catch {
      // Another process has locked the file for a moment.
      return false
    }
  }

  #isOwn(row: Record<string, unknown> | undefined): boolean {
    const { pid, started, space } = this.#self
    return row?.pid === pid && row.started === started && row.space === space
  }

  /** Another console may call from now on. */
  release(): void {
    try {
      const { pid, started, space } = this.#self
      this.#db
        .prepare('DELETE FROM call_holder WHERE pid = ? AND started = ? AND space = ?')
        .run(pid, started, space)
    } catch {
      // It is seen that this process has ended.
    }
  }

  /** For what somebody was called, by id. */
  told(): ReadonlyMap<string, Told> {
    let rows: Told[] = []
    try {
      rows = this.#db.prepare('SELECT * FROM call_told').all().map(toldOf)
    } catch {
      // What this console knows counts.
    }
    const known = new Map(rows.map((one) => [one.id, one]))
    for (const [id, one] of this.#unwritten)
      if (one) known.set(id, one)
      else known.delete(id)
    return known
  }

  /** Writes down what was told, and takes away what need not be known any more. */
  note(told: readonly Told[], forgotten: readonly string[] = []): void {
    for (const one of told) this.#unwritten.set(one.id, one)
    for (const id of forgotten) this.#unwritten.set(id, undefined)
    if (!this.#unwritten.size) return
    try {
      transaction(this.#db, () => {
        for (const [id, one] of this.#unwritten) this.#write(id, one)
      })
      this.#unwritten.clear()
    } catch {
      // It is tried again with what comes next.
    }
  }

  #write(id: string, told: Told | undefined): void {
    if (!told) {
      this.#db.prepare('DELETE FROM call_told WHERE id = ?').run(id)
      return
    }
    const { at, severity, text, json, closedAt = null } = told
    this.#db
      .prepare(
        'INSERT OR REPLACE INTO call_told (id, at, severity, text, json, closed) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(id, at, severity, text, JSON.stringify(json), closedAt)
  }

  /** That the command fails, as the console has seen it that calls. */
  get failure(): Failure | undefined {
    try {
      const row = this.#db.prepare('SELECT since, why FROM call_failure').get()
      return row && { since: Number(row.since), why: relabel(String(row.why)) }
    } catch {
      return undefined
    }
  }

  /** The command has failed, or has not. */
  fail(failure: Failure | undefined): void {
    try {
      if (!failure) this.#db.exec('DELETE FROM call_failure')
      else
        this.#db
          .prepare('INSERT OR REPLACE INTO call_failure (one, since, why) VALUES (1, ?, ?)')
          .run(failure.since, failure.why)
    } catch {
      // It comes again with the next call.
    }
  }

  close(): void {
    this.#db.close()
  }
}

function opened(file: string): DatabaseSync {
  try {
    const db = open(file, false)
    // It writes all the time, so it may also put away what it wrote.
    db.exec('PRAGMA wal_autocheckpoint = 1000')
    if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'call_failure'").get()) db.exec(tables)
    return db
  } catch {
    // The journal says why.
    const db = open(':memory:', false)
    db.exec(tables)
    return db
  }
}

const isBetween = (value: number, least: number, most: number) => value >= least && value <= most

/** Whoever calls has ended, or has not said for long that it does. A time too far ahead is of a clock that was set back. */
function isFree(row: Record<string, unknown>, now: number): boolean {
  const holder = { pid: Number(row.pid), started: Number(row.started), space: String(row.space) }
  return !isBetween(Number(row.until), now, now + held) || hasEnded(holder)
}

/** The file comes from outside: its texts are checked again. */
function toldOf(row: Record<string, unknown>): Told {
  return {
    id: String(row.id),
    at: Number(row.at),
    severity: row.severity === 'warning' ? 'warning' : 'bad',
    text: relabel(String(row.text)),
    json: objectOf(String(row.json)),
    ...(row.closed === null ? {} : { closedAt: Number(row.closed) }),
  }
}

function objectOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
