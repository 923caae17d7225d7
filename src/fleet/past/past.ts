import type { DatabaseSync } from 'node:sqlite'
import { wallTime } from '../../hosts/clock.ts'
import { whyOf } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { open, transaction } from '../journal/file.ts'
import { prepared } from '../journal/prepared.ts'
import { type PastBounds, thin, usualPast } from './bounds.ts'
import type { PastMoment } from './moment.ts'
import { format, pack, unpack } from './pack.ts'

/** Milliseconds between two moments that are kept; where an incident opens, at least. */
const apart = { usual: 60_000, opened: 10_000 } as const
/** Milliseconds after the start until when hosts have answered for the first time: nobody wants to see how nothing was known yet. */
const starting = 10_000
/** Milliseconds after which what could not be written is tried again, with how it is then. */
const retryAfter = 5_000
/** Milliseconds between two looks for what is too old. */
const thinEvery = 600_000
/** Moments that are passed over, one after the other, since they cannot be read. */
const mostUnread = 100

/** What there is of one side of a time. */
export interface Found {
  readonly moment?: PastMoment
  /** what was passed over on the way, and why */
  readonly skipped?: Label
}

/** What is taken when a moment is due. */
export type Taken = Pick<PastMoment, 'snapshot' | 'alerts'>

/** Where it is kept how it was. */
export interface LookBack {
  /** why nothing is kept, if so */
  readonly trouble: Label | undefined
  /**
   * Keeps how it is, if it is time for that. To be called once a second or so.
   *
   * @param now by the clock of the facts
   * @param incident the id of the one that opened last and is open still
   */
  note(now: number, incident: string | undefined, take: () => Taken): void
  /** The last moment before a time of day, in milliseconds since the epoch; with `orAt` also the one of that time. */
  before(at: number, orAt?: boolean): Found
  /** The first one after it. */
  after(at: number, orAt?: boolean): Found
  close(): void
}

/**
 * How it was, minute by minute, in a file beside the journal: there it would take the journal's room, and a long write would keep its entries waiting. Of
 * several consoles with one file the first that is due writes. What cannot be written is left out, and `trouble` says why.
 */
export class Past implements LookBack {
  readonly #file: string
  readonly #bounds: PastBounds
  readonly #startedAt: number
  #db: DatabaseSync | undefined
  #trouble: Label | undefined
  #isClosed = false
  /** by the clock of the facts */
  #dueAt: number
  #writtenAt = Number.NEGATIVE_INFINITY
  #thinnedAt = Number.NEGATIVE_INFINITY
  /** the incident that was open last; null: none was looked for yet */
  #incident: string | undefined | null = null
  #packing: Promise<void> | undefined

  /** @param file may be `:memory:`; it is opened when it is first used @param now by the clock of the facts */
  constructor(file: string, now: number, bounds: Partial<PastBounds> = {}) {
    this.#file = file
    this.#startedAt = now
    this.#dueAt = now + starting
    this.#bounds = { ...usualPast, ...bounds }
  }

  get trouble(): Label | undefined {
    return this.#trouble
  }

