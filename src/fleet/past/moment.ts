import type { StandingAlert } from '../alerts/book.ts'
import type { Snapshot } from '../snapshot.ts'

/** How it was at one moment, as a console had it. What happened until then is in the journal, and incidents are made of that. */
export interface PastMoment {
  /** by the time of day, in milliseconds since the epoch */
  readonly at: number
  /** the same by the clock of the facts, of which ages are told */
  readonly now: number
  readonly snapshot: Omit<Snapshot, 'incidents' | 'drills'>
  /** what was wrong, in the order in which it stood */
  readonly alerts: readonly StandingAlert[]
}
