import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Line } from '../components/Line.tsx'
import type { Console } from '../console/console.ts'
import { besidesCharts, leastOfChart, topOf } from '../console/page-text.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import type { Metric } from '../fleet/history/history.ts'
import { minute, recently } from '../fleet/history/series.ts'
import { wallTime } from '../hosts/clock.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Point } from '../text/chart.ts'
import { axisTop, bars, columnsOf, largest, type Span } from '../text/chart.ts'
import { pad } from '../text/fit.ts'
import { clock } from '../text/format.ts'
import type { Part } from '../text/part.ts'
import { frontendView, needsPerson } from '../views/frontend/view.ts'
import { nothingText } from '../views/nothing.ts'
import { everything } from '../views/world.ts'
import type { ScreenProps } from './screen.ts'

/** Columns left of a chart: the name, and the numbers of its axis. */
const margin = 18
/** Lines of a chart, at least and at most; one more has its name or the time. */
const lines = { least: leastOfChart, most: 8 } as const

const titles: Readonly<Record<Metric, Label>> = {
  connections: say`Active connections`,
  rate: say`New connections a second`,
  load: say`Load`,
  descriptors: say`Open descriptors of the process nearest to its limit`,
  lag: say`Seconds behind`,
}

/**
 * What the front ends did, one below the other by the same clock and scale: that one was taken out shows in what the others took. Where
 * not all have room, those that need a person come first, and the rest is scrolled to.
 */
export function Charts({ console, width, height }: ScreenProps): ReactNode {
  const { metric, isLong } = console.chart
  const columns = width - margin - 2
  const span = spanOf(console.now, isLong)
  // Without the title, the time and the last line.
  const free = height - besidesCharts
  const fitting = Math.max(1, Math.floor(free / (lines.least + 1)))
  const all = shownFrontends(console, fitting).map((frontend) => {
    const points = pointsOf(console, metric, frontend, isLong)
    const last = points.at(-1)
    const isFresh = last && console.now - last.at <= console.snapshot.staleAfter
    return { frontend, values: columnsOf(points, span, columns), now: isFresh ? last.value : undefined }
  })
  const top = axisTop(Math.max(...all.map(({ values, now = 0 }) => Math.max(largest(values), now)), 0))
  const count = Math.min(fitting, Math.max(1, all.length))
  const room = Math.min(lines.most, Math.max(lines.least, Math.floor(free / count) - 1))
  const first = topOf(console)
  const drawn = all
    .slice(first, first + count)
    .flatMap(({ frontend, values, now }) => chartLines(frontend, values, now, room, top, columns))
  return (
    <Box flexDirection="column" height={height} overflowY="hidden">
      <Line
        parts={[
          [say`  `, 'pointer'],
          [say`${titles[metric]}, last ${isLong ? say`24 hours` : say`10 minutes`}`, 'heading'],
        ]}
        width={width}
      />
      {all.length === 0 && (
        <Line parts={[say`  ${nothingText(frontendView, everything, console.world)}`]} width={width} />
      )}
      {drawn.slice(0, Math.max(0, free)).map((parts, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a chart have no identity but their place
        <Line key={i} parts={parts} width={width} />
      ))}
      <Box flexGrow={1} />
      <Line parts={[timeLine(span, columns)]} width={width} />
      <Line
        parts={[say`  Tab: another thing. z: ${isLong ? say`10 minutes` : say`24 hours`}.`]}
        width={width}
      />
    </Box>
  )
}

/** Those that are drawn; where more than `fitting`, what needs a person comes first. */
function shownFrontends(console: Console, fitting: number): readonly FrontendRecord[] {
  const { page, snapshot, world } = console
  if (page.id !== undefined) return snapshot.frontends.filter(({ address }) => address === page.id)
  const all = console.rows('frontend')
  if (all.length <= fitting) return all
  const [worse, rest] = [true, false].map((wanted) => all.filter((one) => needsPerson(one, world) === wanted))
  return [...(worse ?? []), ...(rest ?? [])]
}

function spanOf(now: number, isLong: boolean): Span {
  return { from: now - (isLong ? 24 * 60 * minute : recently), to: now }
}

function pointsOf(
  { world }: Console,
  metric: Metric,
  { address }: FrontendRecord,
  isLong: boolean,
): readonly Point[] {
  const series = world.history.of(metric, address)
  if (!isLong) return series.since(Number.NEGATIVE_INFINITY)
  // The minute that has not ended yet.
  const { minutes } = series
  const last = minutes.at(-1)?.at ?? Number.NEGATIVE_INFINITY
  return [...minutes, ...series.since(last + minute)]
}

function chartLines(
  { name }: FrontendRecord,
  values: readonly (number | undefined)[],
  now: number | undefined,
  room: number,
  top: number,
  columns: number,
): Part[][] {
  const side = (line: number): Label => {
    const left = line === 0 ? name : line === 1 && now !== undefined ? say`now ${numberText(now)}` : say``
    const scale = line === 0 ? numberText(top) : line === room - 1 ? say`0` : say``
    return say`  ${pad(left, 9)} ${pad(scale, 5, 'right')} `
  }
  const drawn = bars(values, room, top).map((bar, i): Part[] => [
    side(i),
    say`${label(i === room - 1 ? '└' : '│')}`,
    bar,
  ])
  const isEmpty = values.every((value) => value === undefined)
  return [
    ...(isEmpty ? [[say`  ${pad(name, 9)}        nothing was known in this time`]] : drawn),
    [pad(say``, columns)],
  ]
}

function numberText(value: number): Label {
  return label(value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1))
}

function timeLine({ from, to }: Span, columns: number): Label {
  const [begin, middle, end] = [from, (from + to) / 2, to].map((at) => clock(wallTime(at)).slice(0, 5))
  const half = Math.floor(columns / 2)
  return label(
    `${' '.repeat(margin)}${`${begin}`.padEnd(half - 2)}${`${middle}`.padEnd(columns - half - 3)}${end}`,
  )
}
