import type { Journal } from './journal.ts'
import type { Place } from './kept-file.ts'

/** Up to where somebody has been told of a journal, from now on: in another file, or in memory, the ids begin anew. */
export class Bookmark {
  readonly #journal: Journal
  #place: Place
  #last: number

  constructor(journal: Journal) {
    this.#journal = journal
    this.#place = journal.place
    this.#last = journal.newest
  }

  /** The id of the last entry that was told; what has a higher one is new. */
  get last(): number {
    const { place } = this.#journal
    if (place !== this.#place) this.#last = place.before
    this.#place = place
    return this.#last
  }

  /** All up to this id has been told. */
  moveTo(id: number): void {
    this.#last = Math.max(this.last, id)
  }
}
