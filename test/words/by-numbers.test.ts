import fc from 'fast-check'
import { expect, it } from 'vitest'
import { byNumbers } from '../../src/words/by-numbers.ts'

const collator = new Intl.Collator('en', { numeric: true })

it('puts names as English does, with numbers by their values', () => {
  const sign = fc.constantFrom(...'-:.0019abz', 'A', '_', 'ä')
  const name = fc.array(sign, { maxLength: 6 }).map((signs) => signs.join(''))
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(Math.sign(byNumbers(a, b))).toBe(Math.sign(collator.compare(a, b)))
    }),
    { numRuns: 5000 },
  )
  expect(['fe10', 'fe2', 'fe1', '10.0.0.9:80', '10.0.0.10:80'].toSorted(byNumbers)).toEqual([
    '10.0.0.9:80',
    '10.0.0.10:80',
    'fe1',
    'fe2',
    'fe10',
  ])
})
