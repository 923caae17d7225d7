import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minute, Series } from '../../../src/fleet/history/series.ts'

/** A point every two seconds, more of them than are kept one by one. */
function seriesOf(values: readonly number[]): Series {
  const series = new Series()
  for (const [i, value] of values.entries()) series.add(i * 2_000, value)
  return series
}

const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 1500 })

describe('a series', () => {
  it('tells rise and mean as its points do, from any moment on', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -5_000, max: 3_000_000 }), (all, ago) => {
        const series = seriesOf(all)
        const from = (all.length - 1) * 2_000 - Math.min(ago, 10 * minute)
        const points = series.since(from)
        expect(points.map(({ value }) => value)).toEqual(all.filter((_, i) => i * 2_000 >= from))
        const [first, last] = [points[0], points.at(-1)]
        const lowest = Math.min(...points.map(({ value }) => value))
        expect(series.riseSince(from)).toBe(last && last.value - lowest)
        const mean = points.reduce((sum, { value }) => sum + value, 0) / points.length
        expect(series.meanSince(from)).toEqual(first && { mean, from: first.at })
      }),
      { numRuns: 100 },
    )
  })

  it('tells the rise of its minutes', () => {
    const series = seriesOf(Array.from({ length: 151 }, (_, i) => Math.floor(i / 30)))
    expect(series.minutes.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4])
    expect(series.minutesRiseSince(0)).toBe(4)
    expect(series.minutesRiseSince(3 * minute)).toBe(1)
    expect(series.minutesRiseSince(9 * minute)).toBeUndefined()
  })
  it('has minutes from before it began, in their order, and passes over others', () => {
    const series = new Series()
    for (const [at, value] of [
      [minute, 1],
      [minute, 2],
      [0, 3],
      [2 * minute, 4],
    ] as const)
      series.addMinute({ at, value })
    expect(series.minutes).toEqual([
      { at: minute, value: 1 },
      { at: 2 * minute, value: 4 },
    ])
    expect(series.since(0)).toEqual([])
  })

  it('gives ten minutes of points at most, whatever is asked for', () => {
    const series = seriesOf(Array.from({ length: 400 }, (_, i) => i))
    expect(series.since(0)).toHaveLength(301)
    expect(series.since(798_000)).toEqual([{ at: 798_000, value: 399 }])
  })
})
