import type { DatabaseSync } from 'node:sqlite'
import { type Entry, newestEntries, newestId, oldestId } from './entries.ts'

/** The newest entries of a journal, newest first, at the cost of what has come since they were read: a console asks for them with every event. */
export class Recent {
  #db: DatabaseSync | undefined
  #count = 0
  /** the id of the last entry that was read */
  #seen = 0
  #list: readonly Entry[] = []

  /** @throws they cannot be read */
  read(db: DatabaseSync, count: number): readonly Entry[] {
    const newest = newestId(db)
    const isKnown = db === this.#db && count === this.#count && newest >= this.#seen
    const list = isKnown && newest - this.#seen < count ? this.#withNews(db, newest) : undefined
    this.#list = list ?? newestEntries(db, count, undefined)
    this.#seen = this.#list.reduce((most, { id }) => Math.max(most, id), newest)
    this.#db = db
    this.#count = count
    return this.#list
  }

  /** none: older ones take the place of what is not to be listed any more */
  #withNews(db: DatabaseSync, newest: number): readonly Entry[] | undefined {
    const fresh = newest > this.#seen ? newestEntries(db, this.#count, this.#seen) : []
    const oldest = oldestId(db)
    const replaced = new Set(fresh.map(({ instead }) => instead))
    const isListed = ({ id }: Entry) => id >= oldest && !replaced.has(id)
    const kept = this.#list.every(isListed) ? this.#list : this.#list.filter(isListed)
    if (kept.length < this.#list.length && this.#list.length === this.#count) return undefined
    return fresh.length ? [...fresh, ...kept].sort(byTime).slice(0, this.#count) : kept
  }
}

function byTime(a: Entry, b: Entry): number {
  return b.at - a.at || b.id - a.id
}
