import type { DeskBook } from '../fleet/journal/desk-book.ts'
import type { Journal } from '../fleet/journal/journal.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Person } from './person.ts'
import { count, type UsedUp, usedUp } from './rates.ts'
import { newReference } from './reference.ts'
import { Refused } from './refused.ts'

interface NotesOf {
  readonly person: Person
  readonly book: DeskBook
  readonly journal: Journal
}

/** What is written down of one person, and counted: nobody fills the journal with what they ask for. */
export class Notes {
  /** the person, as the journal names them */
  readonly who: Label
  readonly #of: NotesOf
  readonly #now: () => number
  /** until then there are too many requests, and none is counted */
  #full: UsedUp | undefined

  /** `now`: milliseconds since the epoch */
  constructor(of: NotesOf, now: () => number) {
    this.who = say`${label(of.person.name)} (desk)`
    this.#of = of
    this.#now = now
  }

  /** Counts a request. @throws {Refused} there are too many requests, or it could not be written down what comes of one */
  count(): void {
    const now = this.#now()
    const { book, person } = this.#of
    if (!this.#full || now >= this.#full.until) {
      const asked = book.transaction(() => count(book.db, 'asked', person.uid, now, newReference()))
      if (asked)
        this.write('warning', say`refused: too many requests in one minute (${label(asked.reference)})`)
      this.#full = usedUp(book.db, 'asked', person.uid, now) ?? usedUp(book.db, 'told', person.uid, now)
    }
    // A clock that was set back ends it, too.
    if (this.#full && this.#full.until - now > 3_600_000) this.#full = undefined
    if (this.#full) throw new Refused('too-many', say`too many requests`, this.#full.reference)
  }

  /** Writes an entry; of what one person fills the journal with, the last one says so. False: that one, or none, was written in its place. */
  tell(severity: 'info' | 'warning', text: Label, record?: MachineRecord): boolean {
    const { book, person } = this.#of
    const now = this.#now()
    const last = book.transaction(() => count(book.db, 'told', person.uid, now, newReference()))
    if (last)
      this.write(
        'warning',
        say`refused: too much to write down in one hour; until it is over all is refused (${label(last.reference)})`,
      )
    if (last || usedUp(book.db, 'told', person.uid, now)) return false
    this.write(severity, text, record)
    return true
  }

  /** Writes an entry, however many there are. */
  write(severity: 'info' | 'warning', text: Label, record?: MachineRecord): void {
    const of = record
      ? { host: record.host, about: { kind: 'machine', id: record.uuid } as const, name: record.name }
      : { host: 'desk' }
    this.#of.journal.add({ at: this.#now(), kind: 'did', severity, ...of, who: this.who, text })
  }
}
