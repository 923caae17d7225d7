import { describe, expect, it } from 'vitest'
import { Series } from '../../../src/fleet/history/series.ts'
import { reaches, riseOf } from '../../../src/fleet/supply/forecast.ts'
import type { Point } from '../../../src/text/chart.ts'

/** Points so many milliseconds apart. */
const every = (apart: number, values: readonly number[]): Point[] =>
  values.map((value, i) => ({ at: i * apart, value }))
const upTo = (count: number, by = 1) => Array.from({ length: count }, (_, i) => i * by)

describe('a rise', () => {
  it('is known of nine points in half a minute, and of no less', () => {
    expect(riseOf(every(3750, upTo(9)))).toBeCloseTo(1 / 3750)
    expect(riseOf(every(3749, upTo(9)))).toBeUndefined()
    expect(riseOf(every(10_000, upTo(8)))).toBeUndefined()
  })

  it('is none of what stands or falls', () => {
    expect(riseOf(every(10_000, upTo(9, 0)))).toBeUndefined()
    expect(riseOf(every(10_000, upTo(9, -1)))).toBeUndefined()
  })

  it('is not turned by one that lies far out', () => {
    for (const far of [0, 4, 8]) {
      const values = upTo(30).map((value, i) => (i === far ? 1e6 : value))
      expect(riseOf(every(10_000, values))).toBeCloseTo(1e-4)
    }
  })

  it.each([
    [[1, 1, 1], true],
    [[1.5, 1, 0.8], true],
    [[1.5, 1, 0.6], false],
    [[0.6, 1, 1], true],
    [[0.4, 1, 1], false],
    [[1, 0.3, 1], false],
  ])('of which the thirds are as steep as %j goes on: %s', (steep, goesOn) => {
    let value = 0
    const values = steep.flatMap((by) => Array.from({ length: 10 }, () => (value += by)))
    expect(riseOf(every(10_000, values)) !== undefined).toBe(goesOn)
  })

  it('is read out of a part of many points, of which the last is one', () => {
    // Each third and the last stand on the line; all others lie beside it.
    const values = upTo(118).map((value, i) => ((117 - i) % 3 === 0 ? value : 1e6))
    expect(riseOf(every(1000, values))).toBeCloseTo(1 / 1000)
  })
})

describe('what rises', () => {
  const seriesOf = (values: readonly number[]) => {
    const series = new Series()
    for (const { at, value } of every(1000, values)) series.add(at, value)
    return series
  }
  const left = (values: readonly number[], limit: number, ...rest: [Parameters<typeof reaches>[3]?]) =>
    reaches(seriesOf(values), limit, (values.length - 1) * 1000, ...rest)

  it('is carried on for ten times as long as it was seen', () => {
    expect(left(upTo(61), 660)).toBeCloseTo(600_000)
    expect(left(upTo(61), 661)).toBeUndefined()
  })

  it('has reached what it is above', () => {
    expect(left(upTo(61), 30)).toBe(0)
  })

  it('rises by four at least', () => {
    expect(left(upTo(65, 1 / 16), 5)).toBeDefined()
    expect(left(upTo(64, 1 / 16), 5)).toBeUndefined()
    expect(left(upTo(64, 1 / 16), 5, { windows: [120_000], leastRise: 3.9 })).toBeDefined()
  })

  it('is looked at from where it was lowest, the last time', () => {
    const falls = upTo(30, -1).map((value) => value + 30)
    expect(left([...falls, ...upTo(41)], 80)).toBeCloseTo(40_000)
    expect(left([...upTo(30, 0), ...upTo(41)], 80)).toBeCloseTo(40_000)
  })

  it('is looked at in the first window in which it does, of minutes where that is a long one', () => {
    const values = upTo(3601, 0.1)
    expect(left(values, 400, { windows: [1000, 60_000], leastRise: 4 })).toBeCloseTo(400_000, -3)
    const byMinutes = left(values, 1000, { windows: [3600_000], leastRise: 4 })
    // The last minute that has ended is a minute and a half ago in the middle.
    expect(byMinutes).toBeCloseTo((1000 - 357) * 10_000, -5)
    expect(left(values, 1000, { windows: [600_000], leastRise: 4 })).toBeUndefined()
    expect(left(values, 1000, { windows: [], leastRise: 4 })).toBeUndefined()
  })
})
