import { say } from '../hosts/label.ts'
import { isTableKind } from '../views/kinds.ts'
import { undo } from './act.ts'
import { anything, columns, order } from './arguments.ts'
import { chartCommands } from './chart-commands.ts'
import { checkNow } from './check-now.ts'
import type { Command } from './command.ts'
import { enter, leadsTo } from './enter.ts'
import { lineOf } from './line-edit.ts'
import { listCommands } from './list-commands.ts'
import { lookBackCommands } from './look-back.ts'
import type { ConsoleState } from './state.ts'
import { kindIn, type TableId, tableIds, tableKind } from './table-kinds.ts'
import { showTasks } from './tasks.ts'

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
  ...listCommands,
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
    isOfNow: true,
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
  ...chartCommands,
  move('up', ['up', 'k'], 'Up', -1),
  move('down', ['down', 'j'], 'Down', 1),
  move('pageup', ['pageup', 'ctrl-b'], 'A screen up', 'pageup'),
  move('pagedown', ['pagedown', 'ctrl-f'], 'A screen down', 'pagedown'),
  move('first', ['home', '^'], 'To the first row', 'first'),
  move('last', ['end', 'G', '$'], 'To the last row', 'last'),
  ...lookBackCommands,
  {
    id: 'enter',
    keys: ['return'],
    title: 'Open',
    help: 'Opens what is selected: its page, of an alert its object, of a host on the Overview its machines, front ends, directory server or displays. On the page of an event its object.',
    footer: 'first',
    hinted: (console) => {
      const { table, tables } = console
      return table ? tables.place(table).ids.length > 0 : leadsTo(console) !== undefined
    },
    run: enter,
  },
  {
    id: 'show',
    keys: [],
    title: 'Show',
    help: 'Opens what has this name, whatever it is: ":show fe1".',
    argument: anything,
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
    help: 'Sorts by the next column; ":sort cpu" by that one, from the top.',
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
    help: 'Chooses columns: ":columns name, cpu", "+disk", "-up", "reset".',
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
    isOfNow: true,
    keys: ['t'],
    title: 'Acknowledge',
    help: 'Says that somebody takes care of the selected alert, with a note; it goes below the others. An empty note takes it back.',
    on: ['overview'],
    can: ({ alert, alerts }) =>
      alert !== undefined ||
      (alerts.length ? say`nothing to acknowledge here: select an alert` : say`nothing to acknowledge here`),
    footer: 'room',
    run: acknowledge,
  },
  {
    id: 'note',
    isOfNow: true,
    keys: ['n'],
    title: 'Note',
    help: 'Adds a note to the incident, for whoever reads of it later.',
    on: ['incidents', 'incident'],
    can: ({ hits }) => hits.incident !== undefined || say`no incident is selected`,
    footer: 'room',
    run: (console) => {
      const { incident } = console.hits
      if (incident) console.push({ kind: 'note', incident, line: lineOf('') })
    },
  },
  {
    id: 'undo',
    isOfNow: true,
    keys: ['u'],
    title: 'Undo',
    help: 'Begins what puts back what was done last here, also while that runs; it is shown and asks first, as any change.',
    footer: 'room',
    hinted: (console) => console.last?.undo !== undefined,
    run: (console) => undo(console),
  },
  {
    id: 'tasks',
    isOfNow: true,
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
    isOfNow: true,
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
