import { say } from '../hosts/label.ts'
import { groups } from '../views/groups.ts'
import { shownKinds, viewOf } from '../views/kinds.ts'
import type { ShownKind } from '../views/world.ts'
import { oneOf } from './arguments.ts'
import type { Command } from './command.ts'
import type { ConsoleState } from './state.ts'
import { kindIn, kindsIn, listOf } from './table-kinds.ts'

/** The first list of a group has the group's digit and name. */
function goToList(kind: ShownKind): Command {
  const { key, title, help, group, words } = viewOf(kind)
  const screen = listOf(kind)
  const at = groups.findIndex(({ id }) => id === group)
  const first = kindsIn(group)[0] === kind ? groups[at] : undefined
  return {
    id: screen,
    ...(words ? { words } : {}),
    leadsTo: screen,
    keys: first ? [String(at + 2)] : key ? [key] : [],
    title: first?.title ?? title,
    help: `${first?.help ?? help}${words ? ` Also ${words.map((word) => `:${word}`).join(', ')}.` : ''}`,
    argument: oneOf(kind),
    run: (console) => console.pages.go(screen),
  }
}

/** The list that comes so many after the shown one in its group. */
function listAfter({ table }: ConsoleState, by: number): ShownKind | undefined {
  const kind = table && kindIn(table)
  if (!kind) return undefined
  const all = kindsIn(viewOf(kind).group)
  return all[(all.indexOf(kind) + by + all.length) % all.length]
}

/** The lists of groups that have several. */
const together = shownKinds.filter((kind) => kindsIn(viewOf(kind).group).length > 1).map(listOf)

function listCommand(id: string, key: string, title: string, by: number): Command {
  return {
    id,
    keys: [key],
    title,
    help: `Goes to the ${title.toLowerCase()} of the same part of the cluster.`,
    on: together,
    titled: (console) => {
      const kind = listAfter(console, by)
      return kind ? viewOf(kind).title : say``
    },
    ...(by > 0 ? { footer: 'room' as const } : {}),
    run: (console) => {
      const kind = listAfter(console, by)
      if (kind) console.pages.go(listOf(kind))
    },
  }
}

/** To each list, and from one to the next of the same part of the cluster. */
export const listCommands: readonly Command[] = [
  ...shownKinds.map(goToList),
  listCommand('list-next', 'tab', 'Next list', 1),
  listCommand('list-previous', 'backtab', 'List before', -1),
]
