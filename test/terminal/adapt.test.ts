import { describe, expect, it } from 'vitest'
import { adaptTo } from '../../src/terminal/adapt.ts'
import { adjusted, type Profile, profiles } from '../../src/terminal/profile.ts'
import {
  backgroundOf,
  blink,
  bold,
  dim,
  foregroundOf,
  graphic,
  inverse,
  italic,
  plain,
  strike,
  styleOf,
  underline,
} from '../../src/terminal/style.ts'

const xterm = profiles.xterm as Profile
const linux = profiles.linux as Profile
const vt100 = profiles.vt100 as Profile
const wishes = { colour: true, ascii: false, utf8: true }

describe('the colours of a terminal', () => {
  /** The 256 of the palette in its first 16: those, the cube of 6 x 6 x 6, and the greys. */
  const in16 = [
    '0123456789abcdef',
    '00444c 00444c 22664c 22666e 22266e aaaeee',
    '00444c 00444c 22664c 22666e 22266e aaaeee',
    '11554c 11554c 33774c 33776e 22266e aaaeee',
    '11555d 11555d 33775d 33777f 33377f bbbfff',
    '11155d 11155d 11155d 33377f 33377f bbbfff',
    '999ddd 999ddd 999ddd bbbfff bbbfff bbbfff',
    '000088888888777777ffffff',
  ].flatMap((line) => [...line.replaceAll(' ', '')].map((digit) => Number.parseInt(digit, 16)))

  const numbers = Array.from({ length: 256 }, (_, i) => i)

  it('of which it has sixteen are the nearest ones', () => {
    const adapt = adaptTo({ ...xterm, colours: 16 })
    const shown = numbers.map((i) => adapt('x', 1, styleOf(0, i + 1, 256 - i))[0]?.style ?? 0)
    expect(shown.map((style) => foregroundOf(style) - 1)).toEqual(in16)
    expect(shown.map((style) => backgroundOf(style) - 1)).toEqual(in16.toReversed())
  })

  it('of which it has eight are bold where they are bright, and dark behind the text', () => {
    const adapt = adaptTo(linux)
    for (const i of numbers) {
      const near = in16[i] ?? 0
      expect(adapt('x', 1, styleOf(underline, i + 1))).toEqual([
        { text: 'x', style: styleOf(near > 7 ? underline | bold : underline, (near % 8) + 1) },
      ])
      expect(adapt('x', 1, styleOf(0, 0, i + 1))).toEqual([
        { text: 'x', style: styleOf(0, 0, (near % 8) + 1) },
      ])
    }
    expect(adaptTo({ ...linux, attributes: underline })('x', 1, styleOf(0, 10))[0]?.style).toBe(styleOf(0, 2))
  })

  it('are as many as there are, or none', () => {
    const all = styleOf(0, 203, 18)
    expect(adaptTo({ ...xterm, colours: 256 })('x', 1, all)).toEqual([{ text: 'x', style: all }])
    expect(adaptTo(vt100)('x', 1, all)).toEqual([{ text: 'x', style: plain }])
    expect(adaptTo(linux)('x', 1, plain)).toEqual([{ text: 'x', style: plain }])
  })

  it('go with the attributes that it has', () => {
    const all = bold | dim | italic | underline | blink | inverse | strike
    expect(adaptTo(vt100)('x', 1, all)[0]?.style).toBe(bold | underline | blink | inverse)
    expect(adaptTo(xterm)('x', 1, all)[0]?.style).toBe(all)
  })
})

describe('the characters of a terminal', () => {
  const places = {
    utf8: adaptTo(xterm),
    dec: adaptTo(vt100),
    ascii: adaptTo(adjusted(vt100, { ...wishes, ascii: true })),
    /** lines in ASCII are wanted, of all else there is everything */
    'utf8 with lines in ascii': adaptTo(adjusted(xterm, { ...wishes, ascii: true })),
  }

  it.each([
    ['a', 1, ['a'], ['a'], ['a'], ['a']],
    ['~', 1, ['~'], ['~'], ['~'], ['~']],
    ['é', 1, ['é'], ['e'], ['e'], ['é']],
    ['e\u0301\u0323', 1, ['ẹ́'], ['e'], ['e'], ['ẹ́']],
    ['ß', 1, ['ß'], ['s'], ['s'], ['ß']],
    ['…', 1, ['…'], ['~'], ['~'], ['…']],
    ['\u00a0', 1, ['\u00a0'], [' '], [' '], ['\u00a0']],
    ['─', 1, ['─'], ['^q'], ['-'], ['-']],
    ['█', 1, ['█'], ['#'], ['#'], ['#']],
    ['°', 1, ['°'], ['^f'], ['o'], ['o']],
    ['π', 1, ['π'], ['^{'], ['p'], ['p']],
    ['Ж', 1, ['Ж'], ['?'], ['?'], ['Ж']],
    ['!\u0338', 1, ['!\u0338'], ['!'], ['!'], ['!\u0338']],
    ['~\u0301', 1, ['~\u0301'], ['~'], ['~'], ['~\u0301']],
    ['\u0301', 1, ['\u0301'], ['?'], ['?'], ['\u0301']],
    ['漢', 2, ['漢', ''], ['?', '?'], ['?', '?'], ['漢', '']],
    ['Ａ', 2, ['Ａ', ''], ['?', '?'], ['?', '?'], ['Ａ', '']],
    ['が', 2, ['が', ''], ['?', '?'], ['?', '?'], ['が', '']],
    ['→', 2, ['→', ''], ['>', ' '], ['>', ' '], ['→', '']],
    ['👩‍👩‍👧', 2, ['👩', ''], ['?', '?'], ['?', '?'], ['👩', '']],
    ['❤️', 2, ['❤', ''], ['?', '?'], ['?', '?'], ['❤', '']],
  ] as const)('%j of %i columns', (grapheme, columns, utf8, dec, ascii, mixed) => {
    const shown = Object.values(places).map((adapt) =>
      // Once more: what is known by now is the same.
      [adapt, adapt].map((again) =>
        again(grapheme, columns, bold).map(({ text, style }) => (style & graphic ? `^${text}` : text)),
      ),
    )
    expect(shown).toEqual([utf8, dec, ascii, mixed].map((cells) => [cells, cells]))
  })

  it('keep their style, but of a blank only what is seen', () => {
    const style = bold | underline
    expect(places.dec('─', 1, style)).toEqual([{ text: 'q', style: style | graphic }])
    expect(places.dec('→', 2, style)).toEqual([
      { text: '>', style },
      { text: ' ', style: underline },
    ])
    expect(places.dec(' ', 1, style)).toEqual([{ text: ' ', style: underline }])
    expect(places.utf8('漢', 2, style)).toEqual([
      { text: '漢', style },
      { text: '', style },
    ])
  })

  it('are the same however many others there were', () => {
    for (let i = 0; i < 6000; i++) places.dec(String.fromCodePoint(0x4e00 + i), 2, plain)
    expect(places.dec('é', 1, plain)).toEqual([{ text: 'e', style: plain }])
  })
})
