import { type Label, say } from '../hosts/label.ts'

export type GroupId = 'machines' | 'frontends' | 'events'

/** What the top row names, by the order of its keys; each has the lists of some kinds, of which the first is opened. */
interface Group {
  readonly id: GroupId
  readonly title: Label
  /** where there is no room for the title */
  readonly short: Label
  /** for the help */
  readonly help: string
}

export const groups: readonly Group[] = [
  {
    id: 'machines',
    title: say`Machines`,
    short: say`Mach`,
    help: 'Shows all machines; Tab goes on to the hosts, their storage pools, the sessions of people, the displays, and the terminals.',
  },
  {
    id: 'frontends',
    title: say`Front ends`,
    short: say`Front`,
    help: 'Shows the front ends behind the balancers; Tab goes on to the virtual services, the directory servers, and what clusters run on which nodes.',
  },
  {
    id: 'events',
    title: say`Events`,
    short: say`Events`,
    help: 'Shows the journal: what happened and what was done.',
  },
]
