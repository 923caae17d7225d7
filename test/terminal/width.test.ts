import { describe, expect, it } from 'vitest'
import { isCertain, measured } from '../../src/terminal/width.ts'

describe('the width of a text', () => {
  it.each([
    ['', []],
    [
      'a~ ',
      [
        ['a', 1],
        ['~', 1],
        [' ', 1],
      ],
    ],
    [
      'aé',
      [
        ['a', 1],
        ['é', 1],
      ],
    ],
    [
      '漢a',
      [
        ['漢', 2],
        ['a', 1],
      ],
    ],
    ['e\u0301\u0323', [['e\u0301\u0323', 1]]],
    [
      '👩‍👩‍👧x',
      [
        ['👩‍👩‍👧', 2],
        ['x', 1],
      ],
    ],
    [
      'a\u200bb',
      [
        ['a', 1],
        ['\u200b', 0],
        ['b', 1],
      ],
    ],
  ])('%j is counted as a person counts', (text, columns) => {
    expect([...measured(text)]).toEqual(columns)
    expect([...measured(text)]).toEqual(columns)
  })

  it('is never more than two, and the same however many others there were', () => {
    const many = Array.from({ length: 6000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('')
    expect([...measured(many)].every(([, columns]) => columns === 2)).toBe(true)
    expect([...measured('ä漢')]).toEqual([
      ['ä', 1],
      ['漢', 2],
    ])
  })
})

describe('a character', () => {
  it('is certain where terminals of every age agree', () => {
    for (const one of ' ~aéßЖα─█かカ漢한') expect([one, isCertain(one)]).toEqual([one, true])
    for (const one of ['', '\u00ad', '…', '→', '①', '😀', 'e\u0301', 'ab', '漢字', '\u0300', '\x7f', '\x80'])
      expect([one, isCertain(one)]).toEqual([one, false])
  })
})
