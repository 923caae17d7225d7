import type { Fleet } from '../fleet/fleet.ts'
import { whomItHits } from './hit.ts'
import type { Prepared } from './prepare.ts'

/** Whether somebody has to be asked first what these would do. */
export function needsForesight([first]: readonly Prepared[]): boolean {
  return first?.action.foresees !== undefined
}

/** The same, with what those say who will do it: all of them together, as each alone may be harmless. */
export async function foresee<T>(
  prepared: readonly Prepared<T>[],
  fleet: Fleet,
  signal: AbortSignal,
): Promise<readonly Prepared<T>[]> {
  const [first] = prepared
  if (!first?.action.foresees) return prepared
  const steps = prepared.flatMap((one) => one.steps)
  const snapshot = fleet.snapshot()
  const { texts, grave, isUnfelt } = await first.action.foresees(steps, { fleet, snapshot }, signal)
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
