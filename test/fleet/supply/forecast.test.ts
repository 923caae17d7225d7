import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Series } from '../../../src/fleet/history/series.ts'
import { reaches, riseOf } from '../../../src/fleet/supply/forecast.ts'

/** One value a second. */
function seriesOf(values: readonly number[]): Series {
  const series = new Series()
  for (const [i, value] of values.entries()) series.add(i * 1000, value)
  return series
}
const ramp = (from: number, perSecond: number, seconds: number) =>
  Array.from({ length: seconds }, (_, i) => from + Math.floor(i * perSecond))

describe('the forecast', () => {
  it.each([
    ['fast', 2, 60],
    ['slow', 0.2, 590],
  ])('of a %s rise is within a fifth of the truth', (_, perSecond, seconds) => {
    const values = ramp(100, perSecond, seconds)
    const left = reaches(seriesOf(values), 1024, seconds * 1000) ?? Number.NaN
    const truth = ((1024 - (values.at(-1) ?? 0)) / perSecond) * 1000
    expect(Math.abs(left - truth) / truth).toBeLessThan(0.2)
  })

  it('is not turned by connections that come and go, nor by a single jump', () => {
    const restless = Array.from({ length: 120 }, (_, i) => 100 + ((i * 7) % 13))
    expect(reaches(seriesOf(restless), 1024, 120_000)).toBeUndefined()
    const jump = [...Array(60).fill(100), ...Array(60).fill(180)] as number[]
    expect(reaches(seriesOf(jump), 1024, 120_000)).toBeUndefined()
  })

  /** When a forecast was given, in seconds from the beginning, and the longest time for which one was given without a break. */
  function forecasts(values: readonly number[]): { first: number | undefined; longest: number } {
    const series = new Series()
    let [longest, length] = [0, 0]
    let first: number | undefined
    for (const [i, value] of values.entries()) {
      series.add(i * 1000, Math.round(value))
      const isGiven = reaches(series, 1024, i * 1000) !== undefined
      length = isGiven ? length + 1 : 0
      longest = Math.max(longest, length)
      if (isGiven) first ??= i
    }
    return { first, longest }
  }
  /** Up to so many more or fewer, the same in each run. */
  const restless = (values: readonly number[], by: number) => {
    let seed = 1
    return values.map((value) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return value + (seed / 2 ** 30 - 1) * by
    })
  }
  const level = (value: number, seconds: number) => Array(seconds).fill(value) as number[]
  /** Another front end was drained: its clients come over, at once, one after the other, or ever fewer. */
  const steps: [string, number[]][] = [
    ['at once', [...level(100, 100), ...level(160, 600)]],
    ['in 20 s', [...level(100, 100), ...ramp(100, 3, 20), ...level(160, 600)]],
    ['in 45 s', [...level(100, 100), ...ramp(100, 1.33, 45), ...level(160, 600)]],
    ['ever fewer', [...level(100, 100), ...level(60, 600).map((n, i) => 100 + n * (1 - Math.exp(-i / 20)))]],
  ]

  it.each(steps)('is none of a step in load, %s', (_, values) => {
    expect(forecasts(values)).toEqual({ first: undefined, longest: 0 })
    expect(forecasts(restless(values, 4))).toEqual({ first: undefined, longest: 0 })
  })

  it('of a large step that takes its time is gone before it is told', () => {
    const values = [...level(100, 100), ...ramp(100, 10, 30), ...level(400, 300)]
    // Told is what has lasted ten seconds.
    expect(forecasts(values).longest).toBeLessThan(10)
  })

  it('is none of noise', () => {
    for (const by of [2, 5, 20]) expect(forecasts(restless(level(100, 1200), by)).first).toBeUndefined()
  })

  it.each([
    ['a leak that has just begun', [...level(100, 300), ...ramp(100, 1, 120)]],
    ['a leak after a step', [...level(100, 200), ...level(200, 100), ...ramp(200, 1, 120)]],
    ['a leak that begins with a step', [...level(100, 300), ...ramp(200, 1, 120)]],
    ['a leak with a step in it', [...level(100, 100), ...ramp(100, 1, 120), ...ramp(280, 1, 120)]],
  ])('of %s is within a fifth of the truth, also where connections come and go', (_, values) => {
    for (const some of [values, restless(values, 4)]) {
      const left = reaches(seriesOf(some), 1024, values.length * 1000) ?? Number.NaN
      const truth = (1024 - (values.at(-1) ?? 0)) * 1000
      expect(Math.abs(left - truth) / truth).toBeLessThan(0.2)
    }
  })

  it('comes the sooner the faster it goes, and ends when the leak is mended', () => {
    const delay = (perSecond: number) =>
      (forecasts([...level(100, 300), ...ramp(100, perSecond, 600)]).first ?? 0) - 300
    expect(delay(5)).toBeLessThanOrEqual(35)
    expect(delay(1)).toBeLessThanOrEqual(100)
    expect(delay(0.2)).toBeLessThanOrEqual(500)
    const mended = [...level(100, 300), ...ramp(100, 1, 120), ...level(219, 120)]
    expect(reaches(seriesOf(mended), 1024, mended.length * 1000)).toBeUndefined()
  })

  it('is none where too little is known', () => {
    expect(riseOf([])).toBeUndefined()
    expect(reaches(seriesOf(ramp(0, 5, 10)), 1024, 10_000)).toBeUndefined()
    expect(reaches(seriesOf(ramp(500, -2, 60)), 1024, 60_000)).toBeUndefined()
  })
})

describe('Series', () => {
  it('keeps ten minutes of points and a day of minutes, whatever comes', () => {
    const series = new Series()
    for (let second = 0; second < 30 * 3600; second++) series.add(second * 1000, second)
    const now = 30 * 3600_000
    expect(series.since(0).length).toBeLessThan(700)
    expect(series.since(now - 60_000)).toHaveLength(60)
    expect(series.minutes).toHaveLength(24 * 60)
    expect(series.minutes.at(-1)).toEqual({ at: now - 120_000, value: (now - 120_000) / 1000 + 29.5 })
  })

  it('passes over what does not come later than the last', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 })), (times) => {
        const series = new Series()
        for (const at of times) series.add(at, 1)
        const kept = series.since(0).map(({ at }) => at)
        expect(kept).toEqual([...kept].sort((a, b) => a - b))
      }),
    )
  })
})
