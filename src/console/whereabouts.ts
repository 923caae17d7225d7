import type { Action } from '../actions/action.ts'
import type { Subject } from '../actions/subjects.ts'
import { actions, actionsOf } from '../actions/table.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { groups } from '../views/groups.ts'
import { shownKinds, viewOf } from '../views/kinds.ts'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { keyName } from './keys.ts'
import { overText } from './not-now.ts'
import type { ScreenId } from './pages.ts'
import { pageKind } from './selection.ts'
import type { ConsoleState } from './state.ts'
import { kindsIn, type ListId, listOf } from './table-kinds.ts'

/** The screens that show one object. */
const pageIds: readonly ScreenId[] = [...shownKinds, 'xml']

/** What can be selected on the Overview. */
const onOverview: readonly Subject[] = ['machine', 'host', 'balancer']

/** The screens on which something of this kind is selected, as the views say: its keys work there. */
function shownOn(subject: Subject): readonly ScreenId[] {
  const lists = shownKinds.filter((kind) => viewOf(kind).keysFor.list.includes(subject)).map(listOf)
  const pages = pageIds.filter((screen) => {
    const kind = pageKind(screen)
    return kind && viewOf(kind).keysFor.page.includes(subject)
  })
  return [...(onOverview.includes(subject) ? ['overview' as const] : []), ...lists, ...pages]
}

/** The same the other way round: the kinds whose keys work on a screen, what it shows before what belongs to that. */
function subjectsOn(screen: ScreenId): readonly Subject[] {
  if (screen === 'overview') return onOverview
  const page = pageIds.includes(screen) ? pageKind(screen) : undefined
  const list = shownKinds.find((kind) => listOf(kind) === screen)
  return page ? viewOf(page).keysFor.page : list ? viewOf(list).keysFor.list : []
}

/** Whether the key of an action works on a screen: of one key there the first is meant. @param isThere whether there is one that can be meant */
export function isOn(
  { subject, key }: Pick<Action, 'subject' | 'key'>,
  screen: ScreenId,
  isThere: (subject: Subject) => boolean = () => true,
): boolean {
  const subjects = subjectsOn(screen)
  const before = subjects.slice(0, Math.max(0, subjects.indexOf(subject))).filter(isThere)
  return (
    subjects.includes(subject) &&
    (key === undefined || !before.some((other) => actionsOf[other].some((one) => one.key === key)))
  )
}

/** The action that a key begins on the present screen: of several of one key the first that there is something for. Undefined: it belongs to other screens. */
export function meantBy(key: string, console: ConsoleState): Action | undefined {
  const here = actions.filter((one) => one.key === key)
  const { screen } = console.page
  const isThere = (subject: Subject) => console.targets(subject, 'change').length > 0
  return (
    here.find((one) => isOn(one, screen, isThere) && isThere(one.subject)) ??
    here.find((one) => isOn(one, screen))
  )
}

/** `1 Overview, 2 Machines, :hosts`: where these are by their keys, or by what is typed; all lists of a part of the cluster as the top row names that. */
function keysOf(screens: readonly ScreenId[]): Label {
  const covered = groups
    .map(({ id }) => kindsIn(id).map(listOf))
    .filter((lists) => lists.every((one) => screens.includes(one)))
  const rest = new Set(covered.flatMap(([, ...others]) => others))
  const leading = commands.filter(
    ({ leadsTo }) => leadsTo && screens.includes(leadsTo) && !rest.has(leadsTo as ListId),
  )
  return joined(
    leading.map(({ id, keys: [key], title }) =>
      key === undefined ? say`:${label(id)}` : say`${label(keyName(key))} ${label(title)}`,
    ),
    ', ',
  )
}

/** Why a key of the console does nothing now, or `true`: it belongs to another screen, or there is nothing for it. */
export function works({ on, can, title, isOfNow }: Command, console: ConsoleState): true | Label {
  const over = isOfNow && overText(console)
  if (over) return over
  if (on && !on.includes(console.page.screen)) return say`${label(title)}: on ${keysOf(on)}`
  return can?.(console) ?? true
}

/** Where what a key stands for is, since nothing of it is here; what has the same title is one thing. */
export function elsewhere(
  own: readonly Pick<Command, 'title' | 'on'>[],
  having: readonly Pick<Action, 'title' | 'subject'>[],
): Label {
  const places = new Map<string, readonly ScreenId[]>(own.map(({ title, on = [] }) => [title, on]))
  for (const { title, subject } of having)
    places.set(title, [...(places.get(title) ?? []), ...shownOn(subject)])
  return joined(
    [...places].map(([title, screens]) => say`${label(title)}: on ${keysOf(screens)}`),
    '; ',
  )
}

/** Does what a key of the console stands for, or says why there is nothing to do. */
export function obey(command: Command, console: ConsoleState): void {
  const can = works(command, console)
  if (can === true) command.run(console)
  else console.tell(can, 'bad')
}
