import { expect, it } from 'vitest'
import { timeOrDay } from '../../src/text/format.ts'

it('a time of another day is told by its day, also where only midnight is between', () => {
  const midnight = new Date(2026, 10, 30).getTime()
  const now = midnight + 3_600_000
  expect(timeOrDay(midnight, now)).toBe('00:00:00')
  expect(timeOrDay(midnight - 1, now)).toBe('29 Nov  ')
  expect(timeOrDay(now - 365 * 86_400_000, now)).toBe('30 Nov  ')
})
