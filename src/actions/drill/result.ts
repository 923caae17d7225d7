import type { Incident } from '../../fleet/incident/record.ts'
import type { Outcome } from '../../fleet/load/tally.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { At, Drill, Mark, Watched } from './kind.ts'
import { incidentWith, own } from './timeline.ts'

/** What was seen of a drill. All times are the console's, in milliseconds since the epoch. */
export interface Seen extends Watched {
  readonly drill: Pick<Drill, 'kind' | 'name' | 'host' | 'breaking' | 'sight'>
  readonly how: string
  /** on which there was load; none: on nothing */
  readonly virtual?: Label
  readonly began: number
  readonly ended: number
  readonly outcomes: readonly Outcome[]
  /** all was as before when it ended */
  readonly isRestored: boolean
}

/** A time that was measured beside vdd, and the one that its journal has for the same. */
export interface Compared {
  readonly what: string
  readonly title: Label
  /** what it may be wrong by has what its counterpart may be wrong by in it */
  readonly measured: At
  /** none: its timeline lacks it */
  readonly told?: number
}

/** How a drill came out: milliseconds since it was broken. */
export interface Result {
  readonly seen: Seen
  /** how it went away, and how it came back */
  readonly away: readonly Mark[]
  readonly home: readonly Mark[]
  /** the last request failed that did */
  readonly lastFailed?: number
  /** requests that became due from then on until it was put back, and how many of them failed; none: there was no load */
  readonly clients?: { readonly all: number; readonly failed: number }
  /** it was put back */
  readonly back?: number
  readonly compared: readonly Compared[]
  /** of what tells nobody: milliseconds after which vdd's timeline has a first sign of it */
  readonly noticed?: number
  readonly incident?: Incident
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
    ...(failed.length ? { lastFailed: Math.max(...failed.map((one) => one.ended)) - broken.at } : {}),
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
