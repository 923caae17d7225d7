import type { DrillRecord } from '../fleet/drill/record.ts'
import { exactSeconds } from '../fleet/drill/words.ts'
import { type Label, say } from '../hosts/label.ts'
import { loadHeading, loadLine } from '../views/drill/load.ts'
import { stepsOf } from '../views/drill/steps.ts'

/** That it was told to has been said before; what clients feel is in each second, and of all of it told at the end. */
const untold: ReadonlySet<string> = new Set(['told', 'clients'])

/** What of a drill is new since it was last asked, line by line: the load of each second, and each step when it is seen. */
export class DrillLines {
  #second = 0
  readonly #steps = new Set<string>()

  of(drill: DrillRecord): Label[] {
    const seconds = drill.perSecond.filter(({ at }) => at > this.#second)
    const heading = seconds.length && !this.#second ? [loadHeading] : []
    this.#second = seconds.at(-1)?.at ?? this.#second
    const steps = stepsOf(drill).filter(
      ({ id, after }) => !untold.has(id) && after !== undefined && !this.#steps.has(id),
    )
    for (const { id } of steps) this.#steps.add(id)
    return [
      ...heading,
      ...steps.map(({ after = 0, text }) => say`-- ${exactSeconds(after)}  ${text}`),
      ...seconds.map(({ at, count }) => loadLine(at, count)),
    ]
  }
}
