import { describe, expect, it } from 'vitest'
import { paceAfter } from '../../src/cli/with-fleet.ts'

describe('a verb that waits for what it did', () => {
  it('asks every half second, and hosts that took long to answer at first less often', () => {
    expect([200, 1_400, 3_000, 6_000, 60_000].map(paceAfter)).toEqual([0.5, 0.5, 1, 2, 3])
  })
})
