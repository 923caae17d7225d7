import type { Subject } from '../actions/subjects.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import type { Ref } from '../fleet/ref.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import type { Label } from '../hosts/label.ts'
import type { Part, Tone } from '../text/part.ts'
import type { Column } from './column.ts'
import type { GroupId } from './groups.ts'
import type { Sorts } from './sort.ts'
import type { Source } from './source.ts'
import type { Arrangement, Hits, Moment, ShownKind, World } from './world.ts'

/** How the objects of a kind `T` are shown, in a table, on a page, and in words; `R` is a row of the table where that is not the object itself. */
export interface View<T, R = T> {
  /** what one is called; several have an s */
  readonly name: Label
  /** what their list is called where there is little room */
  readonly title: Label
  /** where the top row has their list */
  readonly group: GroupId
  /** what may be typed to go to their list, besides the name of the screen: what somebody looks for who does not know that name */
  readonly words?: readonly string[]
  /** the key that goes there, where it is not the first of its group */
  readonly key?: string
  /** what its list shows, for the help */
  readonly help: string

  // The table
  readonly rows: (world: World, arrangement: Arrangement) => readonly R[]
  /** stays the same while the row changes, and differs from that of every other */
  readonly rowId: (row: R) => string
  /** the object that it is about */
  readonly of: (row: R) => T
  /** the hosts of which one is: its list can be narrowed to one of them */
  readonly hostsOf: (one: T, snapshot: Snapshot) => readonly string[]
  /** the columns by which it can be sorted; none: its order is its own */
  readonly sorts: Sorts<R>
  /** how it is sorted at first */
  readonly sorted: { readonly by: string; readonly descending?: true }
  /** who is asked for them; default: they are in the configuration, or in the journal */
  readonly source?: Source
  /** what is to be said where all have told, and there is none */
  readonly none: Label
  /** what is to be said where none needs a person */
  readonly noFaults: Label
  /** on what actions work by their keys: in its list, and on the page of one */
  readonly keysFor: { readonly list: readonly Subject[]; readonly page: readonly Subject[] }
  /** its first row is the newest: who goes there stays there while others come */
  readonly newestFirst?: true
  /** what keys act on while this row is selected */
  readonly hits: (row: R, world: World) => Hits
  /** what is opened from it */
  readonly opens: (row: R, world: World) => Ref<ShownKind>
  /** whether this host is one for which its list is looked at; default: none is */
  readonly isFor?: (host: HostRecord, world: World) => boolean

  // One of them
  readonly find: (id: string, world: World) => T | undefined
  readonly hitsOf: (one: T, world: World) => Hits
  /** the object to which its page leads; default: to none */
  readonly leadsTo?: (one: T) => Ref | undefined
  /** what is known of it, for a page of this width; undefined lines are empty */
  readonly page: (one: T, world: World, width: number) => readonly (readonly Part[])[]
  /** in one line, where lines are read one after the other: whole words, and what matters first */
  readonly sentence: (one: T, world: World) => Label
  /** for scripts, as `--json` gives it */
  readonly json: (one: T, moment: Moment) => object
}

/** A kind whose rows are columns. */
export interface TableView<T, R = T> extends View<T, R> {
  readonly columns: (world: World) => readonly Column<R>[]
  /** what a whole row is: stale */
  readonly tone?: (row: R, world: World) => Tone | undefined
  /** why it is as it is, below the table, where the row has no room for it */
  readonly note?: (row: R, world: World) => Label | undefined
  /** what marked rows stand for: an action on one of these takes all of them */
  readonly marks?: readonly Subject[]
}
