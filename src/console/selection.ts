import type { Action } from '../actions/action.ts'
import { idOf, objectsOf, type Subject, type Target } from '../actions/subjects.ts'
import type { StandingAlert } from '../fleet/alerts/book.ts'
import type { DirectoryRecord } from '../fleet/directory/record.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import type { Entry } from '../fleet/journal/journal.ts'
import type { Wanted } from '../fleet/journal/wanted.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { entriesUntil, type Then } from '../fleet/past/then.ts'
import type { Kind } from '../fleet/ref.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { wallTime } from '../hosts/clock.ts'
import type { Column } from '../views/column.ts'
import { columnsOf } from '../views/columns-of.ts'
import { eventFilter } from '../views/event/filter.ts'
import { type Rows, shownKinds, tableViewOf, viewOf } from '../views/kinds.ts'
import type { Definition } from '../views/machine/definition.ts'
import { everything, type Hits, type ShownKind, type World } from '../views/world.ts'
import { type OverviewRow, overviewHits, overviewRows } from './overview.ts'
import { type Page, Pages, type ScreenId } from './pages.ts'
import { isTable, kindIn, listOf, type TableId, tableKind } from './table-kinds.ts'
import type { TableState } from './table-state.ts'
import { Tables } from './tables.ts'

interface Made<T> {
  readonly world: World
  readonly of: unknown
  readonly rows: readonly T[]
}

/** Entries of the journal that are read at once. */
const most = 1_000

const noDefinitions: ReadonlyMap<string, Definition> = new Map()

/** What is on the screen, and what of it is selected: that is what keys act on. */
export class Selection {
  readonly fleet: Fleet
  /** lines and columns of the window */
  size: { readonly columns: number; readonly rows: number } = { columns: 80, rows: 24 }
  /** how it was, while somebody looks back at that; none: it is now */
  past: Then | undefined
  readonly pages = new Pages()
  readonly tables = new Tables((table) => ({ ids: this.#ids(table), height: this.#bodyRows(table) }))
  /** by UUID, of the machines whose pages were opened */
  definitions: ReadonlyMap<string, Definition> = new Map()
  #events: { version: number; filter: string; at: number | undefined; entries: readonly Entry[] } | undefined
  #world: { readonly second: number; readonly world: World } | undefined
  /** the rows that were made last, by their table: a key and a frame in one second ask for the same */
  readonly #made = new Map<TableId, Made<unknown>>()

  /** the ids of rows: they are asked for many times in one frame */
  readonly #idsOf = new WeakMap<readonly unknown[], readonly string[]>()

  constructor(fleet: Fleet) {
    this.fleet = fleet
  }

  get page(): Page {
    return this.pages.shown
  }

  get snapshot(): Snapshot {
    return this.past?.snapshot ?? this.fleet.snapshot()
  }

  /** The moment that is shown, by the clock of the facts. */
  get now(): number {
    return this.past?.now ?? this.fleet.now()
  }

  /** What is wrong, or was then. */
  get alerts(): readonly StandingAlert[] {
    return this.past?.alerts ?? this.fleet.alerts()
  }

  /** What is to be seen; the same object while nothing of it has changed. */
  get world(): World {
    const { snapshot, entries, now, past } = this
    // What is read of a machine when somebody looks is of now.
    const definitions = past ? noDefinitions : this.definitions
    const { history } = past ?? this.fleet
    const second = Math.floor(now / 1000)
    const { world } = this.#world ?? {}
    const isSame =
      world?.snapshot === snapshot &&
      world.entries === entries &&
      world.definitions === definitions &&
      this.#world?.second === second
    if (isSame && world) return world
    const fresh = { snapshot, entries, definitions, history, now }
    this.#world = { second, world: fresh }
    return fresh
  }

  /** The newest entries of the journal, newest first, and older ones that the filter of their list asks for. */
  get entries(): readonly Entry[] {
    const { journal } = this.fleet
    const { version } = journal
    const at = this.past?.at
    const { filter } = this.tables.of('events')
    const known = this.#events
    if (known?.version === version && known.filter === filter && known.at === at) return known.entries
    const read = (wanted?: Wanted) =>
      at === undefined ? journal.latest(most, undefined, wanted) : entriesUntil(at, journal, most, wanted)
    const newest = read()
    const { wanted } = eventFilter(filter, wallTime(this.now))
    const older = wanted && newest.length === most ? read(wanted) : []
    const ids = new Set(older.length ? newest.map(({ id }) => id) : [])
    const entries = older.length ? [...newest, ...older.filter(({ id }) => !ids.has(id))] : newest
    this.#events = { version, filter, at, entries }
    return entries
  }

  get table(): TableId | undefined {
    const { screen } = this.page
    return isTable(screen) ? screen : undefined
  }

  /** The rows of the table of a kind, in its order. */
  rows<K extends ShownKind>(kind: K): readonly Rows[K][] {
    const table = listOf(kind)
    const { world } = this
    const state = this.tables.of(table)
    return this.#remembered(table, world, arrangementOf(state), () =>
      viewOf(kind).rows(world, state),
    ) as readonly Rows[K][]
  }

  /** The columns of the table of a kind that are wanted. */
  columns(kind: Kind): readonly Column<unknown>[] {
    return columnsOf(tableViewOf(kind).columns(this.world), this.tables.of(listOf(kind)).columns)
  }

  overviewRows(): readonly OverviewRow[] {
    const { world, fleet } = this
    // What is acknowledged is in the journal.
    return this.#remembered('overview', world, fleet.journal.version, () =>
      overviewRows(world.snapshot.hosts, this.alerts),
    )
  }

  #remembered<T>(table: TableId, world: World, of: unknown, make: () => readonly T[]): readonly T[] {
    const made = this.#made.get(table) as Made<T> | undefined
    if (made?.world === world && made.of === of) return made.rows
    const rows = make()
    this.#made.set(table, { world, of, rows })
    return rows
  }

