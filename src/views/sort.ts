import type { Snapshot } from '../fleet/snapshot.ts'
import { byNumbers } from '../words/by-numbers.ts'

export type Comparable = string | number | undefined

/** A column by which a table can be sorted. */
export interface Sort<T> {
  /** undefined: it is not known, and stands at the end whichever way it is sorted */
  readonly by: (row: T, snapshot: Snapshot, now: number) => Comparable
  /** it begins with the highest */
  readonly highestFirst?: true
}

/** By the names of columns, in their order on the screen. */
export type Sorts<T> = Readonly<Record<string, Sort<T>>>

/** What begins with the highest. */
export const highest = <T>(by: Sort<T>['by']): Sort<T> => ({ by, highestFirst: true })

/** Numbers by size, texts with their numbers by value (`kiosk-9` before `kiosk-10`), what is not known at the end. */
function compare(a: Comparable, b: Comparable): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  if (typeof a !== 'number' || typeof b !== 'number') return byNumbers(String(a), String(b))
  return a < b ? -1 : Number(a > b)
}

/** In the order that is wished, or in their own where nothing tells it: that can be turned round, too. */
export function ordered<T>(
  rows: readonly T[],
  by: ((row: T) => Comparable) | undefined,
  descending: boolean,
  name: (row: T) => string,
): readonly T[] {
  if (by) return sortRows(rows, by, descending, name)
  return descending ? rows.toReversed() : rows
}

/** In which order so many rows stood, and by what. */
interface LastOrder {
  readonly keys: readonly Comparable[]
  readonly names: readonly string[]
  readonly descending: boolean
  /** places of rows, in the order in which they are shown */
  readonly places: readonly number[]
}

/** By what makes a row's name, which each list has of its own. */
const lastOrders = new WeakMap<object, LastOrder>()

/**
 * In a new order; what is alike by its names. A list that is asked for each second is mostly in order already: where keys and names are
 * those of the last time, nothing is compared.
 */
export function sortRows<T>(
  rows: readonly T[],
  by: (row: T) => Comparable,
  descending: boolean,
  name: (row: T) => string,
): T[] {
  const keys = rows.map(by)
  const names = rows.map(name)
  const last = lastOrders.get(name)
  if (last && last.descending === descending && isSame(last.keys, keys) && isSame(last.names, names))
    return last.places.map((place) => rows[place] as T)
  const places = [...rows.keys()].sort((a, b) => {
    const [x, y] = [keys[a], keys[b]]
    const order = compare(x, y)
    const turned = descending && x !== undefined && y !== undefined ? -order : order
    return turned || byNumbers(names[a] ?? '', names[b] ?? '')
  })
  lastOrders.set(name, { keys, names, descending, places })
  return places.map((place) => rows[place] as T)
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i])
}
