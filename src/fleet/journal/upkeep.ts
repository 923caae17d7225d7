import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type Bounds, prune } from './bounds.ts'
import { mostLog, transaction } from './file.ts'

/** Milliseconds between two looks for what is too old. */
const pruneEvery = 600_000

/** Keeps the file of a journal as small as is wanted, a piece at a time, since keys wait. */
export class Upkeep {
  readonly #log: string
  readonly #bounds: Bounds
  #prunedAt = performance.now()

  constructor(path: string, bounds: Bounds) {
    this.#log = `${path}-wal`
    this.#bounds = bounds
  }

  /** A console may run for months. What is left is taken away at the next look. */
  look(db: DatabaseSync): void {
    try {
      if (performance.now() - this.#prunedAt >= pruneEvery && !this.#prune(db)) {
        this.#prunedAt = performance.now()
        checkpoint(db)
      } else if ((statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0) > mostLog) checkpoint(db)
    } catch {
      // Another process has locked it.
    }
  }

  /** Takes away all that is too much. @throws it cannot be written now, so the next console will */
  finish(db: DatabaseSync): void {
    while (this.#prune(db)) {}
    checkpoint(db)
  }

  /** @returns whether more is to be taken away */
  #prune(db: DatabaseSync): boolean {
    return transaction(db, () => prune(db, this.#bounds, Date.now()))
  }
}

/** What has been written since goes from the log beside the file into the file; whoever reads or writes meanwhile is not disturbed. */
function checkpoint(db: DatabaseSync): void {
  db.exec('PRAGMA wal_checkpoint(PASSIVE)')
}
