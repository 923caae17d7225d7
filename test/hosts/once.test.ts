import { expect, it } from 'vitest'
import { oncePer } from '../../src/hosts/once.ts'

it('makes one thing of each object, and the same again', () => {
  let made = 0
  const sum = oncePer((numbers: readonly number[]) => ({
    nth: ++made,
    of: numbers.reduce((a, b) => a + b, 0),
  }))
  const one = [1, 2]
  expect([sum(one), sum([1, 2]), sum(one)]).toEqual([
    { nth: 1, of: 3 },
    { nth: 2, of: 3 },
    { nth: 1, of: 3 },
  ])
  expect(sum(one)).toBe(sum(one))
})
