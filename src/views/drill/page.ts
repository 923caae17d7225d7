import type { DrillRecord } from '../../fleet/drill/record.ts'
import { exactSeconds } from '../../fleet/drill/words.ts'
import { wallTime } from '../../hosts/clock.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { dateTime } from '../../text/format.ts'
import { fieldLines, tableLines } from '../../text/page.ts'
import { dash, type Part } from '../../text/part.ts'
import type { Moment } from '../world.ts'
import { drawingOf } from './drawing.ts'
import { loadHeading, loadLine } from './load.ts'
import { agreementLines } from './report.ts'
import { stepsOf } from './steps.ts'

/** A drill as it goes on: what is broken and what puts it back, what was seen when, and the load, the newest second first. */
export function drillLines(drill: DrillRecord, moment: Pick<Moment, 'now'>, width: number): Part[][] {
  const { id, host, breaking, load, serving, who, began, perSecond, result, phase } = drill
  const isOver = phase === 'over' || phase === 'ended'
  const steps = stepsOf(drill).map(({ after, text }) => [
    after === undefined ? dash : exactSeconds(after),
    text,
  ])
  return [
    ...fieldLines(
      [
        ['Drill', say`#${Number(id)}  ${dateTime(began)}  ${who}`],
        ['What', say`${breaking.title}, on ${label(host)}`],
        ['State', stateText(drill, wallTime(moment.now))],
        ['Serving', isOver ? undefined : (serving ?? say`not known`)],
        [
          'Load',
          load
            ? say`${label(String(load.rate))} requests a second by ${load.connections} connections, on ${load.virtual}`
            : say`none: the balancers of the configuration have no service there`,
        ],
      ],
      width,
    ),
    ...tableLines([{ title: say`AFTER`, width: 9, align: 'right' }, { title: say`STEP` }], steps, width),
    ...(isOver && result ? overLines(result, width) : []),
    ...(perSecond.length ? [[], [[loadHeading, 'heading'] as const]] : []),
    ...perSecond.toReversed().map(({ at, count }): Part[] => {
      const line = loadLine(at, count, width)
      return [count.failed ? [line, 'warning'] : line]
    }),
  ]
}

/** What it was, once it is over: drawn, and held against vdd's own timeline. */
function overLines(result: NonNullable<DrillRecord['result']>, width: number): Part[][] {
  return [
    [],
    ...drawingOf(result, width).map((line): Part[] => [label(line)]),
    [],
    [[say`VDD'S TIMELINE`, 'heading']],
    ...agreementLines(result).map((line): Part[] => [line]),
  ]
}

/** Where it is, and what comes next. `now`: milliseconds since the epoch */
export function stateText(
  { phase, result, breaking, host, seconds, load, why }: DrillRecord,
  now: number,
): Label {
  const since = now - (result?.seen.broken.at ?? now)
  const left = seconds * 1_000 - since
  const self = say`${label(host)} itself ${breaking.back}`
  switch (phase) {
    case 'before':
      return load
        ? say`not broken yet; first some seconds without a failure`
        : say`not broken yet; first it is seen how it is`
    case 'told':
      return say`told to; ${label(host)} has not said yet that it is broken`
    case 'broken':
      return left >= 0
        ? say`broken for ${duration(since)}; in ${duration(left)} ${self}`
        : say`broken for ${duration(since)}; ${label(host)} has not said yet that it is put back`
    case 'back':
      return say`put back; not as before yet`
    case 'over':
      return result?.seen.isRestored ? say`over, all is as before` : say`over, and not as before yet`
    case 'ended':
      return say`given up: ${why ?? say`not known why`}${result && result.back === undefined ? say`; ${self}` : say``}`
  }
}
