import type { Kind } from '../fleet/ref.ts'
import { directoryView } from './directory/view.ts'
import { displayView } from './display/view.ts'
import { drillView } from './drill/view.ts'
import { eventView } from './event/view.ts'
import { frontendView } from './frontend/view.ts'
import { hostView } from './host/view.ts'
import { incidentView } from './incident/view.ts'
import { machineView } from './machine/view.ts'
import { nodeView } from './node/view.ts'
import { poolView } from './pool/view.ts'
import { resourceView } from './resource/view.ts'
import type { ServiceRow } from './service/row.ts'
import { serviceView } from './service/view.ts'
import { sessionView } from './session/view.ts'
import { terminalView } from './terminal/view.ts'
import type { TableView, View } from './view.ts'
import type { Shown, ShownKind } from './world.ts'

/** What the rows of its table are, by the kind. */
export interface Rows extends Omit<Shown, 'service'> {
  readonly service: ServiceRow
}

/** How each kind is shown. A kind that is forgotten here does not compile. */
const views = {
  machine: machineView,
  host: hostView,
  pool: poolView,
  session: sessionView,
  display: displayView,
  terminal: terminalView,
  frontend: frontendView,
  service: serviceView,
  directory: directoryView,
  resource: resourceView,
  node: nodeView,
  event: eventView,
  incident: incidentView,
  drill: drillView,
} satisfies { readonly [K in Kind]: TableView<Shown[K], Rows[K]> } & {
  readonly event: View<Shown['event']>
}

export const shownKinds = Object.keys(views) as readonly ShownKind[]

/** How one of a kind is shown, for whoever does not care which: what it is given has to come from it. */
export function viewOf(kind: ShownKind): View<unknown> {
  return views[kind] as unknown as View<unknown>
}

/** Whether its rows are columns. */
export function isTableKind(kind: ShownKind): kind is Kind {
  return 'columns' in views[kind]
}

/** The same of what has columns. */
export function tableViewOf(kind: Kind): TableView<unknown> {
  return views[kind] as unknown as TableView<unknown>
}
