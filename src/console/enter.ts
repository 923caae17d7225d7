import type { Target } from '../actions/subjects.ts'
import { actions } from '../actions/table.ts'
import { kinds } from '../fleet/kinds.ts'
import type { Ref } from '../fleet/ref.ts'
import { say } from '../hosts/label.ts'
import { shownKinds, viewOf } from '../views/kinds.ts'
import { everything, type ShownKind } from '../views/world.ts'
import { act } from './act.ts'
import { pageKind } from './selection.ts'
import type { ConsoleState } from './state.ts'
import { kindIn, listOf } from './table-kinds.ts'

/** Opens what is selected. */
export function enter(console: ConsoleState): void {
  const { table } = console
  if (table === 'overview') return enterOverview(console)
  const kind = table && kindIn(table)
  if (!kind) return enterPage(console)
  const row = console.selectedIn(kind)
  if (row === undefined) return console.tell(say`nothing is selected`, 'bad')
  const { opens } = viewOf(kind)
  const { kind: opened, id } = opens(row, console.world)
  open(console, opened, id)
}

/** Opens the page of an object: by the action that shows its kind, where there is one, since that reads more of it. */
export function open(console: ConsoleState, kind: ShownKind, id: string): void {
  const shows = actions.find((one) => one.kind === 'look' && one.shows === 'details' && one.subject === kind)
  const one = viewOf(kind).find(id, console.world)
  if (shows && one !== undefined) act(console, shows.verb, [one as Target])
  else console.pages.open({ screen: kind, id })
}

/** The object to which the page that is shown leads. */
export function leadsTo({ page, world }: Pick<ConsoleState, 'page' | 'world'>): Ref | undefined {
  const kind = pageKind(page.screen)
  const one = kind && page.id !== undefined ? viewOf(kind).find(page.id, world) : undefined
  return kind && one !== undefined ? viewOf(kind).leadsTo?.(one) : undefined
}

function enterPage(console: ConsoleState): void {
  const to = leadsTo(console)
  if (!to) return
  const isThere = viewOf(to.kind).find(to.id, console.world) !== undefined
  if (isThere) open(console, to.kind, to.id)
  else console.tell(say`the ${kinds[to.kind].name} is gone`, 'bad')
}

/** An alert leads to what it is about; a host, to what that does. */
function enterOverview(console: ConsoleState): void {
  const { overviewRow, world } = console
  const alert = overviewRow?.kind === 'alert' ? overviewRow.alert : undefined
  const { about } = alert ?? {}
  if (about && about.kind !== 'host') return open(console, about.kind, about.id)
  const { host } = console.hits
  if (!host) return
  const kind = shownKinds.find((one) => viewOf(one).isFor?.(host, world))
  if (!kind) return console.pages.open({ screen: 'host', id: host.name })
  console.tables.set(listOf(kind), { ...everything, host: host.name })
  console.pages.go(listOf(kind))
}
