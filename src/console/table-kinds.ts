import type { Subject } from '../actions/subjects.ts'
import type { GroupId } from '../views/groups.ts'
import { shownKinds, viewOf } from '../views/kinds.ts'
import type { TableView } from '../views/view.ts'
import type { ShownKind } from '../views/world.ts'

/** The screens that list a kind. */
const lists = {
  machine: 'machines',
  host: 'hosts',
  pool: 'pools',
  display: 'displays',
  terminal: 'terminals',
  session: 'sessions',
  frontend: 'frontends',
  service: 'services',
  directory: 'directories',
  resource: 'resources',
  node: 'nodes',
  event: 'events',
  incident: 'incidents',
  drill: 'drills',
} as const satisfies Record<ShownKind, string>

export type ListId = (typeof lists)[ShownKind]
export type TableId = 'overview' | ListId

/** The screen that lists a kind. */
export function listOf<K extends ShownKind>(kind: K): (typeof lists)[K] {
  return lists[kind]
}

const kindsByList = new Map<string, ShownKind>(shownKinds.map((kind) => [lists[kind], kind]))

/** The kinds whose lists a group has, in their order. */
export function kindsIn(group: GroupId): readonly ShownKind[] {
  return shownKinds.filter((kind) => viewOf(kind).group === group)
}

export const tableIds: readonly TableId[] = ['overview', ...shownKinds.map(listOf)]

export function isTable(screen: string): screen is TableId {
  return (tableIds as readonly string[]).includes(screen)
}

/** What a table lists; undefined: several kinds, on the Overview. */
export function kindIn(table: TableId): ShownKind | undefined {
  return kindsByList.get(table)
}

interface TableKind extends Pick<TableView<unknown>, 'sorts' | 'sorted'> {
  /** its first row is the newest */
  readonly newestFirst: boolean
  /** what marked rows stand for; nothing: none can be marked */
  readonly marks: readonly Subject[]
  /** in what orders it can be: by these columns, and where its first one is none of them by that, too */
  readonly orders: readonly string[]
  /** lines of the screen that are no rows: status line, heading, message line, footer, and what stands below */
  readonly besides: number
}

/** What the tables differ in. */
export function tableKind(table: TableId): TableKind {
  const kind = kindIn(table)
  if (!kind)
    return { sorts: {}, sorted: { by: 'severity' }, besides: 12, marks: [], orders: [], newestFirst: false }
  const {
    sorts,
    sorted,
    note,
    marks = [],
    newestFirst,
  }: Partial<TableView<unknown>> & Pick<TableView<unknown>, 'sorts' | 'sorted'> = viewOf(kind)
  const orders = [...new Set([sorted.by, ...Object.keys(sorts)])]
  return { sorts, sorted, besides: note ? 5 : 4, marks, orders, newestFirst: newestFirst ?? false }
}
