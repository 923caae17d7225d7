import type { Snapshot } from '../fleet/snapshot.ts'
import { filterRows } from './filter.ts'
import { ordered, type Sorts } from './sort.ts'
import type { Arrangement, World } from './world.ts'

/** What of a row decides whether it is left out, and where it stands. */
export interface Traits<R> {
  /** in which a filter looks */
  readonly text: (row: R, world: World) => string
  /** a person should look at it */
  readonly isFault: (row: R, world: World) => boolean
  /** the hosts of which it is */
  readonly hostsOf: (row: R, snapshot: Snapshot) => readonly string[]
  readonly sorts: Sorts<R>
  /** by what is sorted that is alike, and in which similar ones are looked for where no row has what a filter asks for */
  readonly name: (row: R) => string
}

/** The rows that are left, in the order that is wished; in their own where that is none of the columns. */
export function arranged<R>(
  all: readonly R[],
  { filter, host, faultsOnly, sort, descending }: Arrangement,
  world: World,
  traits: Traits<R>,
): readonly R[] {
  const { text, isFault, sorts, name } = traits
  const there = host ? all.filter((row) => traits.hostsOf(row, world.snapshot).includes(host)) : all
  const wanted = faultsOnly ? there.filter((row) => isFault(row, world)) : there
  // By names alone: almost anything resembles a whole row, and what is left is acted on.
  const left = filterRows(wanted, filter, (row) => text(row, world), name)
  const by = sorts[sort]?.by
  return ordered(left, by && ((row) => by(row, world.snapshot, world.now)), descending, name)
}
