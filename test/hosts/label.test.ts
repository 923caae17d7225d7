import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { label, labelLines, say } from '../../src/hosts/label.ts'

describe('label', () => {
  it.each([
    ['printable ASCII', 'web-1 (up) 100%', 'web-1 (up) 100%'],
    ['letters of other scripts', 'Größe 東京', 'Größe 東京'],
    ['newline, carriage return, tab', 'a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['escape sequences', '\u001b[31mred', '\\e[31mred'],
    ['C0 controls', '\u0000\u0007\u001f', '\\x00\\x07\\x1f'],
    ['DEL', '\u007f', '\\x7f'],
    ['C1 controls, CSI among them', '\u0085\u009b2J', '\\x85\\x9b2J'],
    ['bidirectional marks', 'a\u202eb\u2066c\u200f', 'a\\u{202e}b\\u{2066}c\\u{200f}'],
    ['zero-width characters', 'a\u200bb\u200dc\ufeffd\u2060', 'a\\u{200b}b\\u{200d}c\\u{feff}d\\u{2060}'],
    ['blanks that are not U+0020', 'a\u00a0b\u3000c\u2003', 'a\\xa0b\\u{3000}c\\u{2003}'],
    ['line and paragraph separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['a lone surrogate', '\ud800', '\\u{d800}'],
    ['tags and private use', '\u{e0041}\ue000', '\\u{e0041}\\u{e000}'],
    ['variation selectors', 'a\ufe0f', 'a\\u{fe0f}'],
    ['a backslash', 'a\\nb', 'a\\\\nb'],
    ['the composed form', '\u00e9', '\u00e9'],
    ['the decomposed form', 'e\u0301', 'e\\u{301}'],
    ['decomposed Hangul', '\u1100\u1161', '\u1100\\u{1161}'],
    ['letters with a canonical twin', '\u212b', '\\u{212b}'],
  ])('shows %s', (_what, text, shown) => {
    expect(label(text)).toBe(shown)
  })

  it('cuts what is longer than anything with a meaning, never within a character, and says how much', () => {
    expect(label('x'.repeat(4096))).toBe('x'.repeat(4096))
    expect(label('x'.repeat(5000))).toBe(`${'x'.repeat(4032)}… (968 more characters)`)
    expect(label(`x${'\u{1f600}'.repeat(3000)}`)).toMatch(/^x(\u{1f600})+… \(\d+ more characters\)$/u)
    const once = label('x'.repeat(5000))
    expect(label(once)).toBe(once)
  })

  it('shows marks by number where there are more in a row than any script has', () => {
    expect(label(`a${'\u0301\u0327'.repeat(20)}`)).toBe(`a${'\\u{301}\\u{327}'.repeat(20)}`)
  })

  const tricky = fc.string({
    unit: fc.constantFrom(
      ...'\\ex19ban{}u0 \n\t\u001b\u009b\u0301\u0307\u0323\u00e9e\u212bA\u030a\u1100\u1161\u11a8\uac00\u200d\u202e\u00a0\ufe0f',
    ),
  })
  const any = fc.oneof(tricky, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))

  it('never gives two texts the same look, even to a terminal that composes marks', () => {
    fc.assert(
      fc.property(any, any, (one, other) => {
        fc.pre(one !== other)
        expect(label(one).normalize('NFC')).not.toBe(label(other).normalize('NFC'))
      }),
      { numRuns: 5000 },
    )
    fc.assert(
      fc.property(tricky, (text) => {
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
          const other = text.normalize(form)
          if (other !== text) expect(label(other).normalize('NFC')).not.toBe(label(text).normalize('NFC'))
        }
      }),
      { numRuns: 5000 },
    )
  })

  it('leaves nothing that a terminal acts on', () => {
    fc.assert(fc.property(any, (text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(label(text))))
  })
})

describe('labelLines', () => {
  it('splits lines, ends them in any style, and keeps tabs as blanks', () => {
    expect(labelLines('a\tb\r\nc\u001b\n')).toEqual(['a  b', 'c\\e'])
  })
})

describe('say', () => {
  it('joins the program’s own words with labels and numbers', () => {
    expect(say`${label('x\n')}: ${3} times \\`).toBe('x\\n: 3 times \\')
  })
})
