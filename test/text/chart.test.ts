import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisTop, bars, columnsOf, sparkline } from '../../src/text/chart.ts'

describe('columnsOf', () => {
  const points = (...values: [at: number, value: number][]) => values.map(([at, value]) => ({ at, value }))

  it('gives the mean of each column, the newest at the right', () => {
    const found = columnsOf(points([11, 2], [19, 4], [25, 7], [35, 9]), { from: -1, to: 39 }, 4)
    expect(found).toEqual([undefined, 3, 7, 9])
  })

  it('leaves a gap where nothing was known, and none where points are only far apart', () => {
    const dense = points([1, 1], [3, 1], [5, 1], [7, 1], [31, 2], [33, 2], [35, 2], [47, 3])
    expect(columnsOf(dense, { from: -1, to: 49 }, 5)).toEqual([1, undefined, undefined, 2, 3])
    const sparse = points([5, 1], [25, 2], [45, 3])
    expect(columnsOf(sparse, { from: -1, to: 49 }, 5)).toEqual([1, 1, 2, 2, 3])
  })

  it('moves as a whole, and not with every second', () => {
    const some = points([15, 1], [25, 2], [35, 3])
    const at = (to: number) => columnsOf(some, { from: to - 40, to }, 4)
    expect(at(36)).toEqual(at(39))
    expect(at(41)).toEqual([1, 2, 3, undefined])
  })

  it('has as many columns as there is room, whatever the points', () => {
    const anyPoints = fc.array(fc.record({ at: fc.integer({ min: -1e6, max: 1e6 }), value: fc.double() }))
    fc.assert(
      fc.property(anyPoints, fc.integer({ min: 1, max: 300 }), (some, columns) => {
        expect(columnsOf(some, { from: 0, to: 600_000 }, columns)).toHaveLength(columns)
      }),
    )
  })
})

describe('bars', () => {
  it('are as high as their values, in eighths of a line', () => {
    expect(bars([0, 4, 8, 12, 16, undefined], 2, 16)).toEqual(['   ▄█ ', ' ▄███ '])
  })

  it('show what is more than nothing', () => {
    expect(bars([0, 0.01], 3, 100).at(-1)).toBe(' ▁')
  })

  it('of one line show nothing too, so that it differs from what is not known', () => {
    expect(sparkline([0, undefined, 4, 8])).toBe('▁ ▄█')
    expect(sparkline([0, 0])).toBe('▁▁')
    expect(sparkline([])).toBe('')
  })
})

it('an axis ends at a round number', () => {
  expect([0, 0.3, 1, 3, 49, 51, 1024].map(axisTop)).toEqual([1, 0.3, 1, 3, 50, 60, 2000])
})