  #ids(table: TableId): readonly string[] {
    const kind = kindIn(table)
    if (!kind) return this.overviewRows().map(({ id }) => id)
    const rows: readonly unknown[] = this.rows(kind)
    const known = this.#idsOf.get(rows)
    if (known) return known
    const ids = rows.map((row) => viewOf(kind).rowId(row as never))
    this.#idsOf.set(rows, ids)
    return ids
  }

  #bodyRows(table: TableId): number {
    return Math.max(1, this.size.rows - tableKind(table).besides)
  }

  /** The row that is selected in the table of a kind. */
  selectedIn<K extends ShownKind>(kind: K): Rows[K] | undefined {
    return this.rows(kind)[this.tables.place(listOf(kind)).selected]
  }

  /** The row that is selected on the Overview, while that is shown. */
  get overviewRow(): OverviewRow | undefined {
    if (this.page.screen !== 'overview') return undefined
    return this.overviewRows()[this.tables.place('overview').selected]
  }

  /** What keys act on: what is selected, or what the page shows, and what belongs to it. */
  get hits(): Hits {
    const { table, world, page } = this
    if (table === 'overview') return this.overviewRow ? overviewHits(this.overviewRow, world) : {}
    const listed = table && kindIn(table)
    if (listed) {
      const row = this.selectedIn(listed)
      return row === undefined ? {} : viewOf(listed).hits(row, world)
    }
    const view = pageKind(page.screen)
    const one = view && page.id !== undefined ? viewOf(view).find(page.id, world) : undefined
    return view && one !== undefined ? viewOf(view).hitsOf(one, world) : {}
  }

  get machine(): MachineRecord | undefined {
    return this.hits.machine
  }

  /** The alert that is selected. */
  get alert(): StandingAlert | undefined {
    return this.hits.alert
  }

  /** The host that the keys act on; where none is meant, the first. */
  get host(): HostRecord | undefined {
    return this.hits.host ?? this.snapshot.hosts[0]
  }

  get frontend(): FrontendRecord | undefined {
    return this.hits.frontend
  }

  /** The virtual service that is selected, or the one of the selected real server. */
  get service(): ServiceRecord | undefined {
    return this.hits.service
  }

  get directory(): DirectoryRecord | undefined {
    return this.hits.directory
  }

  /** What an action takes: what is marked in the table that is shown and still there, else what is selected; who looks, looks at that alone. */
  targets(subject: Subject, kind: Action['kind'] = 'change'): readonly Target[] {
    const marked = kind === 'change' ? this.marked(subject) : []
    if (marked.length) {
      const ids = new Set(marked.map((hits) => idOf(subject, hits[subject] as Target)))
      return objectsOf(subject, this.snapshot).filter((one) => ids.has(idOf(subject, one)))
    }
    const one = subject === 'host' ? this.host : this.hits[subject]
    return one ? [one] : []
  }

  /** What the marked rows of the table that is shown stand for, where that is of this subject; also of those that are filtered out. */
  marked(subject: Subject): readonly Hits[] {
    const { table, world } = this
    const kind = table && kindIn(table)
    if (!kind || !tableKind(table).marks.includes(subject)) return []
    const { marked } = this.tables.of(table)
    if (!marked.size) return []
    const { rows, rowId, hits } = viewOf(kind)
    return rows(world, { ...everything, sort: '', descending: false })
      .filter((row) => marked.has(rowId(row)))
      .map((row) => hits(row, world))
      .filter((one) => one[subject])
  }
}

/** As long as it is the same text, the same rows are wished. */
function arrangementOf({ sort, descending, filter, host, faultsOnly }: TableState): string {
  return JSON.stringify([sort, descending, filter, host, faultsOnly])
}

/** Of what kind the object is that a screen shows alone. */
export function pageKind(screen: ScreenId): ShownKind | undefined {
  if (screen === 'xml') return 'machine'
  if (screen === 'charts') return 'frontend'
  return shownKinds.find((kind) => kind === screen)
}
