import type { DatabaseSync } from 'node:sqlite'
import { whyOf } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { identityOf, open, type Writers, writersOf } from './file.ts'

/** The open file of a journal, or the memory in its place where the file cannot be used: then it is so until the end. */
export class KeptFile {
  readonly #path: string
  readonly #waits: boolean
  #db: DatabaseSync
  #identity: string | undefined
  #writers: Writers | undefined
  #lost: Label | undefined

  /** `path` may be `:memory:`; `waits`: as for `open` */
  constructor(path: string, waits: boolean) {
    this.#path = path
    this.#waits = waits
    this.#db = this.#open()
  }

  #open(): DatabaseSync {
    try {
      const db = open(this.#path, this.#waits)
      this.#identity = this.#standing()
      this.#writers = this.#identity === undefined ? undefined : writersOf(this.#path)
      return db
    } catch (error) {
      this.#lost = say`journal is not kept: ${label(this.#path)}: ${whyOf(error)}`
      return open(':memory:', false)
    }
  }

  #standing(): string | undefined {
    return this.#path === ':memory:' ? undefined : identityOf(this.#path)
  }

  get db(): DatabaseSync {
    return this.#db
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
    this.#db.close()
    this.#db = this.#open()
    return standing ? say`replaced by another file` : say`removed`
  }

  /** From now on the memory is in its place. */
  giveUp(why: Label): void {
    this.#lost = why
    this.#db.close()
    this.#db = open(':memory:', false)
  }
}
