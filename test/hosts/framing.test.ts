import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Framing } from '../../src/hosts/framing.ts'

/** All answers to what came in these pieces. */
function answersOf(ends: readonly string[], pieces: readonly string[]): (string | undefined)[] {
  const framing = new Framing()
  for (const end of ends) framing.expect(end)
  for (const piece of pieces) framing.take(Buffer.from(piece))
  return Array.from({ length: framing.ready }, () => framing.fetch()?.toString())
}

describe('Framing', () => {
  it.each([
    ['an answer of lines', 'a\nb\nEND1\n', ['a\nb\n']],
    ['an empty one', 'END1\n', ['']],
    ['two at once', 'a\nEND1\nb\nEND2\n', ['a\n', 'b\n']],
    ['two that are empty', 'END1\nEND2\n', ['', '']],
    ['no end within a line', 'xEND1\nEND1x\nEND1\n', ['xEND1\nEND1x\n']],
    ['no end that is not whole', 'a\nEND1', []],
    ['no end of another answer', 'END2\nEND1\n', ['END2\n']],
  ])('finds %s, in whatever pieces it comes', (_what, text, answers) => {
    expect(answersOf(['END1', 'END2'], [text])).toEqual(answers)
    expect(answersOf(['END1', 'END2'], [...text])).toEqual(answers)
  })

  it('gives what was left without an end', () => {
    const framing = new Framing()
    framing.take(Buffer.from('banner\n'))
    framing.expect('END')
    framing.take(Buffer.from('a\nEN'))
    expect(framing.remains()).toBe('banner\na\nEN')
    framing.take(Buffer.from('D\nlast words'))
    expect([framing.fetch()?.toString(), framing.remains()]).toEqual(['banner\na\n', 'last words'])
  })

  it('keeps no piece for a short answer that came in it, nor for what is left of it', () => {
    const framing = new Framing()
    for (const end of ['END1', 'END2']) framing.expect(end)
    const piece = Buffer.from('a\nEND1\n')
    framing.take(piece)
    piece.fill('x')
    framing.take(Buffer.from('END2\n'))
    expect([framing.fetch()?.toString(), framing.fetch()?.toString()]).toEqual(['a\n', ''])
  })

  it('finds an end that is in two pieces, the second of which is long', () => {
    expect(answersOf(['END1', 'END2'], ['a\nEN', `D1\n${'b'.repeat(100)}\nEND`, '2\n'])).toEqual([
      'a\n',
      `${'b'.repeat(100)}\n`,
    ])
  })

  it('says when an answer is more than it may be, in length or in lines, of one answer alone', () => {
    const passed = (...pieces: string[]) => {
      const framing = new Framing()
      const bound = { length: 10, lines: 3 }
      for (const end of ['END1', 'END2']) framing.expect(end, bound)
      for (const piece of pieces) framing.take(Buffer.from(piece))
      return framing.passed !== undefined
    }
    expect(passed('12345678\nEND1\n12345678\nEND2\n')).toBe(false)
    expect(passed('1234567890\nEND1\n')).toBe(true)
    expect(passed('12345', '67890', '123456')).toBe(true)
    expect(passed('\n\nEND1\n\n\nEND2\n')).toBe(false)
    expect(passed('\n\n\nEND1\n')).toBe(true)
  })

  it('lets go what is more than it may be, where that can be done without', () => {
    const framing = new Framing()
    framing.expect('END1', { length: 10, lines: 3, isOptional: true })
    framing.expect('END2')
    for (const piece of ['123456789', '0123456789', '\nEN', 'D1\nb\n']) framing.take(Buffer.from(piece))
    expect([framing.passed, framing.ready, framing.fetch()]).toEqual([undefined, 1, undefined])
    framing.take(Buffer.from('END2\n'))
    expect(framing.fetch()?.toString()).toBe('b\n')
  })

  it('gives the same however it is cut', () => {
    const line = fc.constantFrom('END1', 'END2', 'END', '', 'x', '1')
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat({ max: 8 }), { minLength: 1 }), (lines, sizes) => {
        const text = lines.map((one) => `${one}\n`).join('')
        const pieces: string[] = []
        for (let at = 0, i = 0; at < text.length; i++) {
          const size = 1 + (sizes[i % sizes.length] ?? 0)
          pieces.push(text.slice(at, at + size))
          at += size
        }
        expect(answersOf(['END1', 'END2'], pieces)).toEqual(answersOf(['END1', 'END2'], [text]))
      }),
    )
  })
})
