import type { Action } from '../actions/action.ts'
import type { Subject } from '../actions/subjects.ts'
import { actions, wordOf } from '../actions/table.ts'
import { filterRows } from '../views/filter.ts'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { keyName } from './keys.ts'
import type { ScreenId } from './pages.ts'
import { tableIds, tableKind } from './table-kinds.ts'
import { isOn } from './whereabouts.ts'

interface KeyRow {
  readonly key: string
  readonly title: string
  readonly help: string
  /** `!`: asks for confirmation; `!!`: wants the name typed */
  readonly mark: '  ' | '! ' | '!!'
}

export interface KeyGroup {
  readonly title: string
  readonly keys: readonly KeyRow[]
}

/** What the marks of keys say. */
export const markLegend = '! asks first, !! wants the name typed'

const marks = { safe: '  ', disruptive: '! ', destructive: '!!' } as const

function row(action: Action): KeyRow {
  return {
    key: action.key ? keyName(action.key) : `:${wordOf(action)}`,
    title: action.title,
    help: action.help,
    mark: action.kind === 'change' ? marks[action.risk] : '  ',
  }
}

function ownRow({ id, keys, title, help }: Command): KeyRow {
  return { key: keys.length ? keys.map(keyName).join(' ') : `:${id}`, title, help, mark: '  ' }
}

/** What actions act on, in the order of the help. */
const titles: Readonly<Record<Subject, string>> = {
  machine: 'A machine',
  host: 'A host',
  frontend: 'A front end',
  service: 'A virtual service',
  balancer: 'A balancer',
  session: 'A session',
  display: 'A display',
  resource: 'A cluster resource',
  node: 'A cluster node',
}

/** What rows that are marked stand for. */
const markable = new Set(tableIds.flatMap((table) => tableKind(table).marks))

/** The actions by what they act on. */
const kinds = (Object.keys(titles) as Subject[]).map((subject) => ({
  title: markable.has(subject) ? `${titles[subject]}, or all marked ones` : titles[subject],
  actions: actions.filter((action) => action.subject === subject),
}))

const groups = (of: typeof kinds): KeyGroup[] =>
  of.map(({ title, actions }) => ({ title, keys: actions.map(row) }))

const own = (title: string, of: readonly Command[]): KeyGroup => ({ title, keys: of.map(ownRow) })

/** Every key and what it does. `docs/keys.md` is made from it. */
export function keyTable(): readonly KeyGroup[] {
  return [...groups(kinds), own('The console', commands)]
}

/** The same as it is needed on a screen: first what works there, then what works everywhere, then the rest. */
export function keysOn(screen: ScreenId): readonly KeyGroup[] {
  const here = Object.groupBy(commands, ({ on }) =>
    on ? (on.includes(screen) ? 'here' : 'elsewhere') : 'everywhere',
  )
  const kindsWith = (wanted: boolean) =>
    kinds.map(({ title, actions }) => ({
      title,
      actions: actions.filter((action) => isOn(action, screen) === wanted),
    }))
  const used = (of: typeof kinds) => of.filter(({ actions }) => actions.length)
  const count = (of: readonly KeyGroup[]) => of.reduce((sum, { keys }) => sum + keys.length, 0)
  // The shorter of both first: then the other one begins on the first page too.
  const both = [[own('This screen', here.here ?? [])], groups(used(kindsWith(true)))]
  const all = [
    ...both.sort((a, b) => count(a) - count(b)).flat(),
    own('Every screen', here.everywhere ?? []),
    ...groups(kindsWith(false)),
    own('Other screens', here.elsewhere ?? []),
  ]
  return all.filter(({ keys }) => keys.length)
}

/** What a filter leaves: where it is a key, that one; else what has it in its words, or has a title that resembles it. */
export function filterKeys(of: readonly KeyGroup[], filter: string): readonly KeyGroup[] {
  const all = of.flatMap(({ title: group, keys }) => keys.map((key) => ({ group, key })))
  const named = all.filter(({ key }) => key.key.split(' ').includes(filter.trim()))
  const words = ({ group, key }: (typeof all)[number]) => `${key.key} ${key.title} ${key.help} ${group}`
  const left = named.length ? named : filterRows(all, filter, words, ({ key }) => key.title)
  const kept = new Set(left.map(({ key }) => key))
  return of
    .map(({ title, keys }) => ({ title, keys: keys.filter((key) => kept.has(key)) }))
    .filter(({ keys }) => keys.length)
}
