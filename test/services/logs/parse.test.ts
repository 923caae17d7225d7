import { describe, expect, it } from 'vitest'
import { parseTime } from '../../../src/services/logs/parse.ts'

describe('the time of a host', () => {
  it('is read to less than a millisecond', () => {
    expect(parseTime('1700000000.123456789\n')).toEqual({ at: 1_700_000_000_123.4568, grain: 0 })
  })

  it('is a whole second where date knows no fractions', () => {
    // BusyBox 1.35 leaves the word as it is, others leave it out.
    for (const text of ['1700000000.%N\n', '1700000000.N', '1700000000.\n'])
      expect(parseTime(text)).toEqual({ at: 1_700_000_000_000, grain: 1000 })
  })

  it('is not known by anything else', () => {
    for (const text of ['', 'date: not found', '17e8.5', '-5.000000000', '1700000000.12', '9'.repeat(30)])
      expect(parseTime(text)).toBeUndefined()
  })
})
