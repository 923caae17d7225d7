import type { SystemConfig } from '../config/desk.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { DeskBook } from '../fleet/journal/desk-book.ts'
import type { Label } from '../hosts/label.ts'
import { type Standing, standingsOf } from './choose.ts'
import { readBookings } from './holds.ts'
import { startStanding } from './start.ts'

/** What was done for a system. */
interface Readied {
  readonly system: string
  /** how many are to run and be free, and how many did before and do now */
  readonly wanted: number
  readonly before: number
  readonly now: number
  /** machines that were to be started; `why`: it does not run, since */
  readonly started: readonly { readonly machine: string; readonly why?: Label }[]
}

const isReady = ({ state, others, isShunned, machine }: Standing) =>
  state === 'runs' && others === 0 && !isShunned && !machine.always

/** Starts as many machines of each system as are missing of those that are kept running and free. */
export async function keepReady(
  systems: readonly SystemConfig[],
  fleet: Fleet,
  book: DeskBook,
  who: Label,
): Promise<Readied[]> {
  const done: Readied[] = []
  for (const system of systems.filter(({ ready }) => ready > 0)) {
    const standings = () =>
      // Nobody's own: the number of nobody who is a person.
      standingsOf(system, fleet.snapshot(), fleet.now(), readBookings(book.db, Date.now()), -1)
    const before = standings().filter(isReady).length
    const started: { machine: string; why?: Label }[] = []
    while (standings().filter(isReady).length < system.ready) {
      const next = standings()
        .filter(
          ({ state, others, isShunned, left = 0 }) => state === 'off' && !others && !isShunned && left >= 0,
        )
        .filter(({ machine }) => !started.some((one) => one.machine === machine.name))
        .sort((a, b) => (b.left ?? -1) - (a.left ?? -1))[0]
      if (!next) break
      const why = await startStanding(next, fleet, { who })
      started.push({ machine: next.machine.name, ...(why === undefined ? {} : { why }) })
    }
    const now = standings().filter(isReady).length
    done.push({ system: system.name, wanted: system.ready, before, now, started })
  }
  return done
}
