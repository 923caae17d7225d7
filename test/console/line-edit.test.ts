import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editLine, lineOf, type TypedText } from '../../src/console/line-edit.ts'

/** The line after these keys, with `|` for the cursor. */
function after(text: string, ...keys: string[]): string {
  const line = keys.reduce<TypedText>((line, key) => editLine(line, key) ?? line, lineOf(text))
  const characters = [...line.text]
  return `${characters.slice(0, line.cursor).join('')}|${characters.slice(line.cursor).join('')}`
}

describe('editLine', () => {
  it.each([
    ['types at the cursor', 'ac', ['left', 'b'], 'ab|c'],
    ['types a blank', 'a', [' '], 'a |'],
    ['goes to the ends', 'abc', ['home', 'x', 'end', 'y'], 'xabcy|'],
    ['goes to the ends as in a shell', 'abc', ['ctrl-a', 'x', 'ctrl-e', 'y'], 'xabcy|'],
    ['stays inside the text', 'a', ['left', 'left', 'left', 'right', 'right', 'right'], 'a|'],
    ['takes the character before the cursor', 'abc', ['left', 'backspace'], 'a|c'],
    ['takes nothing before the first', 'a', ['home', 'backspace'], '|a'],
    ['takes the character under the cursor', 'abc', ['home', 'delete'], '|bc'],
    ['takes nothing behind the last', 'a', ['delete'], 'a|'],
    ['takes all before the cursor', 'abc', ['left', 'ctrl-u'], '|c'],
    ['takes all behind the cursor', 'abc', ['home', 'right', 'ctrl-k'], 'a|'],
    ['takes the word before the cursor', 'one two  ', ['ctrl-w'], 'one |'],
    ['takes a character that is two UTF-16 units as one', 'a𝄞b', ['left', 'backspace'], 'a|b'],
    ['goes over it in one step', '𝄞', ['left', 'x'], 'x|𝄞'],
  ])('%s', (_what, text, keys, expected) => {
    expect(after(text, ...keys)).toBe(expected)
  })

  it('leaves keys that do not edit to others', () => {
    for (const key of ['return', 'escape', 'up', 'down', 'tab', 'pageup', 'ctrl-l', ''])
      expect(editLine(lineOf('a'), key)).toBeUndefined()
  })

  it('keeps the cursor inside the text whatever is pressed', () => {
    const keys = fc.constantFrom(
      'a',
      '𝄞',
      ' ',
      'left',
      'right',
      'home',
      'end',
      'backspace',
      'delete',
      'ctrl-w',
      'ctrl-k',
      'ctrl-u',
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(keys), (text, pressed) => {
        const line = pressed.reduce<TypedText>((one, key) => editLine(one, key) ?? one, lineOf(text))
        expect(line.cursor).toBeGreaterThanOrEqual(0)
        expect(line.cursor).toBeLessThanOrEqual([...line.text].length)
      }),
    )
  })
})
