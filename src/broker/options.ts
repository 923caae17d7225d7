import type { DeskConfig, SystemConfig } from '../config/desk.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { DeskBook } from '../fleet/journal/desk-book.ts'
import type { Journal } from '../fleet/journal/journal.ts'
import type { isAsking } from '../services/display/here/asker.ts'
import type { Person } from './person.ts'
import type { Reached } from './screen.ts'
import type { awaitSshd } from './sshd.ts'

export interface BrokerOptions {
  readonly systems: readonly SystemConfig[]
  /** whether others may look at the channels of people who agree; default `off` */
  readonly viewing?: DeskConfig['viewing']
  readonly person: Person
  readonly book: DeskBook
  readonly journal: Journal
  /** the hypervisors, once they have been asked */
  readonly fleet: () => Promise<Fleet>
  /** a connection to a hypervisor that is this request's own */
  readonly reach?: (host: string) => Promise<Reached>
  /** is told when they are not needed any more */
  readonly rest?: () => void
  /** milliseconds since the epoch */
  readonly now?: () => number
  /** whether an sshd is there, within so many milliseconds */
  readonly sshd?: typeof awaitSshd
  /** whether somebody asks to look */
  readonly isAsking?: typeof isAsking
}
