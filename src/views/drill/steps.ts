import type { DrillRecord, Mark, Result } from '../../fleet/drill/record.ts'
import { exactClock } from '../../fleet/drill/words.ts'
import { type Label, say } from '../../hosts/label.ts'

/** A step of a drill. */
export interface DrillStep {
  readonly id: string
  /** milliseconds since it was broken; none: it has not been seen */
  readonly after?: number
  readonly text: Label
}

/** Its steps in the order in which they are to come, also those that have not been seen yet; none: nothing is broken. */
export function stepsOf({ result, breaking }: Pick<DrillRecord, 'result' | 'breaking'>): DrillStep[] {
  if (!result) return []
  const { seen, away, home, back } = result
  const at = seen.broken.at
  const marked = (all: readonly Mark[]) =>
    all.map(
      ({ id, title, seen: one }): DrillStep => ({ id, text: title, ...(one ? { after: one.at - at } : {}) }),
    )
  return [
    seen.isUnsaid
      ? { id: 'told', after: 0, text: say`told to, ${exactClock(at)}; when it did it has not said yet` }
      : { id: 'broken', after: 0, text: say`${breaking.past}, ${exactClock(at)}` },
    ...marked(away),
    ...clientSteps(result),
    { id: 'back', text: say`put back`, ...(back === undefined ? {} : { after: back }) },
    ...marked(home),
  ]
}

/** When the last request failed, as far as is known. */
function clientSteps({ clients, lastFailed }: Result): DrillStep[] {
  if (!clients) return []
  const { all, failed } = clients
  return [
    {
      id: 'clients',
      text: failed ? say`last request that failed, ${failed} of ${all}` : say`no request failed of ${all}`,
      ...(lastFailed === undefined ? {} : { after: lastFailed }),
    },
  ]
}
