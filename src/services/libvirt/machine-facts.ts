import { Kept, sameList } from '../../hosts/kept.ts'
import { label } from '../../hosts/label.ts'
import type { Steps } from '../../hosts/slices.ts'
import type { MachineFacts } from './facts.ts'
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
    this.#made.only(machines.map(({ uuid }) => uuid))
    this.#all = sameList(this.#all, all)
    return this.#all
  }

  #one(seen: Seen, { definitions, jobs, inventory }: Recalled, startedAt: number | undefined): MachineFacts {
    const { uuid } = seen
    const active = isActive(seen.state)
    const [definition, job, start] = [definitions.get(uuid), jobs.get(uuid), active ? startedAt : undefined]
    const [persistent, autostart] = [inventory.persistent.has(uuid), inventory.autostart.has(uuid)]
    return this.#made.of(uuid, [seen, definition, job, start, persistent, autostart], () => {
      const { graphics, ...remembered } = definition ?? {}
      return {
        ...remembered,
        ...(graphics && active ? { graphics } : {}),
        ...seen,
        name: label(seen.name),
        rawName: seen.name,
        persistent,
        autostart,
        ...(job ? { job } : {}),
        ...(start === undefined ? {} : { startedAt: start }),
      }
    })
  }
}
