import type { Entry } from '../fleet/journal/journal.ts'
import { unsureAgainst, unsureOf } from '../views/event/order.ts'
import type { Listed } from './event-lines.ts'

/** Of a list that goes on so many of the last lines are remembered: what came shortly before. */
const remembered = 1_000

/** A list of entries that goes on, and what its lines tell of each other. */
export class EventList {
  #told: readonly Entry[] = []

  /** The first of them. */
  begin(entries: readonly Entry[]): Listed[] {
    const unsure = unsureOf(entries)
    this.#told = entries.slice(-remembered)
    return entries.map((entry) => ({ entry, isUnsure: unsure.has(entry.id) }))
  }

  /** The next one. One that tells better what is listed already takes its place. */
  next(entry: Entry): Listed {
    const instead = this.#told.find(({ id }) => id === entry.instead)
    const others = this.#told.filter((one) => one !== instead)
    this.#told = [...others, entry].slice(-remembered)
    return { entry, isUnsure: unsureAgainst(entry, others).length > 0, ...(instead ? { instead } : {}) }
  }
}
