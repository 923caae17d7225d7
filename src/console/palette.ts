import { meantBy, objectsOf, subjectName, typedName } from '../actions/subjects.ts'
import { actions } from '../actions/table.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { ranked } from '../views/filter.ts'
import { isTableKind, tableViewOf } from '../views/kinds.ts'
import { meantIn, namesIn } from '../views/meant.ts'
import { columnsNamed, type Named, namesOf } from '../views/named.ts'
import { everything, type ShownKind } from '../views/world.ts'
import { act } from './act.ts'
import { commands } from './commands.ts'
import { open } from './enter.ts'
import type { PaletteLayer } from './layers.ts'
import { editLine, lineOf } from './line-edit.ts'
import type { ConsoleState } from './state.ts'
import { isTable, kindIn, listOf, tableKind } from './table-kinds.ts'
import { obey as obeyCommand } from './whereabouts.ts'

/** What the first word of a command can be. */
export function paletteWords(): string[] {
  const own = commands.filter((c) => !['palette', 'enter'].includes(c.id)).map((c) => c.id)
  return [...new Set([...actions.map((a) => a.verb), ...own])].sort()
}

/** In what orders the table that is shown can be: by its columns, and by its own. */
function ordersOf({ table, world }: ConsoleState): readonly Named[] {
  const kind = table && kindIn(table)
  if (!kind || !isTableKind(kind)) return []
  const columns = tableViewOf(kind).columns(world)
  return tableKind(table).orders.map((id) => ({
    id,
    title: columns.find((one) => one.id === id)?.title ?? say``,
  }))
}

/** What may be meant by its heading first, then what has it in its name. */
function orderNames(console: ConsoleState, typed: string): readonly string[] {
  const orders = ordersOf(console)
  const named = columnsNamed(orders, typed).map(({ id }) => id)
  const like = ranked(
    orders.map(({ id }) => id),
    typed,
  )
  return [...new Set([...named, ...like])]
}

/** What could stand at the end of the text, the likeliest first: first a command, then a machine, a column or nothing. */
export function completions(console: ConsoleState, text: string): readonly string[] {
  const { head, last } = endOf(text)
  if (!head) return ranked(paletteWords(), last)
  const word = head.trimEnd()
  if (word === 'sort') return orderNames(console, last)
  const listed = listedBy(word)
  if (listed) return ranked(namesIn(listed, console.snapshot).toSorted(), last)
  const action = actions.find((a) => a.verb === word)
  return action
    ? ranked(
        objectsOf(action.subject, console.snapshot)
          .map((one) => typedName(action.subject, one))
          .sort(),
        last,
      )
    : []
}

/** The command with its blank, where there is one already, and what is typed behind it. */
function endOf(text: string): { readonly head: string; readonly last: string } {
  const cut = text.indexOf(' ') + 1
  return { head: text.slice(0, cut), last: text.slice(cut) }
}

export function pressPalette(console: ConsoleState, layer: PaletteLayer, key: string): void {
  const { wrong: _, ...rest } = layer
  if (key === 'return') return obey(console, layer)
  if (key === 'backspace' && layer.line.text === '') return console.pop()
  if (key === 'tab') return console.replace({ ...rest, line: lineOf(complete(console, layer.line.text)) })
  if (key === 'up' || key === 'down') return recall(console, layer, key === 'up' ? 1 : -1)
  const line = editLine(layer.line, key)
  if (line) console.replace({ ...rest, line })
}

/** As far as all go that begin so; where none does, the only one that is near. */
function complete(console: ConsoleState, text: string): string {
  const { head, last } = endOf(text)
  const found = completions(console, text)
  const begun = found.filter((one) => one.startsWith(last))
  const [first, ...more] = found[0] === last ? [last] : begun.length ? begun : found
  if (first === undefined) return text
  if (!more.length) return `${head}${first}${head ? '' : ' '}`
  if (!begun.length) return text
  let common = first
  for (const one of begun) while (!one.startsWith(common)) common = common.slice(0, -1)
  return head + common
}

