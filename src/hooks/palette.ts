import { didYouMean } from '../actions/nearest.ts'
import { meantBy, nameOf, objectsOf, subjectName } from '../actions/subjects.ts'
import { actions } from '../actions/table.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { commands } from './commands.ts'
import type { Console } from './console.ts'
import type { PaletteLayer } from './layers.ts'
import { editLine, lineOf } from './line-edit.ts'
import { tableKinds } from './table-kinds.ts'

/** What the first word of a command can be. */
export function paletteWords(): string[] {
  const own = commands.filter((c) => !['palette', 'enter'].includes(c.id)).map((c) => c.id)
  return [...new Set([...actions.map((a) => a.verb), ...own])].sort()
}

/** The columns by which the table that is shown can be sorted. */
function columnsOf({ table }: Console): string[] {
  return Object.keys((table && tableKinds[table].sorts) ?? {})
}

/** What could stand at the end of the text: first a command, then a machine, a column or nothing. */
export function completions(console: Console, text: string): string[] {
  const [word = '', ...rest] = text.split(' ')
  const begins = (all: readonly string[], start: string) => all.filter((one) => one.startsWith(start))
  if (!rest.length) return begins(paletteWords(), word)
  const start = rest.join(' ')
  if (word === 'sort') return begins(columnsOf(console), start)
  const action = actions.find((a) => a.verb === word)
  return action ? begins(objectsOf(action.subject, console.snapshot).map(nameOf).sort(), start) : []
}

export function pressPalette(console: Console, layer: PaletteLayer, key: string): void {
  const { wrong: _, ...rest } = layer
  if (key === 'return') return obey(console, layer)
  if (key === 'backspace' && layer.line.text === '') return console.pop()
  if (key === 'tab') return console.replace({ ...rest, line: lineOf(complete(console, layer.line.text)) })
  if (key === 'up' || key === 'down') return recall(console, layer, key === 'up' ? 1 : -1)
  const line = editLine(layer.line, key)
  if (line) console.replace({ ...rest, line })
}

function complete(console: Console, text: string): string {
  const found = completions(console, text)
  const [first] = found
  if (!first) return text
  const head = text.includes(' ') ? text.slice(0, text.indexOf(' ') + 1) : ''
  if (found.length === 1) return `${head}${first}${head ? '' : ' '}`
  let common = first
  for (const one of found) while (!one.startsWith(common)) common = common.slice(0, -1)
  return head + common
}

function recall(console: Console, layer: PaletteLayer, by: number): void {
  const recalled = Math.min(Math.max(-1, layer.recalled + by), console.history.length - 1)
  const text = recalled < 0 ? '' : (console.history[console.history.length - 1 - recalled] ?? '')
  console.replace({ kind: 'palette', line: lineOf(text), recalled })
}

function obey(console: Console, layer: PaletteLayer): void {
  const text = layer.line.text.trim()
  if (text === '') return console.pop()
  const [word = '', ...rest] = text.split(' ')
  const argument = rest.join(' ').trim()
  const words = paletteWords()
  const begun = words.includes(word) ? [word] : words.filter((one) => one.startsWith(word))
  const [known] = begun
  if (!known) return console.replace({ ...layer, wrong: noSuch(say`command`, word, words) })
  if (begun.length > 1) return console.replace({ ...layer, wrong: say`which: ${label(begun.join(', '))}` })
  console.pop()
  console.history = [...console.history.filter((one) => one !== text), text].slice(-100)
  const { table } = console
  const columns = columnsOf(console)
  if (known === 'sort' && argument && table && columns.length) {
    if (!columns.includes(argument)) return console.tell(noSuch(say`column`, argument, columns), 'bad')
    return console.tables.sort(table, argument)
  }
  const command = commands.find((c) => c.id === known)
  if (command) return console.obey(command)
  const action = actions.find((a) => a.verb === known)
  if (!argument || !action) return console.act(known)
  const named = meantBy(action.subject, argument, console.snapshot)
  if (named.length === 1) return console.act(known, named)
  const what = subjectName(action.subject)
  const names = objectsOf(action.subject, console.snapshot).map(({ name }) => name)
  console.tell(
    named.length ? say`more than one ${what} is called ${label(argument)}` : noSuch(what, argument, names),
    'bad',
  )
}

/** In one line: that there is none, and what was probably meant. */
function noSuch(what: Label, word: string, known: readonly string[]): Label {
  const near = didYouMean(word, known)
  return near ? say`no ${what} ${label(word)}. ${near}` : say`no ${what} ${label(word)}`
}
