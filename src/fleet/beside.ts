import type { Label } from '../hosts/label.ts'
import type { Alert } from './alerts/alert.ts'
import type { StandingAlert } from './alerts/book.ts'
import type { Journal } from './journal/journal.ts'

/** A fleet, for whoever tells others what is wrong with it. */
export interface Watched {
  readonly cluster: Label
  readonly journal: Journal
  alerts(): readonly StandingAlert[]
}

/** What goes on beside the looks at the hosts, from the first until the last of them. */
export interface Beside {
  /** what it runs, in words; none: nothing */
  readonly runs?: Label
  start(fleet: Watched): void
  stop(): Promise<void>
  /** what is wrong with it */
  alerts(): readonly Alert[]
}
