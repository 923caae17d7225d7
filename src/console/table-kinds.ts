import type { Subject } from '../actions/subjects.ts'
import { frontendSorts, machineSorts, type Sorts } from '../views/sorts.ts'

export type TableId = 'overview' | 'machines' | 'frontends' | 'services' | 'directory' | 'events'

interface TableKind {
  /** the column by which it is sorted at first */
  readonly sort: string
  /** from the last to the first */
  readonly descending?: true
  /** the columns by which it can be sorted, by their names */
  readonly sorts?: Sorts<never>
  /** what its rows are, where they can be marked */
  readonly marks?: Subject
  /** lines of the screen that are no rows: status line, heading, message line, footer, and what stands below */
  readonly besides: number
}

/** What the tables differ in. */
export const tableKinds: Readonly<Record<TableId, TableKind>> = {
  overview: { sort: 'severity', besides: 12 },
  machines: { sort: 'name', sorts: machineSorts, marks: 'machine', besides: 4 },
  frontends: { sort: 'name', sorts: frontendSorts, marks: 'frontend', besides: 4 },
  services: { sort: 'name', besides: 5 },
  directory: { sort: 'name', besides: 5 },
  events: { sort: 'time', descending: true, besides: 4 },
}

export const tableIds = Object.keys(tableKinds) as readonly TableId[]

export function isTable(screen: string): screen is TableId {
  return Object.hasOwn(tableKinds, screen)
}
