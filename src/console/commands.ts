import { metrics } from '../fleet/history/history.ts'
import { type Label, say } from '../hosts/label.ts'
import { groups } from '../views/groups.ts'
import { isTableKind, shownKinds, viewOf } from '../views/kinds.ts'
import type { ShownKind } from '../views/world.ts'
import { undo } from './act.ts'
import { type Argument, columns, oneOf, order } from './arguments.ts'
import { checkNow } from './check-now.ts'
import { enter } from './enter.ts'
import { lineOf } from './line-edit.ts'
import type { ScreenId } from './pages.ts'
import type { ConsoleState } from './state.ts'
import { kindIn, kindsIn, listOf, type TableId, tableIds, tableKind } from './table-kinds.ts'
import { showTasks } from './tasks.ts'

/** A key of the console itself: moving about, filtering, marking. It never touches the cluster. */
export interface Command {
  readonly id: string
  /** what may be typed for it, besides its name */
  readonly word?: string
  /** the screen to which it leads */
  readonly leadsTo?: ScreenId
  /** none: by the palette only */
  readonly keys: readonly string[]
  readonly title: string
  /** what the footer calls it, where that depends on what is shown */
  readonly titled?: (console: ConsoleState) => Label
  readonly help: string
  /** the screens on which it works; default: all */
  readonly on?: readonly ScreenId[]
  /** `true`, or what there is not for it now: a whole sentence */
  readonly can?: (console: ConsoleState) => true | Label
  /** named in the footer: before all else, where there is room, or always */
  readonly footer?: 'first' | 'room' | 'always'
  /** when the footer names it; default: wherever it works */
  readonly hinted?: (console: ConsoleState) => boolean
  /** what may be named behind it, in the palette */
  readonly argument?: Argument
  readonly run: (console: ConsoleState) => void
}

/** The tables that can be filtered, sorted, marked. */
const filtered = tableIds.filter((table) => table !== 'overview')
const sortable = tableIds.filter((table) => tableKind(table).orders.length > 1)
const markable = tableIds.filter((table) => tableKind(table).marks.length)

/** What a command does with the table that is shown. */
const onTable = (run: (table: TableId, console: ConsoleState) => void) => (console: ConsoleState) => {
  if (console.table) run(console.table, console)
}

function move(
  id: string,
  keys: Command['keys'],
  title: string,
  by: Parameters<ConsoleState['move']>[0],
): Command {
  return { id, keys, title, help: `Moves ${title.toLowerCase()}.`, run: (console) => console.move(by) }
}

