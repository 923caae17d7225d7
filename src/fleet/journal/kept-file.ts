import type { DatabaseSync } from 'node:sqlite'
import { whyOf } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { newestId } from './entries.ts'
import { identityOf, open, type Writers, writersOf } from './file.ts'

/** Where entries are: another file, or the memory, is another place, in which their ids begin anew. */
export interface Place {
  /** the id of the last entry that was there before it was one; 0: none */
  readonly before: number
}

/** Looks between two tries to open a file that could not be used: five seconds. */
const looksApart = 5

/** The open file of a journal, or the memory in its place while the file cannot be used. */
export class KeptFile {
  readonly #path: string
  readonly #waits: boolean
  #db: DatabaseSync
  #identity: string | undefined
  #writers: Writers | undefined
  #lost: Label | undefined
  #looks = 0
  /** the file, into which what is in memory is being brought */
  #found: DatabaseSync | undefined
  #place: Place = { before: 0 }

  /** `path` may be `:memory:`; `waits`: as for `open` */
  constructor(path: string, waits: boolean) {
    this.#path = path
    this.#waits = waits
    this.#db = this.#open()
  }

  #open(): DatabaseSync {
    try {
      return this.#opened(open(this.#path, this.#waits))
    } catch (error) {
      this.#lost = say`journal is not kept: ${label(this.#path)}: ${whyOf(error)}`
      return open(':memory:', false)
    }
  }

  #opened(db: DatabaseSync): DatabaseSync {
    this.#identity = this.#standing()
    this.#writers = this.#identity === undefined ? undefined : writersOf(this.#path)
    return db
  }

  #standing(): string | undefined {
    return this.#path === ':memory:' ? undefined : identityOf(this.#path)
  }

  get db(): DatabaseSync {
    return this.#db
  }

  /** The same while it is the same file, or memory. */
  get place(): Place {
    return this.#place
  }

  /** Why what is written is kept in memory alone, if so. */
  get lost(): Label | undefined {
    return this.#lost
  }

  /** Who else may have written to it; `undefined`: nobody. */
  get writers(): Writers | undefined {
    return this.#writers
  }

  /** Why its contents cannot be trusted, if so. */
  get doubt(): Label | undefined {
    return this.#writers === 'others'
      ? say`${label(this.#path)}: others may write it, so its entries may be forged: make it yours, with chmod 600`
      : undefined
  }

  /** Opens it anew if it was removed or replaced: entries in the old one would never be found. @returns what became of the old one; undefined: it is the same */
  reopenIfGone(): Label | undefined {
    if (this.#lost) return undefined
    const standing = this.#standing()
    if (standing === this.#identity) return undefined
    this.#take(this.#open())
    return standing ? say`replaced by another file` : say`removed`
  }

  /**
   * Tries the file again where it is lost, every fifth time that it is called: a disk has room again some time, and a directory is mounted.
   *
   * @param save brings there what is in the memory, and says whether that was all; where it was, the memory is closed, and where it throws, all stays as it is
   * @param now without waiting for the fifth time
   * @returns whether the file is in use again
   */
  tryAgain(save: (memory: DatabaseSync, file: DatabaseSync) => boolean, now = false): boolean {
    if (!this.#lost || !(this.#found || now || ++this.#looks % looksApart === 0)) return false
    try {
      this.#found ??= open(this.#path, this.#waits, undefined, 0)
      if (!save(this.#db, this.#found)) return false
    } catch {
      this.#found?.close()
      this.#found = undefined
      return false
    }
    this.#take(this.#opened(this.#found))
    this.#found = undefined
    this.#lost = undefined
    return true
  }

  /** From now on the memory is in its place. */
  giveUp(why: Label): void {
    this.#lost = why
    this.#take(open(':memory:', false))
  }

  #take(db: DatabaseSync): void {
    this.#db.close()
    this.#db = db
    this.#place = { before: lastOf(db) }
  }
}

/** A file without a table of entries has none. */
function lastOf(db: DatabaseSync): number {
  try {
    return newestId(db)
  } catch {
    return 0
  }
}
