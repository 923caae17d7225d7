import type { Command } from 'commander'
import type { KindOf, Records } from '../fleet/kinds.ts'
import { type Kind, kinds } from '../fleet/kinds.ts'
import type { Facts, Snapshot } from '../fleet/snapshot.ts'
import { label, say } from '../hosts/label.ts'
import { lineText } from '../text/page.ts'
import { textOf } from '../text/part.ts'
import type { TableView } from '../views/view.ts'
import type { World } from '../views/world.ts'
import { exit, Failure } from './exit.ts'
import { noSuch } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addHostOption, type Narrowing, onHosts } from './narrow.ts'
import { json, print, table } from './output.ts'
import { complain, type Rates, withFleet } from './with-fleet.ts'

/** Columns of a page on standard output. */
const width = 100

/** What a noun shows of a kind whose rows are its objects, each on a host. */
interface Noun<K extends Kind> {
  readonly kind: K
  readonly noun: string
  readonly view: TableView<Records[K]>
  /** what it tells that takes two readings */
  readonly rates?: Rates
  /** what of it is asked seldom, and is waited for */
  readonly awaited?: keyof Facts
}

/** `vdd NOUN list` and `vdd NOUN show`, made from the view of a kind. */
export function addNoun<K extends Kind>(
  program: Command,
  { kind, noun, view, rates, awaited }: Noun<K>,
  finish: (code: number) => void,
): Command {
  const globals = () => program.opts() as GlobalOptions
  const command = program.command(noun).description(`The ${view.name}s.`)
  addHostOption(command.command('list'))
    .description(view.help.replace(/^Shows/, 'Lists'))
    .option('--json', 'as JSON')
    .action(async (options: Pick<Narrowing, 'host'> & { json?: boolean }) =>
      finish(
        await withFleet(
          globals(),
          rates ?? false,
          async (fleet, snapshot) => {
            const world = worldOf(snapshot, fleet)
            const { all }: KindOf<Records[K]> = kinds[kind]
            const rows = (all(snapshot) as readonly (Records[K] & { readonly host: string })[]).filter(
              onHosts(options, snapshot),
            )
            if (options.json) print(json(rows.map((one) => view.json(one, world))))
            else print(tableOf(view, rows, world))
            return complain(snapshot)
          },
          awaited,
        ),
      ),
    )
  command
    .command(`show <${noun.toUpperCase()}>`)
    .description(`Shows all that is known of a ${view.name}.`)
    .option('--json', 'as JSON')
    .action(async (word: string, options: { json?: boolean }) =>
      finish(
        await withFleet(
          globals(),
          rates ?? false,
          async (fleet, snapshot) => {
            const world = worldOf(snapshot, fleet)
            const one = findOne(kind, noun, word, snapshot)
            if (options.json) print(json(view.json(one, world)))
            else print(view.page(one, world, width).map(lineText).join('\n'))
            return complain(snapshot)
          },
          awaited,
        ),
      ),
    )
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
function findOne<K extends Kind>(kind: K, noun: string, word: string, snapshot: Snapshot): Records[K] {
  const { name, all, nameOf }: KindOf<Records[K]> = kinds[kind]
  const known = all(snapshot).map((one) => {
    const own = nameOf(one)
    const { host } = one as { readonly host?: string }
    return { one, names: [own, ...(host === undefined ? [] : [`${own}@${host}`])] }
  })
  const [found, ...more] = known.filter(({ names }) => names.some((own) => own === label(word)))
  if (more.length) {
    const choices = label(
      known
        .filter(({ names }) => names[0] === label(word))
        .map(({ names }) => names.at(-1))
        .join(', '),
    )
    throw new Failure(
      exit.notFound,
      say`several ${name}s are called ${label(word)}: ${choices}; name one of these`,
    )
  }
  if (found) return found.one
  throw noSuch({
    what: name,
    word,
    known: known.flatMap(({ names }) => names),
    list: `${noun} list`,
    hosts: snapshot.hosts,
  })
}
