import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { whyOf } from '../../hosts/host.ts'
import { type Label, say } from '../../hosts/label.ts'
import { BringBack } from './bring-back.ts'
import type { Entry, NewEntry } from './entries.ts'
import { transaction } from './file.ts'
import type { KeptFile } from './kept-file.ts'
import type { Marks } from './marks.ts'
import type { ToldSyslog } from './told-syslog.ts'
import { Waiting } from './waiting.ts'

/** Milliseconds that a change waits until its beginning is in the journal. */
const patience = 2_000
/** Entries that are brought into a file that can be used again by a console that ends. */
const mostAtLast = 10_000

/**
 * Gets into the file of a journal what is to be there: entries and marks, all that wait or none. Nobody waits for it: while another process
 * has locked the file they wait, and while the file is lost, they go into memory.
 */
export class Spool {
  readonly #file: KeptFile
  readonly #marks: Marks
  readonly #told: ToldSyslog | undefined
  readonly #waiting: Waiting
  readonly #session: string
  #back: BringBack | undefined
  /** why entries do not reach the file, where it is not lost */
  #trouble: Label | undefined

  /** `told`: who is told of what is written; `session`: in whose name it is */
  constructor(file: KeptFile, marks: Marks, told: ToldSyslog | undefined, session: string) {
    this.#file = file
    this.#marks = marks
    this.#told = told
    this.#session = session
    this.#waiting = new Waiting(session)
  }

  /** Why entries do not reach the file, and how many are lost by that; undefined: they do. */
  get trouble(): Label | undefined {
    const trouble = this.#file.lost ?? this.#trouble
    const { dropped } = this.#waiting
    return trouble && dropped ? say`${trouble}; ${dropped} events are lost` : trouble
  }

  /** The entries that wait as they would stand in the file, the newest first. @throws the file cannot be read */
  waiting(): readonly Entry[] {
    return this.#waiting.count ? this.#waiting.listed(this.#file.db) : []
  }

  /** `isShared`: other consoles see it too, and one of them writes it */
  add(entries: readonly NewEntry[], isShared: boolean): void {
    this.#waiting.add(entries, isShared)
    this.flush()
    this.#waiting.bound()
  }

  /** Waits two seconds at most until everything is written; resolves with whether it is. */
  async written(): Promise<boolean> {
    for (const end = performance.now() + patience; this.#waiting.count && performance.now() < end; ) {
      await sleep(50)
      this.flush()
    }
    return !this.#file.lost && this.#waiting.count === 0
  }

  /** Writes what waits, as far as the file takes it. */
  flush(): void {
    const { count, dropped } = this.#waiting
    if (!count && !dropped && !this.#marks.waits) return
    try {
      const written = transaction(this.#file.db, () => this.#write())
      this.#waiting.clear()
      // What is in memory alone is to be in the file, too.
      if (!this.#file.lost) this.#marks.written()
      this.#told?.tell(written)
      this.#trouble = undefined
    } catch (error) {
      const why = notKept(error)
      this.#trouble = why
      if (passing.has(((error as { errcode?: number }).errcode ?? 0) % 256)) return
      // Not even the memory takes it.
      if (this.#file.lost) return this.#waiting.clear()
      this.#file.giveUp(why)
      this.#marks.writeAll()
      this.flush()
    }
  }

  /**
   * Tries the file again where it is lost: what was written in its place goes there, a piece at each call.
   *
   * @param isLast there will be no other call
   * @returns whether it is in use again
   */
  tryAgain(isLast = false): boolean {
    this.#back ??= new BringBack(this.#session)
    const back = this.#back
    const copy = (memory: DatabaseSync, file: DatabaseSync) =>
      back.copy(memory, file, isLast ? mostAtLast : undefined)
    if (!this.#file.tryAgain(copy, isLast)) return false
    this.#back = undefined
    this.flush()
    return true
  }

  #write(): readonly Entry[] {
    const written = this.#waiting.write(this.#file.db)
    this.#marks.write(this.#file.db)
    return written
  }

  /** Reads the marks of all consoles, as far as the file can be read. */
  readMarks(): void {
    try {
      this.#marks.read(this.#file.db)
    } catch (error) {
      this.#trouble ??= notKept(error)
    }
  }
}

function notKept(error: unknown): Label {
  return say`journal is not kept: ${whyOf(error)}`
}

/**
 * What may be over in a moment, by the lower byte of what it is in particular: another connection holds the file (SQLITE_BUSY), the disk
 * does not take it (SQLITE_IOERR), or is full (SQLITE_FULL). https://www.sqlite.org/rescode.html
 */
const passing: ReadonlySet<number> = new Set([5, 10, 13])
