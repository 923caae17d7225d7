import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reaches, riseOf } from '../../src/fleet/forecast.ts'
import { Series } from '../../src/fleet/series.ts'

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
    ['fast', 2, 40],
    ['slow', 0.2, 300],
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

  it('follows a leak that has just begun, and ends when it is mended', () => {
    const values = [...(Array(300).fill(100) as number[]), ...ramp(100, 1, 60)]
    const left = reaches(seriesOf(values), 1024, 360_000) ?? Number.NaN
    expect(Math.abs(left - 865_000) / 865_000).toBeLessThan(0.2)
    const early = reaches(seriesOf(values.slice(0, 320)), 1024, 320_000) ?? Number.NaN
    expect(Math.abs(early - 905_000) / 905_000).toBeLessThan(0.05)
    const mended = [...values, ...(Array(90).fill(159) as number[])]
    expect(reaches(seriesOf(mended.slice(-120)), 1024, 450_000)).toBeUndefined()
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