function recall(console: ConsoleState, layer: PaletteLayer, by: number): void {
  const recalled = Math.min(Math.max(-1, layer.recalled + by), console.history.length - 1)
  const text = recalled < 0 ? '' : (console.history[console.history.length - 1 - recalled] ?? '')
  console.replace({ kind: 'palette', line: lineOf(text), recalled })
}

function obey(console: ConsoleState, layer: PaletteLayer): void {
  const text = layer.line.text.trim()
  if (text === '') return console.pop()
  const [word = '', ...rest] = text.split(' ')
  const argument = rest.join(' ').trim()
  const byWord = commands.find((c) => c.word === word)?.id
  const known = byWord ?? theOne(console, layer, say`command`, word, paletteWords())
  if (known === undefined) return
  const { table } = console
  const orders = ordersOf(console)
  if (known === 'sort' && table && orders.length) {
    // What is proposed then are the columns.
    if (!argument) return console.replace({ ...layer, line: lineOf('sort ') })
    const found = columnsNamed(orders, argument)
    const [order] = found
    if (!order || found.length > 1) {
      const which = say`which: ${label(found.map(({ id }) => id).join(', '))}`
      const wrong = found.length ? which : noSuch(say`column`, argument, namesOf(orders))
      return console.replace({ ...layer, wrong })
    }
    done(console, text)
    console.tables.sort(table, order.id)
    // Who names a column looks for what is first in it.
    return console.tables.move(table, 'first')
  }
  const command = commands.find((c) => c.id === known)
  const listed = listedBy(known)
  if (listed && argument) return goTo(console, layer, listed, argument, text)
  if (command && argument && known !== 'sort')
    return console.replace({ ...layer, wrong: say`${label(known)} takes nothing behind it` })
  done(console, text)
  if (command) return obeyCommand(command, console)
  const action = actions.find((a) => a.verb === known)
  if (!argument || !action) return act(console, known)
  const named = meantBy(action.subject, argument, console.snapshot)
  if (named.length === 1) return act(console, known, named)
  const what = subjectName(action.subject)
  const names = objectsOf(action.subject, console.snapshot).map((one) => typedName(action.subject, one))
  console.tell(
    named.length ? say`more than one ${what} is called ${label(argument)}` : noSuch(what, argument, names),
    'bad',
  )
}

/** The kind whose list a command opens: behind it one of these may be named. */
function listedBy(word: string): ShownKind | undefined {
  const { leadsTo } = commands.find(({ id, word: other }) => id === word || other === word) ?? {}
  return leadsTo && isTable(leadsTo) ? kindIn(leadsTo) : undefined
}

/** Opens the one of a kind that is named; of several the list with these. */
function goTo(console: ConsoleState, layer: PaletteLayer, kind: ShownKind, word: string, text: string): void {
  const meant = meantIn(kind, word, console.world)
  if ('none' in meant) return console.replace({ ...layer, wrong: meant.none })
  done(console, text)
  console.pages.go(listOf(kind))
  if ('id' in meant) return open(console, kind, meant.id)
  console.tables.set(listOf(kind), { ...everything, filter: meant.filter })
}

/** The command is done with, and can be recalled. */
function done(console: ConsoleState, text: string): void {
  console.pop()
  console.history = [...console.history.filter((one) => one !== text), text].slice(-100)
}

/** The word that is meant: the very one, or the only one that begins so. Undefined: there is none or there are several, and that is said. */
function theOne(
  console: ConsoleState,
  layer: PaletteLayer,
  what: Label,
  typed: string,
  known: readonly string[],
): string | undefined {
  const begun = known.includes(typed) ? [typed] : known.filter((one) => one.startsWith(typed))
  if (begun.length === 1) return begun[0]
  const wrong = begun.length ? say`which: ${label(begun.join(', '))}` : noSuch(what, typed, known)
  console.replace({ ...layer, wrong })
  return undefined
}

/** In one line: that there is none, and what was probably meant. */
function noSuch(what: Label, word: string, known: readonly string[]): Label {
  const near = didYouMean(word, known)
  return near ? say`no ${what} ${label(word)}. ${near}` : say`no ${what} ${label(word)}`
}
