import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { isCertain, isSingle, measured } from '../../src/terminal/width.ts'

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

  it('is seen at once where every character takes one column and joins no other, as the long way finds too', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).filter(isSingle)
    expect(all.length).toBeGreaterThan(1000)
    expect(all.filter((one) => stringWidth(one) !== 1)).toEqual([])
    const text = all.join('')
    expect([...segmenter.segment(text)].length).toBe(all.length)
    expect([...segmenter.segment([...all].reverse().join(''))].length).toBe(all.length)
    expect(isSingle('a漢') || isSingle('e\u0301') || isSingle('\u00ad') || isSingle('😀')).toBe(false)
  })
})

describe('a character', () => {
  it('is certain where terminals of every age agree', () => {
    for (const one of ' ~aéßЖα─█かカ漢한') expect([one, isCertain(one)]).toEqual([one, true])
    for (const one of ['', '\u00ad', '…', '→', '①', '😀', 'e\u0301', 'ab', '漢字', '\u0300', '\x7f', '\x80'])
      expect([one, isCertain(one)]).toEqual([one, false])
  })
})
