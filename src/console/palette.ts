import type { Action } from '../actions/action.ts'
import { meantBy, objectsOf, subjectName, typedName } from '../actions/subjects.ts'
import { actions, actionsCalled, wordOf } from '../actions/table.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { ranked } from '../views/filter.ts'
import { act } from './act.ts'
import { type Argument, noSuch } from './arguments.ts'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import type { PaletteLayer } from './layers.ts'
import { editLine, lineOf } from './line-edit.ts'
import type { ConsoleState } from './state.ts'
import { isOn, obey as obeyCommand, works } from './whereabouts.ts'

/** What the first word of a command can be. */
export function paletteWords(): string[] {
  const own = commands.filter((c) => !['palette', 'enter'].includes(c.id)).map((c) => c.id)
  return [...new Set([...actions.map(wordOf), ...own])].sort()
}

/** What is called so: where two kinds have that verb, the one that is meant on this screen. */
function actionCalled(console: ConsoleState, word: string): Action | undefined {
  const all = actionsCalled(word)
  return all.find((one) => isOn(one, console.page.screen)) ?? all[0]
}

/** What could stand at the end of the text, the likeliest first: first a command, then a machine, a column or nothing. */
export function completions(console: ConsoleState, text: string): readonly string[] {
  const { head, last } = endOf(text)
  if (!head) return ranked(paletteWords(), last)
  const [word = ''] = head.split(' ')
  const { argument } = commandOf(word) ?? {}
  if (argument) return argument.names(console, last)
  const action = actionCalled(console, word)
  return action
    ? ranked(
        objectsOf(action.subject, console.snapshot)
          .map((one) => typedName(action.subject, one))
          .sort(),
        last,
      )
    : []
}

/** What stands before the word that is being typed, and that word. */
function endOf(text: string): { readonly head: string; readonly last: string } {
  const [word = ''] = text.split(' ')
  const separators = commandOf(word)?.argument?.isList ? /^.*[ ,]/ : /^\S* /
  const { length } = separators.exec(text)?.[0] ?? ''
  return { head: text.slice(0, length), last: text.slice(length) }
}

/** The command of this name, by which its list may also be called. */
function commandOf(word: string): Command | undefined {
  return commands.find(({ id, words }) => id === word || words?.includes(word))
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
  const byWord = commands.find(({ words }) => words?.includes(word))?.id
  const known = byWord ?? theOne(console, layer, say`command`, word, paletteWords())
  if (known === undefined) return
  const command = commandOf(known)
  const takes = command?.argument
  if (takes && works(command, console) === true) {
    // What may be named is proposed then.
    if (!argument && takes.isNeeded) return console.replace({ ...layer, line: lineOf(`${known} `) })
    if (argument) return named(console, layer, takes, argument, text)
  }
  if (command && argument && !takes)
    return console.replace({ ...layer, wrong: say`${label(known)} takes nothing behind it` })
  done(console, text)
  if (command) return obeyCommand(command, console)
  const action = actionCalled(console, known)
  if (!argument || !action) return act(console, action?.verb ?? known)
  const meant = meantBy(action.subject, argument, console.snapshot)
  if (meant.length === 1) return act(console, action.verb, meant)
  const what = subjectName(action.subject)
  const names = objectsOf(action.subject, console.snapshot).map((one) => typedName(action.subject, one))
  console.tell(
    meant.length ? say`more than one ${what} is called ${label(argument)}` : noSuch(what, argument, names),
    'bad',
  )
}

/** Does with what was named what the command does; what is wrong with it can be mended. */
function named(
  console: ConsoleState,
  layer: PaletteLayer,
  { run }: Argument,
  argument: string,
  text: string,
): void {
  const wrong = run(console, argument)
  if (wrong) return console.replace({ ...layer, wrong })
  done(console, text)
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
