import type { Command } from 'commander'
import type { Fleet } from '../fleet/fleet.ts'
import { type KindOf, kinds, meantAmong, type Records } from '../fleet/kinds.ts'
import type { Kind } from '../fleet/ref.ts'
import type { Facts, Snapshot } from '../fleet/snapshot.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { width as widthOf } from '../text/fit.ts'
import { lineText, roomFor } from '../text/page.ts'
import { textOf } from '../text/part.ts'
import { choiceFrom, columnsOf } from '../views/columns-of.ts'
import { tableViewOf } from '../views/kinds.ts'
import type { TableView } from '../views/view.ts'
import { everything, type World } from '../views/world.ts'
import { exit, Failure } from './exit.ts'
import { notKnown } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addAtOption, addHostOption, type Narrowing, namedHosts } from './narrow.ts'
import { asciiLines, json, print, table } from './output.ts'
import { type Asks, complain, type Rates, silentHosts, withFleet } from './with-fleet.ts'

/** Columns of a page on standard output. */
const pageWidth = 100

/** What a noun has of its own, besides its view. */
interface Own<T> {
  /** of the noun, in a sentence; default: its objects */
  readonly description?: string
  /** what one is called on the command line; default: as the noun */
  readonly argument?: string
  /**
   * The one that a word means; default: by its name, or NAME@HOST.
   *
   * @throws {Failure} there is none of this name, or there are several
   */
  readonly find?: (snapshot: Snapshot, word: string) => T
  /** as what the table has one; default: as itself */
  readonly each?: (row: unknown) => readonly unknown[]
  /** what each tells that takes two readings; default: nothing */
  readonly rates?: { readonly list?: Rates; readonly show?: Rates }
  /** all of which the list tells, and the page of one; default everything */
  readonly about?: { readonly list?: Asks['about']; readonly show?: Asks['about'] }
  /** what is asked seldom, and waited for */
  readonly awaited?: keyof Facts
  /** said before anything else */
  readonly before?: (snapshot: Snapshot) => void
  /** the exit status of showing one; default: whether all hosts could be read */
  readonly status?: (one: T) => number
  /** what is shown below its page; default: nothing */
  readonly below?: (one: T, fleet: Fleet) => Promise<string>
}

interface AtOption {
  /** milliseconds since the epoch */
  readonly at?: number
}

interface ListOptions extends Pick<Narrowing, 'host'>, AtOption {
  readonly json?: boolean
  readonly columns?: string
}

/** A noun whose verbs `list` and `show` are made from its view. */
export function addNoun<K extends Kind>(
  program: Command,
  finish: (code: number) => void,
  noun: K,
  own: Own<Records[K]> = {},
): Command {
  const globals = () => program.opts() as GlobalOptions
  const view = tableViewOf(noun)
  const { rates = {}, about = {}, awaited, before, status, below, find, each = (row) => [row] } = own
  const asks = (shape: 'list' | 'show'): Asks => ({ about: about[shape], awaited })
  const command = program.command(noun).description(own.description ?? `The ${view.name}s.`)
  const tellList = (world: World, options: ListOptions, all: Pick<Snapshot, 'hosts'>): void => {
    const rows = rowsOf(view, world, namedHosts(options, all))
    const shown = options.json
      ? json([...new Set(rows.map(view.of))].map((one) => view.json(one, world)))
      : tableOf(view, rows.flatMap(each), world, options.columns)
    before?.(world.snapshot)
    print(shown)
  }
  const tellOne = (world: World, word: string, options: { json?: boolean }) => {
    const one = find ? find(world.snapshot, word) : findOne(noun, word, world.snapshot)
    print(
      options.json ? json(view.json(one, world)) : view.page(one, world, pageWidth).map(lineText).join('\n'),
    )
    return one
  }
  const list = command.command('list').description(view.help.replace(/^Shows/, 'Lists'))
  addAtOption(addHostOption(list))
    .option('--columns <NAME,...>', 'these alone, in this order; with + and -: one more, one less')
    .option('--json', 'as JSON')
    .action(async (options: ListOptions) => {
      if (options.at !== undefined) {
        const world = await worldAt(globals(), options.at)
        tellList(world, options, world.snapshot)
        return finish(exit.ok)
      }
      finish(
        await withFleet(
          globals(),
          rates.list ?? false,
          async (fleet, snapshot) => {
            tellList(worldOf(snapshot, fleet), options, fleet.snapshot())
            return complain(snapshot, asks('list'))
          },
          asks('list'),
        ),
      )
    })
  const shows = command
    .command(`show <${own.argument ?? noun.toUpperCase()}>`)
    .description(`Shows all that is known of a ${view.name}.`)
  addAtOption(shows)
    .option('--json', 'as JSON')
    .action(async (word: string, options: { json?: boolean } & AtOption) => {
      if (options.at !== undefined) {
        tellOne(await worldAt(globals(), options.at), word, options)
        return finish(exit.ok)
      }
      finish(
        await withFleet(
          globals(),
          rates.show ?? false,
          async (fleet, snapshot) => {
            const one = tellOne(worldOf(snapshot, fleet), word, options)
            const more = options.json ? undefined : await below?.(one, fleet)
            if (more) print(more)
            return status ? status(one) : complain(snapshot, asks('show'))
          },
          asks('show'),
        ),
      )
    })
  return command
}

