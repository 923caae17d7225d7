import { planLines } from '../../actions/listing.ts'
import { staleText } from '../../components/StatusBar.tsx'
import { askedOf, leftOutTexts } from '../../console/ask.ts'
import type { Console } from '../../console/console.ts'
import type { AskLayer, ConfirmLayer, Layer, OutcomeLayer } from '../../console/layers.ts'
import { notNow } from '../../console/not-now.ts'
import { wallTime } from '../../hosts/clock.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { clock } from '../../text/format.ts'
import { some } from '../../text/part.ts'
import { machineView } from '../../views/machine/view.ts'
import { nothingText } from '../../views/nothing.ts'
import { everything } from '../../views/world.ts'

/** What is said of things where lines are read one after the other: whole words, and what matters first. */

export function statusText(console: Console): Label {
  const { fleet, snapshot } = console
  const past = notNow(console)
  return some([
    past,
    say`cluster ${fleet.cluster}`,
    fleet.demo && say`DEMO`,
    fleet.readOnly && say`read-only`,
    staleText(console, snapshot),
    say`${snapshot.hosts.length} hosts`,
    snapshot.machines.length
      ? say`${snapshot.machines.length} machines`
      : say`machines: ${nothingText(machineView, everything, { snapshot })}`,
    !past && clock(wallTime(fleet.now())),
  ])
}

/** What a dialog asks, and which answers it takes; `proposed` is what an empty line stands for. */
export function layerTexts(layer: Layer, proposed: string): Label[] {
  switch (layer.kind) {
    case 'ask':
      return askTexts(layer, proposed)
    case 'confirm':
      return confirmTexts(layer)
    case 'outcome':
      return outcomeTexts(layer)
    case 'leave':
      return [
        say`Something is still under way. It is given up: a migration ends where it was, and commands that have not run yet do not.`,
        say`Quit? Type yes or no.`,
      ]
    default:
      return []
  }
}

/** A question was answered before this: the word `back` leads there. */
export function canGoBack(layer: Layer): layer is AskLayer | ConfirmLayer {
  return (layer.kind === 'ask' || layer.kind === 'confirm') && layer.undertaking.asked.length > 0
}

/** Somebody has come back to this question: an empty line leaves its answer as it was. */
export function answeredBefore({ undertaking, question }: AskLayer): boolean {
  return undertaking.typed[question.id] !== undefined
}

function askTexts(layer: AskLayer, proposed: string): Label[] {
  const { undertaking, question, choices, at, wrong } = layer
  const { action, targets } = undertaking
  const whose = targets.length > 1 ? say` ${askedOf(undertaking)}` : say``
  const title = say`${label(action.title)}${whose}: ${question.text}`
  const refused = [...(wrong ? [wrong] : []), ...leftOutTexts(undertaking)]
  const back = canGoBack(layer) ? say`"back" asks the question before; ` : say``
  if (!choices)
    return [
      ...refused,
      title,
      say`Type it; an empty line takes ${label(proposed || 'nothing')}; ${back}"cancel" gives up.`,
    ]
  const listed = choices.map(
    ({ title, note, disabled }, i) =>
      say`${i + 1} ${title}${disabled ? say`, not possible: ${disabled}` : note ? say`, ${joined([note].flat(), ', ')}` : say``}`,
  )
  const same = answeredBefore(layer) ? say` an empty line takes ${at + 1} as before;` : say``
  return [
    ...refused,
    title,
    ...listed,
    back || same ? say`Type a number;${same} ${back}"cancel" gives up.` : say`Type a number, or "cancel".`,
  ]
}

function confirmTexts(layer: ConfirmLayer): Label[] {
  const { title, about, rows, refused, prepared, typed, wrong } = layer
  const plan = planLines(prepared)
  const back = canGoBack(layer) ? say`"back" asks the last question again; ` : say``
  return [
    ...(wrong ? [wrong] : []),
    title,
    ...about,
    ...rows.map((row) => some(row.map((cell) => cell !== '' && cell))),
    ...refused.map((text) => say`left out: ${text}`),
    say`This will run:`,
    ...plan.map((text) => say`  ${text}`),
    typed
      ? say`Type ${typed.wanted} to do it; ${back}anything else cancels.`
      : say`Type y or yes to do it; ${back}anything else cancels.`,
  ]
}

function outcomeTexts({ title, lines, next }: OutcomeLayer): Label[] {
  return [title, ...lines, ...(next ? [say`Type yes or no.`] : [])]
}
