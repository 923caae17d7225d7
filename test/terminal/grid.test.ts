import { describe, expect, it } from 'vitest'
import { blankRow, endOf, erasedFrom, isBlank, type Row, sameRow } from '../../src/terminal/grid.ts'
import { bold, inverse, plain } from '../../src/terminal/style.ts'

const rowOf = (text: string, styles: readonly number[] = []): Row => ({
  text: [...text].map((character) => (character === '~' ? '' : character)),
  styles: [...text].map((_, column) => styles[column] ?? plain),
})

describe('a row', () => {
  it.each([
    ['', 0],
    ['   ', 0],
    ['a  ', 1],
    ['a b', 3],
  ])('%j ends after its last cell', (text, end) => {
    expect(endOf(rowOf(text))).toBe(end)
  })

  it('does not end before a blank of which something is seen', () => {
    expect(endOf(rowOf('a   ', [0, 0, inverse]))).toBe(3)
    expect(isBlank(rowOf(' ', [inverse]), 0)).toBe(false)
    expect(isBlank(rowOf('a'), 0)).toBe(false)
    expect(isBlank(blankRow(1), 0)).toBe(true)
  })

  it('is the same as another when each cell and the width are', () => {
    const one = rowOf('abc', [0, bold])
    expect(sameRow(one, one)).toBe(true)
    expect(sameRow(one, rowOf('abc', [0, bold]))).toBe(true)
    expect(sameRow(one, rowOf('abc'))).toBe(false)
    expect(sameRow(one, rowOf('abd', [0, bold]))).toBe(false)
    expect(sameRow(one, rowOf('xbc', [0, bold]))).toBe(false)
    expect(sameRow(one, rowOf('abcd', [0, bold]))).toBe(false)
    expect(sameRow(rowOf('abcd'), rowOf('abc'))).toBe(false)
  })

  it('is erased from a column on, and with half of a wide character the other', () => {
    expect(erasedFrom(rowOf('abcd', [bold, bold, bold, bold]), 2)).toEqual(rowOf('ab  ', [bold, bold]))
    expect(erasedFrom(rowOf('ab漢~', [bold, bold, bold, bold]), 3)).toEqual(rowOf('ab  ', [bold, bold]))
    expect(erasedFrom(rowOf('ab漢~'), 2)).toEqual(rowOf('ab  '))
  })
})
