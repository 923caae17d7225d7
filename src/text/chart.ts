import { type Label, label } from '../hosts/label.ts'

/** From nothing to full, an eighth each; a terminal without them shows marks of ASCII instead (terminal/adapt.ts). */
const levels = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** A value at a moment, in milliseconds since the epoch. */
export interface Point {
  readonly at: number
  readonly value: number
}

/** A span of time that is drawn, in milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * The mean of the points of each column; `undefined` where there are none, which is a gap. Columns begin at whole multiples of their
 * width, so that what stands in one does not change until it moves as a whole: on a slow line a chart costs little.
 */
export function columnsOf(
  points: readonly Point[],
  { from, to }: Span,
  columns: number,
): (number | undefined)[] {
  const width = (to - from) / columns
  const sums = Array.from({ length: columns }, () => ({ sum: 0, count: 0 }))
  const first = Math.floor(to / width) - columns + 1
  for (const { at, value } of points) {
    const cell = sums[Math.floor(at / width) - first]
    if (!cell) continue
    cell.sum += value
    cell.count++
  }
  const values = sums.map(({ sum, count }) => (count ? sum / count : undefined))
  return bridged(values, Math.ceil((spacingOf(points) * farApart) / width))
}

/** Points that are this many times further apart than usual have a gap between them. */
const farApart = 2.5

/** How far apart points usually are, in milliseconds: the median, of the last few. */
function spacingOf(points: readonly Point[]): number {
  const some = points.slice(-20)
  const gaps = some.slice(1).map(({ at }, i) => at - (some[i]?.at ?? at))
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0
}

/** Where columns are narrower than points are apart, those between two points are no gap: at most so many columns, less one. */
function bridged(values: readonly (number | undefined)[], most: number): (number | undefined)[] {
  return values.map((value, i) => {
    if (value !== undefined || most < 2) return value
    const before = values.slice(Math.max(0, i - most + 1), i).findLast((one) => one !== undefined)
    const isBetween = values.slice(i + 1, i + most).some((one) => one !== undefined)
    return isBetween ? before : undefined
  })
}

/** A line of bars, as high as the greatest of them; `greatest` makes several comparable. */
export function sparkline(values: readonly (number | undefined)[], greatest = largest(values)): Label {
  return label(values.map((value) => (value === undefined ? ' ' : barOf(value, greatest, 1, 0))).join(''))
}

/** Bars of so many lines, the highest line first. */
export function bars(values: readonly (number | undefined)[], lines: number, greatest: number): Label[] {
  return Array.from({ length: lines }, (_, i) =>
    label(
      values
        .map((value) => (value === undefined ? ' ' : barOf(value, greatest, lines, lines - 1 - i)))
        .join(''),
    ),
  )
}

/** The part of a bar that stands in a line, counted from below. What is more than nothing is seen. */
function barOf(value: number, greatest: number, lines: number, line: number): string {
  const eighths = greatest > 0 ? Math.round((value / greatest) * lines * 8) : 0
  const shown = line === 0 && (value > 0 || lines === 1) ? Math.max(1, eighths) : eighths
  return levels[Math.min(8, Math.max(0, shown - line * 8))] ?? ' '
}

export function largest(values: readonly (number | undefined)[]): number {
  return Math.max(0, ...values.filter((value) => value !== undefined))
}

/** The next round number for the top of an axis. */
export function axisTop(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const top = ([1, 2, 3, 4, 5, 6, 8].find((factor) => factor * power >= value) ?? 10) * power
  return Number(top.toPrecision(2))
}
