import type { ReactNode } from 'react'
import { permitted, refusedByMode } from '../actions/action.ts'
import { hostActions, machineActions } from '../actions/table.ts'
import { commands } from '../hooks/commands.ts'
import type { Console } from '../hooks/console.ts'
import { keyName } from '../hooks/keys.ts'
import { type Label, label } from '../hosts/label.ts'
import { Line, type Part } from './Line.tsx'
import { width as widthOf } from './text.ts'

interface Hint {
  readonly key: Label
  readonly title: Label
}

/** The keys that work here now: of the dialog on top, else what can be done with the selected object and on this screen. */
export function hintsOf(console: Console): Hint[] {
  const hint = (key: string, title: string): Hint => ({ key: label(keyName(key)), title: label(title) })
  const layer = console.layers.at(-1)
  if (layer?.kind === 'filter') return [hint('return', 'Keep'), hint('escape', 'Undo'), hint('up', 'Select')]
  if (layer?.kind === 'palette')
    return [hint('return', 'Run'), hint('tab', 'Complete'), hint('up', 'Recall'), hint('escape', 'Close')]
  if (layer?.kind === 'ask')
    return [
      hint('return', 'Next'),
      ...(layer.choices ? [hint('down', 'Choose')] : []),
      hint('escape', 'Cancel'),
    ]
  if (layer?.kind === 'confirm')
    return layer.typed
      ? [hint('return', 'Do it'), hint('escape', 'Cancel')]
      : [hint('y', 'Do it'), hint('return', layer.focus === 'go' ? 'Do it' : 'Cancel'), hint('tab', 'Switch')]
  if (layer?.kind === 'outcome') return [...(layer.next ? [hint('y', 'Yes')] : []), hint('escape', 'Close')]
  if (layer?.kind === 'leave') return [hint('y', 'Quit'), hint('escape', 'Stay')]
  const own = commands.filter((c) => c.footer && (c.where?.(console) ?? true))
  const named = (footer: 'room' | 'always') =>
    own.filter((c) => c.footer === footer).map((c) => hint(c.keys[0], c.title))
  const back = console.pages.length > 1 ? [hint('escape', 'Back')] : []
  const actions = actionHints(console).map(([key, title]) => hint(key, title))
  return [...back, ...actions, ...named('room'), ...named('always')]
}

function actionHints(console: Console): [string, string][] {
  const { machine, fleet, snapshot } = console
  const { screen } = console.page
  if (screen !== 'machines' && screen !== 'machine' && screen !== 'overview') return []
  const context = { fleet, snapshot }
  const onMachine = machine
    ? machineActions.filter((a) => permitted(a, machine as never, context) === true)
    : []
  const onHost =
    screen === 'machine' || !console.host ? [] : hostActions.filter((a) => !refusedByMode(a, fleet))
  return [...onMachine, ...(screen === 'overview' && machine ? [] : onHost)].flatMap((a) =>
    a.key ? [[a.key, a.title] as [string, string]] : [],
  )
}

export function Footer({ console, width }: { readonly console: Console; readonly width: number }): ReactNode {
  const hints = hintsOf(console)
  const length = (h: Hint) => widthOf(h.key) + widthOf(h.title) + 3
  // The last ones (help, quit) always stay; what does not fit is left out before them.
  const tail = hints.slice(-3)
  let left = width - 1 - tail.reduce((sum, h) => sum + length(h), 0)
  const kept = hints.slice(0, -3).filter((h) => {
    if (length(h) > left) return false
    left -= length(h)
    return true
  })
  const parts = [...kept, ...tail].flatMap((h): Part[] => [[h.key, 'key'], ` ${h.title}  ` as Label])
  return <Line parts={[' ' as Label, ...parts]} width={width} />
}
