import { describe, expect, it } from 'vitest'
import { isCertain } from '../../src/terminal/width.ts'

describe('a character', () => {
  it('is certain where terminals of every age agree', () => {
    for (const one of ' ~aéßЖα─█かカ漢한') expect([one, isCertain(one)]).toEqual([one, true])
    for (const one of ['', '\u00ad', '…', '→', '①', '😀', 'e\u0301', 'ab', '漢字', '\u0300', '\x7f', '\x80'])
      expect([one, isCertain(one)]).toEqual([one, false])
  })
})
