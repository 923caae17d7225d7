import { describe, expect, it } from 'vitest'
import { Lines } from '../../src/hosts/lines.ts'

describe('Lines', () => {
  it.each([
    [['a\nb\nc'], ['a', 'b']],
    [
      ['a', 'b\n', '\n', 'c\n'],
      ['ab', '', 'c'],
    ],
    [['12345\n123456\n1\n'], ['12345', '1']],
    [['123', '456', '\n12', '3\n'], ['123']],
    [[''], []],
  ])('cuts %j into %j', (pieces, lines) => {
    const splitter = new Lines(5)
    expect(pieces.flatMap((piece) => splitter.take(piece))).toEqual(lines)
  })

  it('knows of a line that is too long before it ends', () => {
    const splitter = new Lines(5)
    splitter.take('1\n12345')
    expect(splitter.isTooLong).toBe(false)
    splitter.take('6')
    expect(splitter.isTooLong).toBe(true)
    splitter.take('7\n1')
    expect(splitter.isTooLong).toBe(false)
  })
})
