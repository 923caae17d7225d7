import type { Point } from '../../text/chart.ts'
import { recently, type Series } from '../history/series.ts'

/** No rise is read out of less, in milliseconds. */
const leastSpan = 30_000
/** A rise is carried on for so many times as long as it has been seen: a step of load is over before it counts. */
const carried = 10
/** How steep each third of it has to be against the whole, the latest more than the others. */
const thirds = [0.5, 0.5, 0.7] as const
/** First how it is now, then how it is in the long run; a rise of fewer is the coming and going of connections. */
const usual: Looking = { windows: [60_000, 2 * 60_000, 5 * 60_000, 10 * 60_000], leastRise: 4 }
/** Points that are compared with each other: 40 are 780 pairs. */
const most = 40

/**
 * How fast a value rises, a millisecond: the median of the slopes between all points (Theil and Sen), which outliers do not turn.
 * A rise is one that goes on: in each third about as fast as in the whole, or it is a step. `undefined`: there is none, or too little
 * is known.
 */
export function riseOf(points: readonly Point[]): number | undefined {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || points.length < 9 || last.at - first.at < leastSpan) return undefined
  const step = Math.max(1, Math.ceil(points.length / most))
  const some = points.filter((_, i) => (points.length - 1 - i) % step === 0)
  const third = some.length / 3
  // What comes and goes does not rise to the end: a ninth of the pairs tells so of most.
  if (medianSlope(some.slice(2 * third)) <= 0) return undefined
  const slope = medianSlope(some)
  if (slope <= 0) return undefined
  const goesOn = thirds.every(
    (least, i) => medianSlope(some.slice(i * third, (i + 1) * third)) > least * slope,
  )
  return goesOn ? slope : undefined
}

function medianSlope(points: readonly Point[]): number {
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2)
  let count = 0
  for (const [i, a] of points.entries())
    for (const b of points.slice(i + 1)) slopes[count++] = (b.value - a.value) / (b.at - a.at)
  return slopes.sort()[Math.floor(count / 2)] ?? 0
}

/** How a rise is looked for. */
interface Looking {
  /** milliseconds; of those longer than is kept point by point, the means of minutes are taken */
  readonly windows: readonly number[]
  readonly leastRise: number
}

/** When a value that rises reaches its limit: milliseconds from the last point. `undefined`: it does not rise, or not for long enough. */
export function reaches(
  series: Series,
  limit: number,
  now: number,
  { windows, leastRise }: Looking = usual,
): number | undefined {
  for (const window of windows) {
    const from = now - window
    const isLong = window > recently
    const rise = isLong ? series.minutesRiseSince(from) : series.riseSince(from)
    // As it nearly always is: asked of every process at every look.
    if (rise === undefined || rise < leastRise) continue
    const points = sinceLowest(isLong ? series.minutesSince(from) : series.since(from))
    const [first, last] = [points[0], points.at(-1)]
    if (!first || !last) continue
    const span = last.at - first.at
    const slope = riseOf(points)
    if (slope === undefined || slope * span < leastRise) continue
    const left = Math.max(0, (limit - last.value) / slope)
    if (left <= carried * span) return left
  }
  return undefined
}

/** From where it last stood at its lowest: what was level before a rise says nothing of how fast that is. */
function sinceLowest(points: readonly Point[]): readonly Point[] {
  let lowest = 0
  for (const [i, { value }] of points.entries()) if (value <= (points[lowest]?.value ?? value)) lowest = i
  return points.slice(lowest)
}
