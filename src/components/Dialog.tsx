import { Box } from 'ink'
import type { ReactNode } from 'react'
import { planLines } from '../actions/listing.ts'
import type { Choice } from '../actions/question.ts'
import { askedOf, choicesNow, leftOutTexts } from '../console/ask.ts'
import type { Console } from '../console/console.ts'
import type { AskLayer, ConfirmLayer, Layer, OutcomeLayer, TasksLayer } from '../console/layers.ts'
import { taskAt } from '../console/tasks.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'
import { pad, width as widthOf, wrap } from '../text/fit.ts'
import type { Part, Tone } from '../text/part.ts'
import { Line } from './Line.tsx'
import { typedParts } from './TypedLine.tsx'

/** A dialog as lines, below those of its title. */
interface Lines {
  readonly title: Label
  readonly lines: readonly (readonly Part[])[]
}

/** Lines that a dialog takes at most: the rest of the screen keeps showing what it is about. */
function mostLines(rows: number): number {
  return Math.max(6, rows - 7)
}

/** What the layer on top says, if it is a dialog. It is drawn at the bottom of the screen, below what it is about. */
export function dialogOf(console: Console, width: number): Dialogue | undefined {
  const layer: Layer | undefined = console.layers.at(-1)
  if (!layer || isTyped(layer)) return undefined
  const dialog = linesOf(layer, console, width - 4)
  return {
    ...dialog,
    titles: wrap(dialog.title, width - 2),
    lines: dialog.lines.slice(0, mostLines(console.size.rows) - 1),
  }
}

/** What is drawn. */
interface Dialogue extends Lines {
  /** its lines */
  readonly titles: readonly Label[]
}

/** These are typed at the bottom line. */
type TypedLayer = Extract<Layer, { kind: 'filter' | 'note' | 'palette' }>

function isTyped(layer: Layer): layer is TypedLayer {
  return layer.kind === 'filter' || layer.kind === 'note' || layer.kind === 'palette'
}

function linesOf(layer: Exclude<Layer, TypedLayer>, console: Console, width: number): Lines {
  switch (layer.kind) {
    case 'ask':
      return askLines(layer, console, width)
    case 'confirm':
      return confirmLines(layer, console, width)
    case 'outcome':
      return outcomeLines(layer, console, width)
    case 'tasks':
      return taskLines(layer, console)
    case 'leave':
      return {
        title: say`Quit?`,
        lines: [
          ...wrap(
            say`Something is still under way. It is given up: a migration ends where it was, and commands that have not run yet do not.`,
            width,
          ).map((text): Part[] => [text]),
          [],
          [['y' as Label, 'choice'], say` Quit   `, ['Esc' as Label, 'key'], say` Stay`],
        ],
      }
  }
}

function askLines(layer: AskLayer, console: Console, width: number): Lines {
  const { undertaking, question, at, line, wrong } = layer
  const { size } = console
  const choices = choicesNow(console, layer)
  const body = choices
    ? choiceTexts(choices).flatMap(({ choice, text }, i): Part[][] => {
        const whole = say` ${i + 1} ${text}`
        // The one that is chosen is read to its end.
        const [first = say``, ...more] = i === at ? wrap(whole, width - 1) : [whole]
        const tone = choice.disabled ? 'stale' : i === at ? 'selected' : 'plain'
        const mark: Part = i === at ? [say`>`, 'pointer'] : say` `
        return [[mark, [first, tone]], ...more.map((text): Part[] => [[say`     ${text}`, tone]])]
      })
    : [typedParts(say`> `, line, width)]
  const all = (texts: readonly Label[], tone: Tone) =>
    texts.flatMap((text) => wrap(text, width)).map((text): Part[] => [[text, tone]])
  const wrongLines = all(wrong ? [wrong] : [], 'trouble')
  // The choices stay in sight: of who is left out the plan says all.
  const leftOut = all(leftOutTexts(undertaking), 'warning').slice(0, 4)
  const room = mostLines(size.rows) - 1 - leftOut.length - wrongLines.length
  const windowed = windowAround(body, at, Math.max(2, Math.min(8, room)))
  return {
    title: say`${label(undertaking.action.title)} ${askedOf(undertaking)}: ${question.text}`,
    lines: [...leftOut, ...windowed, ...wrongLines],
  }
}

/** Each with what helps to choose. Facts with numbers in them stand at the right of their column, so that these compare. */
function choiceTexts(choices: readonly Choice[]): { readonly choice: Choice; readonly text: Label }[] {
  const factsOf = ({ disabled, note }: Choice) => (disabled || typeof note === 'string' ? undefined : note)
  const rows = choices.map((choice) => {
    const facts = factsOf(choice)
    return facts && [choice.title, ...facts]
  })
  const lines = inColumns(
    rows.filter((row) => row !== undefined),
    (cell) => (/\d/.test(cell) ? 'right' : 'left'),
  )
  return choices.map((choice, i) => {
    const helps = choice.disabled ?? (typeof choice.note === 'string' ? choice.note : say``)
    return { choice, text: (rows[i] && lines.shift()) || say`${choice.title}  ${helps}` }
  })
}

