import type { Compared, Course, Result } from '../../fleet/drill/record.ts'
import { say } from '../../hosts/label.ts'
import type { Drill, Watched } from './kind.ts'
import { incidentWith, own } from './timeline.ts'

/** What was seen of a drill. All times are the console's, in milliseconds since the epoch. */
export interface Seen extends Watched, Omit<Course, 'drill'> {
  readonly drill: Pick<Drill, 'kind' | 'name' | 'host' | 'breaking' | 'sight'>
}

/** Milliseconds by which vdd's times may be wrong, beside what the measuring itself may be wrong by. */
export const agreed = 200

export function resultOf(seen: Seen): Result {
  const { drill, broken, back, outcomes, ended, virtual } = seen
  const { sight, breaking } = drill
  const { away, home } = sight.marks(seen)
  const until = back?.at ?? ended
  const hit = outcomes.filter(({ due }) => due >= broken.at && due <= until)
  // What was under way when it broke was hit, too.
  const failed = outcomes.filter(({ due, ended, why }) => why && ended >= broken.at && due <= until)
  const told = sight.faultOf(seen)
  const compared = [...away, ...home].flatMap((mark): Compared[] => {
    const { id, title, seen: measured, told } = mark
    if (!measured || !told) return []
    const { at, uncertainty = 0 } = told
    const both = { at: measured.at, uncertainty: measured.uncertainty + uncertainty }
    return [{ what: id, title, measured: both, ...(at === undefined ? {} : { told: at }) }]
  })
  const entries = seen.entries.filter(({ at }) =>
    [...compared.map((one) => one.told), told].some((one) => one === at),
  )
  const incident = own(seen, entries) ?? incidentWith(seen.incidents, entries)
  const since = told === undefined ? {} : { told }
  return {
    seen,
    away,
    home,
    ...(virtual === undefined
      ? {}
      : { clients: { all: Math.max(hit.length, failed.length), failed: failed.length } }),
    ...(failed.length
      ? { lastFailed: failed.reduce((last, one) => Math.max(last, one.ended), 0) - broken.at }
      : {}),
    ...(back ? { back: back.at - broken.at } : {}),
    compared: breaking.isSilent
      ? compared
      : [{ what: 'fault', title: say`the fault`, measured: broken, ...since }, ...compared],
    ...(breaking.isSilent && told !== undefined ? { noticed: Math.max(0, told - broken.at) } : {}),
    ...(incident ? { incident } : {}),
  }
}

/** Whether vdd's time is the one that was measured, as far as both can be known. */
export function agrees({ measured, told }: Compared): boolean {
  return told !== undefined && Math.abs(told - measured.at) <= agreed + measured.uncertainty
}
