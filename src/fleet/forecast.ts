import type { Point, Series } from './series.ts'

/** Milliseconds over which a rise is looked for: first how it is now, then how it is in the long run. */
const windows = [60_000, 10 * 60_000] as const
/** No rise is read out of less, in milliseconds. */
const leastSpan = 15_000
/** A rise of fewer than this is the coming and going of connections. */
const leastRise = 4
/** Points that are compared with each other: 40 are 780 pairs. */
const most = 40

/**
 * How fast a value rises, a millisecond: the median of the slopes between all points (Theil and Sen), which outliers do not turn.
 * A rise is one that goes on: in the first half and in the second one. `undefined`: there is none, or too little is known.
 */
export function riseOf(points: readonly Point[]): number | undefined {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || points.length < 8 || last.at - first.at < leastSpan) return undefined
  const step = Math.max(1, Math.ceil(points.length / most))
  const some = points.filter((_, i) => (points.length - 1 - i) % step === 0)
  const slope = medianSlope(some)
  const half = some.length / 2
  const goesOn = [some.slice(0, half), some.slice(half)].every((part) => medianSlope(part) > slope / 4)
  return slope > 0 && goesOn ? slope : undefined
}

function medianSlope(points: readonly Point[]): number {
  const slopes = points.flatMap((a, i) => points.slice(i + 1).map((b) => (b.value - a.value) / (b.at - a.at)))
  slopes.sort((a, b) => a - b)
  return slopes[Math.floor(slopes.length / 2)] ?? 0
}

/** When a value that rises reaches its limit: milliseconds from the last point. `undefined`: it does not rise. */
export function reaches(series: Series, limit: number, now: number): number | undefined {
  for (const window of windows) {
    const points = sinceLowest(series.since(now - window))
    const [first, last] = [points[0], points.at(-1)]
    // As it nearly always is: asked of every process at every look.
    if (!first || !last || last.value - first.value < leastRise) continue
    const slope = riseOf(points)
    if (slope !== undefined && slope * (last.at - first.at) >= leastRise)
      return Math.max(0, (limit - last.value) / slope)
  }
  return undefined
}

/** From where it last stood at its lowest: what was level before a rise says nothing of how fast that is. */
function sinceLowest(points: readonly Point[]): readonly Point[] {
  let lowest = 0
  for (const [i, { value }] of points.entries()) if (value <= (points[lowest]?.value ?? value)) lowest = i
  return points.slice(lowest)
}
