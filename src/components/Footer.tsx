import type { ReactNode } from 'react'
import { type Action, type Change, permitted } from '../actions/action.ts'
import type { Subject } from '../actions/subjects.ts'
import { actions } from '../actions/table.ts'
import type { Command } from '../console/command.ts'
import { commands } from '../console/commands.ts'
import type { Console } from '../console/console.ts'
import { keyName } from '../console/keys.ts'
import { type NoteLayer, withdraws } from '../console/layers.ts'
import { notNow } from '../console/not-now.ts'
import { isOn, works } from '../console/whereabouts.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { width as widthOf } from '../text/fit.ts'
import { type Part, textOf } from '../text/part.ts'
import { Line } from './Line.tsx'

interface Hint {
  readonly key: Label
  readonly title: Label
}

function noteTitle(layer: NoteLayer): string {
  if ('incident' in layer) return 'Note'
  return withdraws(layer) ? 'Take back' : 'Acknowledge'
}

/** The keys that work here now: of the dialog on top, else what can be done with the selected object and on this screen. */
export function hintsOf(console: Console): Hint[] {
  const hint = (key: string, title: string): Hint => ({ key: label(keyName(key)), title: label(title) })
  const layer = console.layers.at(-1)
  if (layer?.kind === 'filter') return [hint('return', 'Keep'), hint('escape', 'Undo'), hint('up', 'Select')]
  if (layer?.kind === 'note') return [hint('return', noteTitle(layer)), hint('escape', 'Cancel')]
  if (layer?.kind === 'palette')
    return [hint('return', 'Run'), hint('tab', 'Complete'), hint('up', 'Recall'), hint('escape', 'Close')]
  const before = layer && 'undertaking' in layer && layer.undertaking.asked.length
  const stepBack = before ? [hint('ctrl-p', 'Back')] : []
  if (layer?.kind === 'ask')
    return [
      hint('return', 'Next'),
      ...stepBack,
      ...(layer.choices ? [hint('down', 'Choose')] : []),
      hint('escape', 'Cancel'),
    ]
  if (layer?.kind === 'confirm')
    return layer.typed
      ? [hint('return', 'Do it'), ...stepBack, hint('escape', 'Cancel')]
      : [
          hint('y', 'Do it'),
          hint('return', layer.focus === 'go' ? 'Do it' : 'Cancel'),
          ...stepBack,
          hint('tab', 'Switch'),
        ]
  if (layer?.kind === 'outcome') return [...(layer.next ? [hint('y', 'Yes')] : []), hint('escape', 'Close')]
  if (layer?.kind === 'tasks')
    return [...(console.tasks.length ? [hint('C', 'Cancel it')] : []), hint('escape', 'Close')]
  if (layer?.kind === 'leave') return [hint('y', 'Quit'), hint('escape', 'Stay')]
  const own = commands.filter((c) => c.footer && works(c, console) === true && (c.hinted?.(console) ?? true))
  const named = (footer: Command['footer']) =>
    own.filter((c) => c.footer === footer).map((c) => hint(c.keys[0] ?? '', c.titled?.(console) ?? c.title))
  const back = console.past
    ? [hint('escape', 'Now')]
    : console.pages.depth > 1
      ? [hint('escape', 'Back')]
      : []
  const begin = [...back, ...named('first')]
  const actions = actionHints(console).filter(({ key }) => begin.every((one) => one.key !== keyName(key)))
  const first = actions.filter((a) => common.has(a.verb)).map((a) => hint(a.key, a.title))
  const rest = actions.filter((a) => !common.has(a.verb)).map((a) => hint(a.key, a.title))
  return [...begin, ...first, ...named('room'), ...rest, ...named('always')]
}

/** What is done most often is named before the rest. */
const common = new Set([
  'start',
  'shutdown',
  'resume',
  'migrate',
  'console',
  'drain',
  'restore',
  'add',
  'close',
  'end',
  'message',
  'standby',
  'online',
  'clear',
  'cleanup',
  'switchover',
])

/** What of a kind is named before what: what is selected itself, then what belongs to it. */
const order: readonly Action['subject'][] = [
  'machine',
  'frontend',
  'service',
  'host',
  'balancer',
  'session',
  'display',
]

interface Known {
  readonly of: readonly unknown[]
  readonly hints: readonly Keyed[]
}

/** What was found last: every action is asked for that, and a frame comes at each key and each second. */
const known = new WeakMap<Console, Known>()

/** The actions that can be done with what is marked, else with the selected object, by their keys. It is so until something changes. */
function actionHints(console: Console): readonly Keyed[] {
  const { page, snapshot, table, tables } = console
  const { ids, selected } = table ? tables.place(table) : { ids: [], selected: 0 }
  const of = [snapshot, page.screen, page.id, ids[selected], table && tables.of(table).marked]
  const last = known.get(console)
  if (last?.of.every((one, i) => one === of[i])) return last.hints
  const hints = possibleNow(console)
  known.set(console, { of, hints })
  return hints
}

/** The screen on which somebody who looks finds what is looked at. */
function screenOf(action: Action): string | undefined {
  if (action.kind !== 'look') return undefined
  return action.shows === 'details' ? action.subject : action.shows
}

function possibleNow(console: Console): readonly Keyed[] {
  const { screen } = console.page
  if (console.past) return []
  // Who looks at a machine that is in trouble does not make a new one.
  const isAside = ({ subject }: Action) => screen === 'overview' && !!console.machine && subject === 'host'
  const isThere = (subject: Subject) => console.targets(subject, 'change').length > 0
  const possible = actions.filter(
    (action) =>
      isOn(action, screen, isThere) &&
      screenOf(action) !== screen &&
      !isAside(action) &&
      worksOn(action, console),
  )
  return keyed(possible.toSorted((a, b) => order.indexOf(a.subject) - order.indexOf(b.subject)))
}

/** The key of this action begins something now: of several with those of them with which it can be done. */
function worksOn(action: Action, console: Console): boolean {
  const { fleet, snapshot } = console
  const targets = console.targets(action.subject, action.kind)
  if (action.kind === 'change' && action.single && targets.length > 1) return false
  return targets.some((target) => permitted(action as Change<unknown>, target, { fleet, snapshot }) === true)
}

interface Keyed {
  readonly verb: string
  readonly key: string
  readonly title: string
}

function keyed(actions: readonly Pick<Action, 'verb' | 'key' | 'title'>[]): Keyed[] {
  return actions.flatMap(({ verb, key, title }) => (key ? [{ verb, key, title }] : []))
}

export function Footer({ console, width }: { readonly console: Console; readonly width: number }): ReactNode {
  const hints = hintsOf(console)
  const past = notNow(console)
  const begin: readonly Part[] = past ? [[say` ${past} `, 'past'], say` `] : [say` `]
  const length = (h: Hint) => widthOf(h.key) + widthOf(h.title) + 3
  // The last ones (help, quit) always stay; what does not fit is left out before them.
  const tail = hints.slice(-3)
  let left =
    width -
    begin.reduce((sum, part) => sum + widthOf(textOf(part)), 0) -
    tail.reduce((sum, h) => sum + length(h), 0)
  const kept = hints.slice(0, -3).filter((h) => {
    if (length(h) > left) return false
    left -= length(h)
    return true
  })
  const parts = [...kept, ...tail].flatMap((h): Part[] => [[h.key, 'key'], ` ${h.title}  ` as Label])
  return <Line parts={[...begin, ...parts]} width={width} />
}
