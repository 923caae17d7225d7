import { expect, it } from 'vitest'
import { clock } from '../../../src/hosts/clock.ts'
import { latestIn, sampled } from '../../../src/services/logs/watch.ts'

it('knows a clock to half of the way there and back', () => {
  clock.now()
  const asked = 1_000
  const there = { at: clock.wallTime(1_020) + 5_000, grain: 0 }
  expect(sampled('a', there, asked, 1_040)).toEqual({ host: 'a', at: 1_040, offset: 5_000, uncertainty: 21 })
  // Whole seconds: it is somewhere in the second.
  expect(sampled('a', { ...there, grain: 1_000 }, asked, 1_040)).toMatchObject({
    offset: 5_500,
    uncertainty: 521,
  })
})

it('takes no file for one that was written in the future', () => {
  expect(latestIn(1_000, 2_000_000)).toBe(1_001_000)
  expect(latestIn(253_402_300_799, 2_000_000)).toBe(2_000_000)
})
