import { describe, expect, it } from 'vitest'
import type { Grid, Row } from '../../src/terminal/grid.ts'
import { costOf, findScroll, scrolled } from '../../src/terminal/scroll.ts'
import { bold, plain } from '../../src/terminal/style.ts'

const width = 40

const rowOf = (text: string, style = plain): Row => ({
  text: [...text.padEnd(width)],
  styles: [...text.padEnd(width)].map((character) => (character === ' ' ? plain : style)),
})

const grid = (...lines: string[]): Grid => lines.map((line) => rowOf(line))
const textOf = (rows: Grid) => rows.map(({ text }) => text.join('').trimEnd())

/** No two of them have much in common. */
const line = (n: number) => `${'abcdefghijklmnopqrstuvwxyz'[n % 26]}${n * 7919} `.repeat(6).slice(0, 36)
const lines = (from: number, count: number) => Array.from({ length: count }, (_, i) => line(from + i))

describe('a scroll', () => {
  const five = grid('a', 'b', 'c', 'd', 'e')

  it.each([
    [{ top: 0, bottom: 4, by: 1 }, ['b', 'c', 'd', 'e', '']],
    [{ top: 0, bottom: 4, by: -1 }, ['', 'a', 'b', 'c', 'd']],
    [{ top: 1, bottom: 3, by: 1 }, ['a', 'c', 'd', '', 'e']],
    [{ top: 1, bottom: 3, by: -1 }, ['a', '', 'b', 'c', 'e']],
    [{ top: 1, bottom: 3, by: 2 }, ['a', 'd', '', '', 'e']],
    [{ top: 1, bottom: 3, by: -2 }, ['a', '', '', 'b', 'e']],
    [{ top: 1, bottom: 3, by: 3 }, ['a', '', '', '', 'e']],
  ])('%j moves what is within it', (scroll, wanted) => {
    const after = scrolled(five, scroll)
    expect(textOf(after)).toEqual(wanted)
    expect(after.every(({ text, styles }) => text.length === width && styles.length === width)).toBe(true)
  })

  it('of a screen without rows is none', () => {
    expect(scrolled([], { top: 0, bottom: 0, by: 1 })).toEqual([])
  })
})

describe('the scroll that is found', () => {
  const twelve = lines(0, 12)

  it.each([
    ['a list that went up by one', [...lines(1, 11), line(50)], { top: 0, bottom: 11, by: 1 }],
    ['a list that went down by one', [line(50), ...lines(0, 11)], { top: 0, bottom: 11, by: -1 }],
    ['by three', [...lines(3, 9), ...lines(50, 3)], { top: 0, bottom: 11, by: 3 }],
    ['by half', [...lines(6, 6), ...lines(50, 6)], { top: 0, bottom: 11, by: 6 }],
    ['down by half', [...lines(50, 6), ...lines(0, 6)], { top: 0, bottom: 11, by: -6 }],
    [
      'between a heading and a footer',
      [line(0), ...lines(2, 9), line(50), line(11)],
      { top: 1, bottom: 10, by: 1 },
    ],
    [
      'down, between a heading and a footer',
      [line(0), line(50), ...lines(1, 9), line(11)],
      { top: 1, bottom: 10, by: -1 },
    ],
    [
      'a list of which the first and the last row lost and got a mark',
      [`>${line(1).slice(1)}`, ...lines(2, 9), `>${line(11).slice(1)}`, line(50)],
      { top: 0, bottom: 11, by: 1 },
    ],
    ['one line that was taken out', [...lines(0, 4), ...lines(5, 7), ''], { top: 4, bottom: 11, by: 1 }],
    ['two lines alone', [...lines(50, 3), ...lines(4, 2), ...lines(60, 7)], { top: 3, bottom: 5, by: 1 }],
  ] as const)('of %s', (_, wanted, scroll) => {
    expect(findScroll(grid(...twelve), grid(...wanted))).toEqual(scroll)
  })

  it.each([
    ['the same', twelve],
    ['another', lines(50, 12)],
    ['one line that moved alone', [line(1), ...lines(50, 11)]],
    ['more than half', [...lines(7, 5), ...lines(50, 7)]],
  ] as const)('of %s is none', (_, wanted) => {
    expect(findScroll(grid(...twelve), grid(...wanted))).toBeUndefined()
  })

  it('is none where it costs more than it spares', () => {
    expect(findScroll(grid('aa', 'bb', 'cc', 'dd'), grid('bb', 'cc', 'dd', 'ee'))).toBeUndefined()
  })
})

describe('the cost of a row', () => {
  it.each([
    ['nothing', 'abc', 'abc', 0],
    ['one cell', 'abc', 'xbc', 6],
    ['two cells side by side', 'abc', 'xyc', 7],
    ['two cells with one between', 'abc', 'xby', 8],
    ['two cells with four between', 'abcdef', 'xbcdey', 11],
    ['two cells with five between', 'abcdefg', 'xbcdefy', 12],
    ['what is erased at the end', 'abcdefg', 'abc', 4],
    ['both', 'abcdefg', 'xbc', 10],
    ['a blank within', 'abc', 'a c', 6],
  ])('with %s', (_, shown, wanted, cost) => {
    expect(costOf(grid(shown), grid(wanted))).toBe(cost)
  })

  it('is that of each of them together, and looks count', () => {
    expect(costOf(grid('a', 'b'), grid('x', 'y'))).toBe(12)
    expect(costOf([rowOf('a')], [rowOf('a', bold)])).toBe(6)
  })
})
