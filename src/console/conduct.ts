import { kinds } from '../fleet/kinds.ts'
import { say } from '../hosts/label.ts'
import { follow } from './act.ts'
import { leadsBack, pressAsk, stepBack } from './ask.ts'
import { pressConfirm } from './confirm.ts'
import { type Layer, type NoteLayer, type OutcomeLayer, withdraws } from './layers.ts'
import { editLine } from './line-edit.ts'
import { pressPalette } from './palette.ts'
import type { ConsoleState } from './state.ts'
import { pressTasks } from './tasks.ts'

/** Gives a key to the layer on top. */
export function pressLayer(console: ConsoleState, layer: Layer, key: string): void {
  if (key === 'escape' || key === 'ctrl-c') return dismiss(console, layer)
  switch (layer.kind) {
    case 'filter':
      return pressFilter(console, key)
    case 'note':
      return pressNote(console, layer, key)
    case 'palette':
      return pressPalette(console, layer, key)
    case 'ask':
      return pressAsk(console, layer, key)
    case 'confirm':
      return leadsBack(layer, key) ? stepBack(console, layer) : pressConfirm(console, layer, key)
    case 'outcome':
      return pressOutcome(console, layer, key)
    case 'tasks':
      return pressTasks(console, layer, key)
    case 'leave':
      if (key === 'y') console.quit?.()
      else console.pop()
  }
}

function dismiss(console: ConsoleState, layer: Layer): void {
  if (layer.kind === 'filter') console.filter = layer.before
  console.layers = layer.kind === 'ask' || layer.kind === 'confirm' ? [] : console.layers.slice(0, -1)
}

function pressFilter(console: ConsoleState, key: string): void {
  const layer = console.layers.at(-1)
  if (layer?.kind !== 'filter') return
  if (key === 'up' || key === 'down') return console.move(key === 'up' ? -1 : 1)
  if (key === 'return' || (key === 'backspace' && layer.line.text === '')) return console.pop()
  const line = editLine(layer.line, key)
  if (!line) return
  console.replace({ ...layer, line })
  console.filter = line.text
}

function pressNote(console: ConsoleState, layer: NoteLayer, key: string): void {
  const { line } = layer
  if (key !== 'return') {
    const edited = editLine(line, key)
    if (edited) console.replace({ ...layer, line: edited })
    return
  }
  console.pop()
  if ('incident' in layer) {
    const name = kinds.incident.nameOf(layer.incident)
    if (!line.text.trim()) return console.tell(say`${name}: nothing noted`)
    console.fleet.note(layer.incident, console.who, line.text)
    return console.tell(say`${name}: noted`)
  }
  const { alert } = layer
  if (withdraws(layer)) {
    console.fleet.withdraw(alert, console.who)
    return console.tell(say`${alert.name}: acknowledgement withdrawn`)
  }
  console.fleet.acknowledge(alert, console.who, line.text)
  console.tell(say`${alert.name}: acknowledged`)
}

function pressOutcome(console: ConsoleState, layer: OutcomeLayer, key: string): void {
  if (key === 'return' || key === 'n' || key === 'q') return console.pop()
  if (key !== 'y' || !layer.next) return
  console.pop()
  follow(console, layer.next)
}
