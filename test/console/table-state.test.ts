import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexOfSelected, tableState, windowTop } from '../../src/console/table-state.ts'

describe('indexOfSelected', () => {
  const on = (selected: string) => ({ ...tableState('name'), selected })

  it('follows the object, wherever it stands now', () => {
    expect(indexOfSelected(on('b'), ['a', 'b', 'c'], 0)).toBe(1)
    expect(indexOfSelected(on('b'), ['b', 'c', 'a'], 1)).toBe(0)
  })

  it('stays at its place when the object has gone', () => {
    expect(indexOfSelected(on('x'), ['a', 'b', 'c'], 1)).toBe(1)
    expect(indexOfSelected(on('x'), ['a'], 7)).toBe(0)
  })

  it('begins at the first row, and is 0 where there is none', () => {
    expect(indexOfSelected(tableState('name'), ['a', 'b'], 0)).toBe(0)
    expect(indexOfSelected(on('x'), [], 5)).toBe(0)
  })
})

describe('windowTop', () => {
  it('moves no more than is needed', () => {
    expect(windowTop(0, 4, 5, 20)).toBe(0)
    expect(windowTop(0, 5, 5, 20)).toBe(1)
    expect(windowTop(10, 9, 5, 20)).toBe(9)
    expect(windowTop(10, 12, 5, 20)).toBe(10)
  })

  it('leaves no room empty below the last row', () => {
    expect(windowTop(18, 19, 5, 20)).toBe(15)
    expect(windowTop(7, 2, 5, 3)).toBe(0)
  })

  it('always shows the selected row, and never begins before the first', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.nat(200),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(199),
        (top, at, height, more) => {
          const count = at + 1 + more
          const first = windowTop(top, at, height, count)
          expect(first).toBeGreaterThanOrEqual(0)
          expect(at).toBeGreaterThanOrEqual(first)
          expect(at).toBeLessThan(first + height)
          expect(first).toBeLessThanOrEqual(Math.max(0, count - height))
        },
      ),
    )
  })
})
