import type { Config } from '../config/schema.ts'
import type { Label } from '../hosts/label.ts'
import type { Beside } from './beside.ts'
import type { Minutes } from './history/minutes.ts'
import type { Journal } from './journal/journal.ts'
import type { Leftovers } from './leftovers.ts'
import type { Member } from './member.ts'
import type { LookBack } from './past/past.ts'
import type { Facts } from './snapshot.ts'

/** What a fleet is made of, and how it looks at its hosts. */
export interface FleetOptions {
  readonly cluster: Label
  readonly demo: boolean
  readonly readOnly: boolean
  /** whether something may be broken on purpose; default false */
  readonly drills?: boolean
  readonly members: readonly Member[]
  readonly journal: Journal
  /** milliseconds between two looks at a host */
  readonly interval: number
  /** milliseconds in which requests for a look at how a host is become one; default as each watch has it */
  readonly merge?: number
  /** milliseconds by which two readings must be apart for a rate; default `usualSpan` */
  readonly leastSpan?: number
  /** listeners are told at most once in so many milliseconds, however many hosts answer; default 100 */
  readonly notifyEvery?: number
  /** above so many at once their number is typed; default 5 */
  readonly typeCountAbove?: number
  /** what the lists of a console show; default as they are made */
  readonly views?: Config['views']
  /** where the history is kept beyond this console; default nowhere */
  readonly minutes?: Minutes
  /** where it is kept how it was; default nowhere */
  readonly past?: LookBack | undefined
  /** what is to be known: hosts are asked for nothing else; default everything */
  readonly about?: readonly (keyof Facts)[]
  /** whether what is seen is written to the journal; default true. A verb that looks once has seen nothing happen */
  readonly witness?: boolean
  /** where it is kept what is to be taken away from hosts, should this program be killed; default nowhere */
  readonly leftovers?: Leftovers
  /** what goes on beside the looks; default nothing */
  readonly beside?: Beside | undefined
  /** milliseconds that never go back; default the clock of this process */
  readonly now?: () => number
}