/** How it was at a time. The code for that is loaded only where it is asked for. */
async function worldAt(globals: GlobalOptions, at: number): Promise<World> {
  const { thenAt } = await import('./at.ts')
  const { snapshot, now, history } = thenAt(globals, at)
  return { snapshot, now, history, entries: [], definitions: new Map() }
}

export function worldOf(
  snapshot: Snapshot,
  fleet: { readonly now: () => number; readonly history: World['history'] },
): World {
  return { snapshot, now: fleet.now(), history: fleet.history, entries: [], definitions: new Map() }
}

/** The rows of a list in its order, of these hosts; of all where none are named. */
function rowsOf<R>(
  view: TableView<unknown, R>,
  world: World,
  hosts: readonly string[] | undefined,
): readonly R[] {
  const { by: sort, descending = false } = view.sorted
  const rows = view.rows(world, { ...everything, sort, descending })
  const isOn = (row: R) => view.hostsOf(view.of(row), world.snapshot).some((host) => hosts?.includes(host))
  return hosts ? rows.filter(isOn) : rows
}

/** The columns that were chosen, else all; on a terminal those that have room. */
export function tableOf(
  view: TableView<unknown>,
  rows: readonly unknown[],
  world: World,
  wanted: string | undefined,
): string {
  const all = view.columns(world).filter(({ onScreen }) => !onScreen)
  const choice = wanted === undefined ? {} : choiceFrom(wanted, all)
  if ('wrong' in choice) throw new Failure(exit.usage, say`--columns ${label(wanted ?? '')}: ${choice.wrong}`)
  const columns = columnsOf(all, choice).map((column) => {
    const cells = rows.map((row) => asciiLines(textOf(column.cell(row))))
    return { ...column, cells, wide: Math.max(...[column.title, ...cells].map(widthOf)) }
  })
  const need = (of: typeof columns) => of.reduce((sum, { wide }) => sum + wide + 2, -2)
  const room = (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY
  const kept = choice.only ? columns : roomFor(columns, (of) => need([...of]), room)
  return table(
    kept.map(({ title }) => title),
    rows.map((_, i) => kept.map(({ cells }): Label => cells[i] ?? label(''))),
    kept.flatMap(({ align }, i) => (align === 'right' ? [i] : [])),
  )
}

/**
 * By its name, or NAME@HOST where that is not unique.
 *
 * @throws {Failure} there is none of this name, or there are several
 */
export function findOne<K extends Kind>(noun: K, word: string, snapshot: Snapshot): Records[K] {
  const kind: KindOf<Records[K]> = kinds[noun]
  const all = kind.all(snapshot)
  const [found, ...more] = meantAmong(kind, all, word)
  const full = (one: Records[K]) => `${kind.typed(one)}@${(one as { readonly host?: string }).host ?? ''}`
  if (found && more.length) {
    const choices = label([found, ...more].map(full).join(', '))
    throw new Failure(
      exit.notFound,
      say`several ${kind.name}s are called ${label(word)}: ${choices}; name one of these`,
    )
  }
  if (found) return found
  const known = all.flatMap((one) => [kind.typed(one), full(one)])
  throw notKnown(
    { what: kind.name, word, known, list: `${noun} list`, hosts: snapshot.hosts },
    say`hosts`,
    silentHosts(snapshot),
  )
}
