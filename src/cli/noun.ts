import type { Command } from 'commander'
import { type KindOf, kinds, type Records } from '../fleet/kinds.ts'
import type { Kind } from '../fleet/ref.ts'
import type { Facts, Snapshot } from '../fleet/snapshot.ts'
import { label, say } from '../hosts/label.ts'
import { lineText } from '../text/page.ts'
import { textOf } from '../text/part.ts'
import type { TableView, View } from '../views/view.ts'
import type { World } from '../views/world.ts'
import { exit, Failure } from './exit.ts'
import { notKnown } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addHostOption, type Narrowing, onHosts } from './narrow.ts'
import { json, print, table } from './output.ts'
import { complain, type Rates, silentHosts, withFleet } from './with-fleet.ts'

/** Columns of a page on standard output. */
const width = 100

/** What a noun lists and shows. */
interface Told<T> {
  readonly view: Pick<View<T>, 'name' | 'page' | 'json'>
  /** what one is called on the command line: `HOST` */
  readonly argument: string
  /** what the list tells, in a sentence */
  readonly lists: string
  readonly all: (snapshot: Snapshot) => readonly T[]
  /** @throws {Failure} there is none of this name, or there are several */
  readonly find: (snapshot: Snapshot, word: string) => T
  readonly table: (all: readonly T[], world: World) => string
  /** the host by which the list can be narrowed; none: it cannot */
  readonly hostOf?: (one: T) => string
  /** what each tells that takes two readings; default: nothing */
  readonly rates?: { readonly list?: Rates; readonly show?: Rates }
  /** what is asked seldom, and waited for */
  readonly awaited?: keyof Facts
  /** said before anything else */
  readonly before?: (snapshot: Snapshot) => void
  /** the exit status of showing one; default: whether all hosts could be read */
  readonly status?: (one: T) => number
}

/** `vdd NOUN list` and `vdd NOUN show`. */
export function addListAndShow<T>(
  noun: Command,
  globals: () => GlobalOptions,
  finish: (code: number) => void,
  shown: Told<T>,
): void {
  const { view, argument, lists, all, find, hostOf, rates = {}, awaited, before, status } = shown
  const list = noun.command('list').description(lists)
  if (hostOf) addHostOption(list)
  list.option('--json', 'as JSON').action(async (options: Pick<Narrowing, 'host'> & { json?: boolean }) =>
    finish(
      await withFleet(
        globals(),
        rates.list ?? false,
        async (fleet, snapshot) => {
          const world = worldOf(snapshot, fleet)
          const isOn = onHosts(options, snapshot)
          const rows = all(snapshot).filter((one) => !hostOf || isOn({ host: hostOf(one) }))
          before?.(snapshot)
          print(options.json ? json(rows.map((one) => view.json(one, world))) : shown.table(rows, world))
          return complain(snapshot)
        },
        awaited,
      ),
    ),
  )
  noun
    .command(`show <${argument}>`)
    .description(`Shows all that is known of a ${view.name}.`)
    .option('--json', 'as JSON')
    .action(async (word: string, options: { json?: boolean }) =>
      finish(
        await withFleet(
          globals(),
          rates.show ?? false,
          async (fleet, snapshot) => {
            const world = worldOf(snapshot, fleet)
            const one = find(snapshot, word)
            if (options.json) print(json(view.json(one, world)))
            else print(view.page(one, world, width).map(lineText).join('\n'))
            return status ? status(one) : complain(snapshot, awaited)
          },
          awaited,
        ),
      ),
    )
}

/** Kinds of which each is on a host. */
type OnHost = { [P in Kind]: Records[P] extends { readonly host: string } ? P : never }[Kind]

/** A noun whose verbs are made from its view alone; its objects are each on a host. */
export function addNoun<K extends OnHost>(
  program: Command,
  finish: (code: number) => void,
  noun: K,
  view: TableView<Records[K]>,
  more: Pick<Told<Records[K]>, 'rates' | 'awaited'> = {},
): Command {
  const { all }: KindOf<Records[K]> = kinds[noun]
  const command = program.command(noun).description(`The ${view.name}s.`)
  addListAndShow(command, () => program.opts() as GlobalOptions, finish, {
    view,
    argument: noun.toUpperCase(),
    lists: view.help.replace(/^Shows/, 'Lists'),
    all,
    find: (snapshot, word) => findOne(noun, word, snapshot),
    table: (rows, world) => tableOf(view, rows, world),
    hostOf: (one) => (one as { readonly host: string }).host,
    ...more,
  })
  return command
}

function worldOf(
  snapshot: Snapshot,
  fleet: { readonly now: () => number; readonly history: World['history'] },
): World {
  return { snapshot, now: fleet.now(), history: fleet.history, entries: [], definitions: new Map() }
}

/** All columns, as wide as they are. */
function tableOf<T>(view: TableView<T>, rows: readonly T[], world: World): string {
  const columns = view.columns(world)
  return table(
    columns.map(({ title }) => title),
    rows.map((row) => columns.map(({ cell }) => textOf(cell(row)))),
    columns.flatMap(({ align }, i) => (align === 'right' ? [i] : [])),
  )
}

/** By its name, or NAME@HOST where that is not unique. */
function findOne<K extends Kind>(noun: K, word: string, snapshot: Snapshot): Records[K] {
  const { name, all, nameOf }: KindOf<Records[K]> = kinds[noun]
  const known = all(snapshot).map((one) => {
    const own = nameOf(one)
    const { host } = one as { readonly host?: string }
    return { one, names: [own, ...(host === undefined ? [] : [`${own}@${host}`])] }
  })
  const [found, ...more] = known.filter(({ names }) => names.some((own) => own === label(word)))
  if (found && more.length) {
    const choices = label([found, ...more].map(({ names }) => names.at(-1)).join(', '))
    throw new Failure(
      exit.notFound,
      say`several ${name}s are called ${label(word)}: ${choices}; name one of these`,
    )
  }
  if (found) return found.one
  const names = known.flatMap((one) => one.names)
  throw notKnown(
    { what: name, word, known: names, list: `${noun} list`, hosts: snapshot.hosts },
    say`hosts`,
    silentHosts(snapshot),
  )
}
