import type { StandingAlert } from '../fleet/alerts/book.ts'
import type { Courses } from '../fleet/history/history.ts'
import type { Entry } from '../fleet/journal/journal.ts'
import type { Records } from '../fleet/kinds.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import type { Definition } from './machine/definition.ts'

/** What is shown: a kind of object of the cluster, or the entries of the journal. */
export interface Shown extends Records {
  readonly event: Entry
}

export type ShownKind = keyof Shown

/** What is known, and when. */
export type Moment = Pick<World, 'snapshot' | 'now'>

/** All that is to be seen at one moment. While nothing of it changes it is the same object. */
export interface World {
  readonly snapshot: Snapshot
  /** milliseconds since the epoch, of the first look in this second */
  readonly now: number
  readonly history: Courses
  /** of the journal, the newest first */
  readonly entries: readonly Entry[]
  /** by UUID, of the machines whose pages were opened */
  readonly definitions: ReadonlyMap<string, Definition>
}

/** What keys act on while something is selected: itself, and what belongs to it. */
export type Hits = { readonly [K in ShownKind]?: Shown[K] | undefined } & {
  readonly balancer?: Records['host'] | undefined
  readonly alert?: StandingAlert | undefined
}

/** Which rows of a table are left out. */
export interface Choice {
  readonly filter: string
  /** the host of which they are; empty: of all */
  readonly host: string
  readonly faultsOnly: boolean
}

/** None is. */
export const everything: Choice = { filter: '', host: '', faultsOnly: false }

/** In what order the rows of a table stand, and which are left out. */
export interface Arrangement extends Choice {
  /** the column by which they are sorted */
  readonly sort: string
  readonly descending: boolean
}
