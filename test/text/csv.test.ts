import { expect, it } from 'vitest'
import { csv } from '../../src/text/csv.ts'

it('writes values between commas, and keeps within a cell what would end it', () => {
  expect(
    csv(
      ['a', 'b'],
      [
        ['x', 1.5],
        ['say "hi", there', null],
        ['two\nlines', 0],
      ],
    ),
  ).toBe('a,b\nx,1.5\n"say ""hi"", there",\n"two\nlines",0\n')
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=1'])(
  'keeps text text that a spreadsheet would reckon with: %j',
  (text) => {
    expect(csv([], [[text]]).split('\n')[1]).toMatch(/^"?'/)
  },
)

it.each([
  ['\uff1d1+1', "'\uff1d1+1"],
  ['out;=cmd()', "out;'=cmd()"],
  ['out; "=cmd()"', `"out;' ""=cmd()""` + '"'],
  ['out; and in', 'out; and in'],
])('also where cells are parted at semicolons, and signs are wide: %s', (text, shown) => {
  expect(csv([], [[text]]).split('\n')[1]).toBe(shown)
})

it('leaves a number below zero a number', () => {
  expect(csv(['n'], [[-1]])).toBe('n\n-1\n')
})
