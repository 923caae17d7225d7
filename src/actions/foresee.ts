import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import type { Foresight } from './action.ts'
import { whomItHits } from './hit.ts'
import type { Prepared } from './prepare.ts'

/**
 * The same, with what those say who will do it: all of them together, as each alone may be harmless. Undefined: nobody has to be asked.
 */
export function foresee<T>(
  prepared: readonly Prepared<T>[],
  fleet: Fleet,
  signal: AbortSignal,
): Promise<readonly Prepared<T>[]> | undefined {
  const [first] = prepared
  const snapshot = fleet.snapshot()
  const steps = prepared.flatMap((one) => one.steps)
  const asked = first?.action.foresees?.(steps, { fleet, snapshot }, signal)
  return first && asked?.then((foresight) => withForesight(prepared, first, foresight, snapshot))
}

function withForesight<T>(
  prepared: readonly Prepared<T>[],
  first: Prepared<T>,
  { texts, grave, isUnfelt }: Foresight,
  snapshot: Snapshot,
): readonly Prepared<T>[] {
  const targets = prepared.map(({ target }) => target)
  const felt = isUnfelt ? whomItHits(first.action, targets, first.answers, snapshot)?.texts : undefined
  return prepared.map((one): Prepared<T> => {
    const told = one === first ? [...texts, ...(grave ? [grave] : [])] : []
    const warnings = [...new Set([...told, ...one.warnings])].filter((text) => !felt?.includes(text))
    const { hits, ...rest } = one
    const known = { ...rest, warnings, ...(hits && !isUnfelt ? { hits } : {}) }
    return grave ? { ...known, risk: 'destructive', insists: one.insists ?? grave } : known
  })
}
