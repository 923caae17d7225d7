import type { ColumnChoice } from '../views/columns-of.ts'
import { type Arrangement, everything } from '../views/world.ts'

/** Where a person is in a table: which row, in what order, what is left out, what is marked. Rows are known by their id. */
export interface TableState extends Arrangement {
  readonly selected?: string
  /** index of the first row on the screen */
  readonly top: number
  readonly marked: ReadonlySet<string>
  /** which columns are wanted */
  readonly columns: ColumnChoice
}

export function tableState(sort: string, descending = false): TableState {
  return { top: 0, sort, descending, ...everything, marked: new Set(), columns: {} }
}

/**
 * The selection in the present rows: the object that was selected, wherever it stands now. When it has gone, the
 * selection stays at its place on the screen rather than jumping to the first row.
 */
export function indexOfSelected(state: TableState, ids: readonly string[], lastIndex: number): number {
  const at = state.selected === undefined ? -1 : ids.indexOf(state.selected)
  return at >= 0 ? at : Math.min(Math.max(0, lastIndex), Math.max(0, ids.length - 1))
}

/** The first visible row such that the selected one is on a screen of `height` rows, moving as little as possible. */
export function windowTop(top: number, selected: number, height: number, count: number): number {
  const highest = Math.max(0, count - height)
  const lowest = Math.max(0, selected - height + 1)
  return Math.min(Math.max(Math.min(top, selected), lowest), highest)
}

/** How far a key moves: rows, or whole screens, or to an end. */
export type Move = number | 'first' | 'last' | 'pageup' | 'pagedown'

/** Where a step leads; it may lead past the ends. */
export function stepFrom(from: number, by: Move, height: number, last: number): number {
  if (typeof by === 'number') return from + by
  return { first: 0, last, pageup: from - height, pagedown: from + height }[by]
}
