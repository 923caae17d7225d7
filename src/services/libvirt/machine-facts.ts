import { label } from '../../hosts/label.ts'
import type { Steps } from '../../hosts/slices.ts'
import type { MachineFacts } from './facts.ts'
import { Kept, sameList } from './kept.ts'
import type { Recalled } from './memory.ts'
import type { Seen } from './read.ts'
import { isActive } from './states.ts'

/** Makes the facts of each machine out of what was seen of it, what is remembered of it, and when it was started. */
export class FactsMaker {
  readonly #made = new Kept<MachineFacts>()
  #all: readonly MachineFacts[] = []

  /**
   * All machines, one by one: names of others' making are long at times, and each has to be made printable. A machine of which nothing has
   * changed keeps its object, and so does the list.
   */
  of(
    machines: readonly Seen[],
    recalled: Recalled,
    startedAt: (uuid: string) => number | undefined,
  ): Steps<readonly MachineFacts[]> {
    return this.#steps(machines, recalled, startedAt)
  }

  *#steps(
    machines: readonly Seen[],
    recalled: Recalled,
    startedAt: (uuid: string) => number | undefined,
  ): Steps<readonly MachineFacts[]> {
    const all: MachineFacts[] = []
    for (const seen of machines) {
      all.push(this.#one(seen, recalled, startedAt(seen.uuid)))
      yield
    }
    this.#made.only(machines)
    this.#all = sameList(this.#all, all)
    return this.#all
  }

  #one(seen: Seen, { definitions, jobs, inventory }: Recalled, startedAt: number | undefined): MachineFacts {
    const { uuid } = seen
    const definition = definitions.get(uuid)
    const job = jobs.get(uuid)
    const start = isActive(seen.state) ? startedAt : undefined
    const persistent = inventory.persistent.has(uuid)
    const autostart = inventory.autostart.has(uuid)
    const known = this.#made.get(uuid, seen, definition, job, start, persistent, autostart)
    if (known) return known
    const { graphics, ...remembered } = definition ?? {}
    const facts = {
      ...remembered,
      ...(graphics && isActive(seen.state) ? { graphics } : {}),
      ...seen,
      name: label(seen.name),
      rawName: seen.name,
      persistent,
      autostart,
      ...(job ? { job } : {}),
      ...(start === undefined ? {} : { startedAt: start }),
    }
    return this.#made.keep(uuid, facts, seen, definition, job, start, persistent, autostart)
  }
}
