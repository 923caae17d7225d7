import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Framing } from '../../src/hosts/framing.ts'

/** All answers to what came in these pieces. */
function answersOf(ends: readonly string[], pieces: readonly string[]): (string | undefined)[] {
  const framing = new Framing()
  for (const end of ends) framing.expect(end)
  for (const piece of pieces) framing.take(piece)
  return Array.from({ length: framing.ready }, () => framing.fetch())
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

  it('counts what waits, and gives what was left without an end', () => {
    const framing = new Framing()
    framing.take('banner\n')
    framing.expect('END')
    framing.take('a\nEN')
    expect([framing.length, framing.remains()]).toEqual([11, 'banner\na\nEN'])
    framing.take('D\nlast words')
    expect([framing.fetch(), framing.length, framing.remains()]).toEqual(['banner\na\n', 10, 'last words'])
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
