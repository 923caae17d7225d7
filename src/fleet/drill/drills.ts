import type { DrillRecord } from './record.ts'

/** So many drills are kept. */
const most = 50

/** The drills that this program holds and has held, the newest first. What it did and found is in the journal, too. */
export class Drills {
  #list: readonly DrillRecord[] = []
  #count = 0
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  get list(): readonly DrillRecord[] {
    return this.#list
  }

  /** Takes one in. @returns its id, by which it is changed */
  begin(drill: Omit<DrillRecord, 'id'>): string {
    const id = String(++this.#count)
    this.#list = [{ ...drill, id }, ...this.#list].slice(0, most)
    this.#changed()
    return id
  }

  change(id: string, change: Partial<Omit<DrillRecord, 'id'>>): void {
    this.#list = this.#list.map((one) => (one.id === id ? { ...one, ...change } : one))
    this.#changed()
  }
}
