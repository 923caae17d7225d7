import type { DatabaseSync } from 'node:sqlite'
import { label, say } from '../../hosts/label.ts'
import { type Entry, insert, type NewEntry, newestId } from './entries.ts'
import { untold } from './logs.ts'
import { isToldByOther } from './told-by-others.ts'

/** The number of entries that wait while the file cannot be written. Beyond it, the oldest events are lost. */
const mostWaiting = 5_000

/** An entry that is to be written. */
interface WaitingEntry {
  readonly entry: NewEntry
  /** other consoles see it too, and one of them writes it */
  readonly isShared: boolean
}

/** The entries that are to be written to a journal: most wait for no time at all. */
export class Waiting {
  readonly #session: string
  #all: WaitingEntry[] = []
  #dropped = 0

  /** `session`: in whose name they are written */
  constructor(session: string) {
    this.#session = session
  }

  get count(): number {
    return this.#all.length
  }

  /** The number of entries that were given up since something could be written, because too many waited. */
  get dropped(): number {
    return this.#dropped
  }

  add(entries: readonly NewEntry[], isShared: boolean): void {
    this.#all.push(...entries.map((entry) => ({ entry, isShared })))
  }

  /** Gives up what is too much: an event if there is one, and an entry of a change only if there is none. */
  bound(): void {
    while (this.#all.length > mostWaiting) {
      const seen = this.#all.findIndex(({ entry }) => entry.kind === 'seen')
      this.#all.splice(Math.max(0, seen), 1)
      this.#dropped++
    }
  }

  /** They as they would stand in the file, the newest first. @throws the file cannot be read */
  listed(db: DatabaseSync): Entry[] {
    const next = newestId(db) + 1
    return this.#all.map(({ entry }, i) => ({ ...entry, host: label(entry.host), id: next + i })).reverse()
  }

  /** Writes all that nobody else has told of. To be called in a transaction; where that ends well, `clear` is to be. */
  write(db: DatabaseSync): readonly Entry[] {
    const written: Entry[] = []
    for (const one of this.#all) {
      const entry = one.isShared ? this.#untold(db, one.entry) : one.entry
      if (entry) written.push(insert(db, entry, this.#session))
    }
    return this.#dropped ? [...written, insert(db, lost(this.#dropped), this.#session)] : written
  }

  clear(): void {
    this.#all = []
    this.#dropped = 0
  }

  /** What neither another console has told nor a log; what a log tells is held against others when it is taken. */
  #untold(db: DatabaseSync, entry: NewEntry): NewEntry | undefined {
    if (isToldByOther(db, entry, this.#session)) return undefined
    return entry.raw ? entry : untold(db, entry)
  }
}

function lost(count: number): NewEntry {
  return {
    at: Date.now(),
    kind: 'seen',
    severity: 'warning',
    type: 'journal.lost',
    host: 'console',
    text: say`${count} events are not in the journal: it could not be written for so long`,
  }
}
