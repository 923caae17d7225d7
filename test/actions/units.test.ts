import { describe, expect, it } from 'vitest'
import { gibibytes, parseMemory } from '../../src/actions/units.ts'

describe('parseMemory', () => {
  it.each([
    ['2048M', 2 ** 21],
    ['2G', 2 ** 21],
    ['2 GiB', 2 ** 21],
    ['1.5g', 1.5 * 2 ** 20],
    ['1T', 2 ** 30],
    [' 64mib ', 2 ** 16],
  ])('reads %j', (text, kib) => {
    expect(parseMemory(text)).toBe(kib)
  })

  it.each(['', 'G', '-1G', '1K', '1,5G', '1e3', '0x10', '1G1', 'none', '٣G'])('does not take %j', (text) => {
    expect(parseMemory(text)).toBeUndefined()
  })
})

describe('gibibytes', () => {
  it('is short', () => {
    expect([0, 524288, 2 ** 20, 1.5 * 2 ** 20, 33 * 2 ** 20].map(gibibytes)).toEqual([
      '0 MiB',
      '512 MiB',
      '1.0 GiB',
      '1.5 GiB',
      '33.0 GiB',
    ])
  })
})