/** The first list of a group has the group's digit and name. */
function goToList(kind: ShownKind): Command {
  const { key, title, help, group, word } = viewOf(kind)
  const screen = listOf(kind)
  const at = groups.findIndex(({ id }) => id === group)
  const first = kindsIn(group)[0] === kind ? groups[at] : undefined
  return {
    id: screen,
    ...(word ? { word } : {}),
    leadsTo: screen,
    keys: first ? [String(at + 2)] : key ? [key] : [],
    title: first?.title ?? title,
    help: first?.help ?? help,
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

function chartCommand(
  id: string,
  keys: Command['keys'],
  title: string,
  help: string,
  change: (chart: ConsoleState['chart']) => ConsoleState['chart'],
): Command {
  return {
    id,
    keys,
    title,
    help: `${help} On the charts.`,
    on: ['charts'],
    ...(id === 'chart-previous' ? {} : { footer: 'room' as const }),
    run: (console) => {
      console.chart = change(console.chart)
    },
  }
}

function shifted({ metric, isLong }: ConsoleState['chart'], by: number): ConsoleState['chart'] {
  const index = (metrics.indexOf(metric) + by + metrics.length) % metrics.length
  return { metric: metrics[index] ?? 'connections', isLong }
}

/** Every key of the console itself. Help, footer, palette and docs are made from this list and the table of actions. */
export const commands: readonly Command[] = [
  {
    id: 'overview',
    leadsTo: 'overview',
    keys: ['1'],
    title: 'Overview',
    help: 'Shows what is wrong, the hosts, and the latest events.',
    run: (console) => console.pages.go('overview'),
  },
  ...shownKinds.map(goToList),
  listCommand('list-next', 'tab', 'Next list', 1),
  listCommand('list-previous', 'backtab', 'List before', -1),
  {
    id: 'help',
    leadsTo: 'help',
    keys: ['?'],
    title: 'Help',
    help: 'Shows all keys.',
    footer: 'always',
    run: (console) => console.pages.open({ screen: 'help' }),
  },
  {
    id: 'charts',
    leadsTo: 'charts',
    keys: ['g'],
    title: 'Charts',
    help: 'Draws what the front ends did: connections, load, descriptors, lag, one below the other.',
    on: ['frontends', 'frontend', 'services'],
    footer: 'room',
    run: (console) => {
      const { screen, id } = console.page
      console.pages.open({ screen: 'charts', ...(screen === 'frontend' && id !== undefined ? { id } : {}) })
    },
  },
  {
    id: 'check',
    keys: ['v'],
    title: 'Check now',
    help: 'Asks the LDAP and RADIUS of a front end or directory server as a client does, step by step.',
    on: ['frontends', 'frontend', 'services', 'directories', 'directory', 'checks'],
    can: ({ page, frontend, directory }) =>
      page.screen === 'checks' || !!(frontend ?? directory) || say`nothing to check is selected`,
    footer: 'room',
    run: (console) =>
      checkNow(
        console,
        console.page.screen === 'checks'
          ? console.page.id
          : (console.frontend?.host ?? console.directory?.host),
      ),
  },
  chartCommand('chart-next', ['tab', 'right'], 'Next chart', 'Draws the next thing.', (chart) =>
    shifted(chart, 1),
  ),
  chartCommand('chart-previous', ['backtab'], 'Chart before', 'Draws the thing before.', (chart) =>
    shifted(chart, -1),
  ),
  chartCommand('chart-span', ['z'], 'Zoom', 'Draws the last 24 hours, or the last ten minutes.', (chart) => ({
    ...chart,
    isLong: !chart.isLong,
  })),
  move('up', ['up', 'k'], 'Up', -1),
  move('down', ['down', 'j'], 'Down', 1),
  move('pageup', ['pageup', 'ctrl-b'], 'A screen up', 'pageup'),
  move('pagedown', ['pagedown', 'ctrl-f'], 'A screen down', 'pagedown'),
  move('first', ['home', '<'], 'To the first row', 'first'),
  move('last', ['end', 'G', '>'], 'To the last row', 'last'),
  {
    id: 'enter',
    keys: ['return'],
    title: 'Open',
    help: 'Opens what is selected: its page, and of a host on the Overview its machines, front ends or directory server.',
    footer: 'first',
    hinted: ({ table, tables }) => table !== undefined && tables.place(table).ids.length > 0,
    run: enter,
  },
  {
    id: 'filter',
    keys: ['/'],
    title: 'Filter',
    help: 'Leaves what contains a text, also of this help; !text what does not; if nothing does, what resembles it.',
    footer: 'room',
    on: ['overview', ...filtered, 'help'],
    run: (console) => {
      if (console.page.screen === 'overview') console.pages.go('machines')
      const before = console.filter
      console.push({ kind: 'filter', line: lineOf(before), before })
    },
  },
  {
    id: 'faults',
    keys: ['f'],
    title: 'Faults only',
    help: 'Leaves the rows that need a person, and back.',
    on: filtered,
    run: onTable((table, { tables }) => tables.set(table, { faultsOnly: !tables.of(table).faultsOnly })),
  },
  {
    id: 'sort',
    keys: ['o'],
    title: 'Sort',
    help: 'Sorts by the next column; ":sort cpu" by the one that is named, by its heading too, and goes to the top.',
    on: sortable,
    argument: order,
    run: onTable((table, { tables }) => {
      const { orders } = tableKind(table)
      tables.sort(table, orders[(orders.indexOf(tables.of(table).sort) + 1) % orders.length] ?? '')
    }),
  },
  {
    id: 'reverse',
    keys: ['O'],
    title: 'Reverse',
    help: 'Turns the order round.',
    on: sortable,
    run: onTable((table, { tables }) => tables.set(table, { descending: !tables.of(table).descending })),
  },
  {
    id: 'columns',
    keys: [],
    title: 'Columns',
    help: 'Shows the columns that are named, in this order: "columns name, host, cpu"; "+disk" and "-up" one more or less; "reset" as at first.',
    on: tableIds.filter((table) => isTableKind(kindIn(table) ?? 'event')),
    argument: columns,
    run: () => {},
  },
  {
    id: 'mark',
    keys: [' '],
    title: 'Mark',
    help: 'Marks the row, or takes the mark away; an action then takes all marked rows.',
    on: markable,
    run: onTable((table, { tables }) => tables.mark(table)),
  },
  {
    id: 'mark-all',
    keys: ['*'],
    title: 'Mark all',
    help: 'Marks all rows that are shown, or takes all marks away.',
    on: markable,
    run: onTable((table, { tables }) => tables.markAll(table)),
  },
  {
    id: 'acknowledge',
    keys: ['t'],
    title: 'Acknowledge',
    help: 'Says that somebody takes care of the selected alert, with a note; it goes below the others. An empty note takes it back.',
    on: ['overview'],
    can: ({ alert, fleet }) =>
      alert !== undefined ||
      (fleet.alerts().length
        ? say`nothing to acknowledge here: select an alert`
        : say`nothing to acknowledge here`),
    footer: 'room',
    run: acknowledge,
  },
  {
    id: 'undo',
    keys: ['u'],
    title: 'Undo',
    help: 'Begins what puts back what was done last here, also while that runs; it is shown and asks first, as any change.',
    footer: 'room',
    hinted: (console) => console.last?.undo !== undefined,
    run: (console) => undo(console),
  },
  {
    id: 'tasks',
    keys: ['W'],
    title: 'Under way',
    help: 'Lists what is under way; C cancels one of it.',
    footer: 'room',
    hinted: (console) => console.tasks.length > 0,
    run: showTasks,
  },
  {
    id: 'palette',
    keys: [':'],
    title: 'Command',
    help: 'Takes a command by name: an action, a list, "hosts hv2", "sort cpu", "quit". Tab completes, Up recalls.',
    footer: 'always',
    run: (console) => console.push({ kind: 'palette', line: lineOf(''), recalled: -1 }),
  },
  {
    id: 'outcome',
    keys: ['!'],
    title: 'Read',
    help: 'Opens how a change ended that needs a person; the bottom line says when there is one.',
    can: ({ outcomes }) => outcomes.length > 0 || say`nothing waits to be read`,
    footer: 'room',
    run: (console) => console.readOutcome(),
  },
  {
    id: 'back',
    keys: ['escape', 'left', 'backspace'],
    title: 'Back',
    help: 'Takes filter and marks away; else goes back a screen.',
    run: (console) => console.back(),
  },
  {
    id: 'repaint',
    keys: ['ctrl-l'],
    title: 'Repaint',
    help: 'Draws the whole screen again.',
    run: (console) => console.repaint?.(),
  },
  {
    id: 'suspend',
    keys: ['ctrl-z'],
    title: 'Suspend',
    help: 'Gives the terminal back to the shell; fg returns.',
    run: (console) => console.stop?.(),
  },
  {
    id: 'quit',
    keys: ['q', 'ctrl-c'],
    title: 'Quit',
    help: 'Leaves the console.',
    footer: 'always',
    run: (console) => console.leave(),
  },
]

function acknowledge(console: ConsoleState): void {
  const { alert } = console
  const by = alert?.acknowledged
  if (alert) console.push({ kind: 'note', alert, line: lineOf(by?.note ?? '') })
}