  #opened(): DatabaseSync | undefined {
    if (this.#db || this.#isClosed) return this.#db
    try {
      this.#db = open(this.#file, false, (db) =>
        db.exec(
          `CREATE TABLE IF NOT EXISTS moment (at INTEGER PRIMARY KEY, format INTEGER NOT NULL, opened INTEGER NOT NULL,
            bytes INTEGER NOT NULL, packed BLOB NOT NULL)`,
        ),
      )
    } catch (error) {
      // A disk that is full now has room again some time.
      this.#fail(error)
    }
    return this.#db
  }

  #fail(error: unknown): void {
    // Another process writes just now (SQLITE_BUSY, https://www.sqlite.org/rescode.html).
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === 5) return
    this.#trouble = say`nothing is kept to look back at: ${label(this.#file)}: ${whyOf(error)}`
  }

  note(now: number, incident: string | undefined, take: () => Taken): void {
    if (this.#packing || this.#bounds.days === 0 || now - this.#startedAt < starting) return
    if (this.#incident === null) this.#incident = incident
    const isNew = incident !== undefined && incident !== this.#incident
    const isOpening = isNew && now - this.#writtenAt >= apart.opened
    if (now < this.#dueAt && !isOpening) return
    if (!this.#opened()) {
      this.#dueAt = now + retryAfter
      return
    }
    const at = wallTime(now)
    const others = this.#newestSince(at - (isOpening ? apart.opened : apart.usual), at)
    // Another console has this minute. If the file cannot be read now, it is tried again later.
    this.#dueAt = now + (others === undefined ? apart.usual : Math.max(1_000, apart.usual - (at - others)))
    this.#incident = incident
    if (others !== undefined) {
      this.#trouble = undefined
      return
    }
    this.#writtenAt = now
    this.#packing = this.#write({ at, now, ...take() }, isOpening).finally(() => {
      this.#packing = undefined
    })
  }

  /** Resolves when what is being packed is written. */
  async written(): Promise<void> {
    await this.#packing
  }

  #newestSince(from: number, to: number): number | undefined {
    try {
      const db = this.#opened()
      const row =
        db && prepared(db, 'SELECT max(at) AS at FROM moment WHERE at > ? AND at <= ?').get(from, to)
      return typeof row?.at === 'number' ? row.at : undefined
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  async #write(moment: PastMoment, isOpening: boolean): Promise<void> {
    try {
      const packed = await pack(moment)
      const db = this.#opened()
      if (!db) return
      const { at } = moment
      transaction(db, () => {
        // Another console may have been quicker.
        const least = at - (isOpening ? apart.opened : apart.usual)
        if (this.#newestSince(least, at) !== undefined) return
        prepared(db, 'INSERT OR IGNORE INTO moment VALUES (?, ?, ?, ?, ?)').run(
          at,
          format,
          isOpening ? 1 : 0,
          packed.length,
          packed,
        )
        if (at - this.#thinnedAt >= thinEvery) thin(db, this.#bounds, at)
      })
      this.#trouble = undefined
      if (at - this.#thinnedAt < thinEvery) return
      this.#thinnedAt = at
      db.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch (error) {
      this.#dueAt = moment.now + retryAfter
      this.#fail(error)
    }
  }

  before(at: number, orAt = false): Found {
    return this.#find(`at ${orAt ? '<=' : '<'} ? ORDER BY at DESC`, at)
  }

  after(at: number, orAt = false): Found {
    return this.#find(`at ${orAt ? '>=' : '>'} ? ORDER BY at`, at)
  }

  #find(where: string, at: number): Found {
    const db = this.#opened()
    if (!db) return {}
    let [others, unread] = [0, 0]
    const found = (moment?: PastMoment): Found => {
      const skipped = skippedText(others, unread)
      return { ...(moment ? { moment } : {}), ...(skipped ? { skipped } : {}) }
    }
    try {
      // Somebody else may have written it: what is no time is none of them.
      const sql = `SELECT at, format IS ${format} AS own FROM moment WHERE at BETWEEN 0 AND 8640000000000000 AND ${where} LIMIT ${mostUnread}`
      for (const row of prepared(db, sql).all(at)) {
        if (!row.own) others++
        else {
          const moment = this.#read(db, Number(row.at))
          if (moment) return found(moment)
          unread++
        }
      }
      return found()
    } catch (error) {
      return { skipped: say`what is kept cannot be read: ${whyOf(error)}` }
    }
  }

  #read(db: DatabaseSync, at: number): PastMoment | undefined {
    const packed = prepared(db, 'SELECT packed FROM moment WHERE at = ?').get(at)?.packed
    try {
      // Where it stands it belongs, whatever it says itself.
      return packed instanceof Uint8Array ? { ...unpack(packed), at } : undefined
    } catch {
      return undefined
    }
  }

  close(): void {
    this.#isClosed = true
    this.#db?.close()
    this.#db = undefined
  }
}

function skippedText(others: number, unread: number): Label | undefined {
  const count = (n: number) => (n === 1 ? say`1 minute` : say`${n} minutes`)
  if (others && unread) return say`${count(others + unread)} left out: of another version, or not to be read`
  if (others) return say`${count(others)} left out: another version of vdd kept them`
  return unread ? say`${count(unread)} left out: they cannot be read` : undefined
}
