import { everything } from '../views/world.ts'
import { type TableId, tableIds, tableKind } from './table-kinds.ts'
import {
  indexOfSelected,
  type Move,
  stepFrom,
  type TableState,
  tableState,
  windowTop,
} from './table-state.ts'

/** What a table shows now: the ids of its rows in their order, and how many of them have room. */
export interface Extent {
  readonly ids: readonly string[]
  readonly height: number
}

/** Index of the selected row and of the first row on the screen. */
interface RowPlace {
  readonly selected: number
  readonly top: number
  readonly ids: readonly string[]
}

function ofEach<T>(make: (table: TableId) => T): Record<TableId, T> {
  return Object.fromEntries(tableIds.map((table) => [table, make(table)])) as Record<TableId, T>
}

/** Where a person is in each table. */
export class Tables {
  readonly #view: (table: TableId) => Extent
  #states: Readonly<Record<TableId, TableState>> = ofEach((table) => {
    const { by, descending } = tableKind(table).sorted
    return tableState(by, descending)
  })
  #lastIndex: Record<TableId, number> = ofEach(() => 0)

  constructor(view: (table: TableId) => Extent) {
    this.#view = view
  }

  of(table: TableId): TableState {
    return this.#states[table]
  }

  /**
   * Until the person moves, the first row is selected, whatever it is (what is worst, on the Overview). From then on the selection
   * stays on its object; when that is gone or filtered out, the row that is shown as selected in its place is selected from then on.
   */
  place(table: TableId): RowPlace {
    const { ids, height } = this.#view(table)
    const state = this.of(table)
    const selected = indexOfSelected(state, ids, this.#lastIndex[table])
    return { selected, top: windowTop(state.top, selected, height, ids.length), ids }
  }

  /** Something has changed: what is shown as selected now is selected from now on. */
  settle(table: TableId): RowPlace {
    const place = this.place(table)
    const id = place.ids[place.selected]
    const { selected } = this.of(table)
    this.#lastIndex[table] = place.selected
    if (selected !== undefined && id !== undefined && id !== selected) this.#change(table, { selected: id })
    return place
  }

  /** Changes what a table shows; the selection stays on the object on which it is. */
  set(table: TableId, change: Partial<TableState>): void {
    const { ids, selected } = this.settle(table)
    const id = ids[selected]
    this.#change(table, { ...(id ? { selected: id } : {}), ...change })
  }

  /** Moves the selection. */
  move(table: TableId, by: Move): void {
    const { ids, selected, top } = this.settle(table)
    const { height } = this.#view(table)
    const last = ids.length - 1
    const index = Math.min(Math.max(0, stepFrom(selected, by, height, last)), last)
    const id = ids[index]
    if (id === undefined) return
    this.#change(table, { selected: id, top: windowTop(top, index, height, ids.length) })
    this.#lastIndex[table] = index
  }

  /** The first row is selected from now on, whatever it is. */
  follow(table: TableId): void {
    const { selected: _, ...rest } = this.of(table)
    this.#states = { ...this.#states, [table]: { ...rest, top: 0 } }
    this.#lastIndex[table] = 0
  }

  /** Takes filter and marks away; tells whether there were any. */
  clear(table: TableId): boolean {
    const { filter, host, faultsOnly, marked } = this.of(table)
    if (!filter && !host && !faultsOnly && !marked.size) return false
    this.set(table, { ...everything, marked: new Set() })
    return true
  }

  /** Marks the selected row, or takes its mark away, and goes on to the next. */
  mark(table: TableId): void {
    const { ids, selected } = this.place(table)
    const id = ids[selected]
    if (id === undefined) return
    const marked = new Set(this.of(table).marked)
    if (!marked.delete(id)) marked.add(id)
    this.set(table, { marked })
    this.move(table, 1)
  }

  /** Marks all rows that are shown, or takes all marks away. */
  markAll(table: TableId): void {
    const { marked } = this.of(table)
    this.set(table, { marked: marked.size ? new Set() : new Set(this.place(table).ids) })
  }

  /** Sorts by a column, from the side that is looked for: the highest load, the first name. */
  sort(table: TableId, sort: string): void {
    const { sorts, sorted } = tableKind(table)
    const isFirst = sort === sorted.by
    const descending = isFirst ? sorted.descending : sorts[sort]?.highestFirst
    this.set(table, { sort, descending: descending ?? false })
  }

  #change(table: TableId, change: Partial<TableState>): void {
    this.#states = { ...this.#states, [table]: { ...this.of(table), ...change } }
  }
}