function windowAround<T>(lines: readonly T[], at: number, height: number): readonly T[] {
  const top = Math.max(0, Math.min(at - height + 2, lines.length - height))
  return lines.slice(top, top + height)
}

/** What it is about and what will run scroll as one when they are longer than the dialog; the question stays. */
function confirmLines(layer: ConfirmLayer, console: Console, width: number): Lines {
  const { about, rows, prepared, refused, focus, typed: wanted, wrong } = layer
  const plan = planLines(prepared).flatMap((line) =>
    wrap(line, width - 4).map((text, i) => (i ? say`      ${text}` : say`  ${text}`)),
  )
  const body: Part[][] = [
    ...about.flatMap((line) => wrap(line, width)).map((text): Part[] => [text]),
    ...inColumns(rows).map((text): Part[] => [text]),
    ...refused
      .flatMap((text) => wrap(say`left out: ${text}`, width))
      .map((text): Part[] => [[text, 'warning']]),
    [say`This will run:`],
    ...plan.map((text): Part[] => [text]),
  ]
  const room = mostLines(console.size.rows) - (wrong ? 3 : 2)
  const top = Math.max(0, Math.min(layer.top, body.length - room))
  const rest = body.length - top - room
  return {
    title: layer.title,
    lines: [
      ...body.slice(top, top + room - (rest > 0 ? 1 : 0)),
      ...(rest > 0 ? [[say`... ${rest + 1} more lines, PgDn`]] : []),
      ...(wrong ? [[[wrong, 'trouble'] as const]] : []),
      wanted ? typedParts(say`Type ${wanted.wanted} to do it: `, wanted.line, width) : buttons(focus),
    ],
  }
}

/** What is under way, a line each, with what it waits for and since when. */
function taskLines(layer: TasksLayer, console: Console): Lines {
  const { tasks, fleet } = console
  const at = taskAt(console, layer)
  const lines = tasks.map(({ title, name, progress: { text, percent }, since }, i): Part[] => {
    const how = percent === undefined ? text : say`${text} ${Math.round(percent)}%`
    const line = say` ${title} ${name}: ${how}, for ${duration(fleet.now() - since)}`
    return [i === at ? [say`>`, 'pointer'] : say` `, i === at ? [line, 'selected'] : line]
  })
  const room = mostLines(console.size.rows) - 3
  return {
    title: tasks.length ? say`${tasks.length} under way` : say`Nothing is under way any more`,
    lines: [...windowAround(lines, at, room)],
  }
}

/** Cells below each other. */
function inColumns(
  rows: readonly (readonly Label[])[],
  side: (cell: Label) => 'left' | 'right' = () => 'left',
): Label[] {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, i) => Math.max(known[i] ?? 0, widthOf(cell))),
    [],
  )
  return rows.map(
    (row) =>
      joined(
        row.map((cell, i) => pad(cell, widths[i] ?? 0, i ? side(cell) : 'left')),
        '  ',
      ).trimEnd() as Label,
  )
}

function buttons(focus: 'cancel' | 'go'): Part[] {
  const button = (text: Label, on: boolean): Part => (on ? [say`[${text}]`, 'pointer'] : say` ${text} `)
  return [button(say`Cancel`, focus === 'cancel'), '  ' as Label, button(say`y Do it`, focus === 'go')]
}

function outcomeLines({ title, lines, next }: OutcomeLayer, console: Console, width: number): Lines {
  const whole = lines.flatMap((line) => wrap(line, width)).map((line): Part[] => [line])
  const room = mostLines(console.size.rows) - 3
  const rest = whole.length - room
  const text =
    rest > 0
      ? [...whole.slice(0, room - 1), [say`... and ${rest + 1} more lines: the Events have all of it`]]
      : whole
  const choice: Part[] = next
    ? [['y' as Label, 'choice'], say` Yes   `, ['Esc' as Label, 'key'], say` No`]
    : [['Esc' as Label, 'choice'], say` Close`]
  return { title, lines: [...text, [], choice] }
}

export function Dialog({ dialog, width }: { readonly dialog: Dialogue; readonly width: number }): ReactNode {
  return (
    <Box flexDirection="column">
      {dialog.titles.map((title, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity but their place
        <Line key={i} parts={[say` ${title} `]} width={width} kind="bar" />
      ))}
      {dialog.lines.map((parts, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity but their place
        <Line key={i} parts={['  ' as Label, ...parts]} width={width} />
      ))}
    </Box>
  )
}
