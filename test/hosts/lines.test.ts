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
    expect(splitter.tooLong).toBe(0)
    splitter.take('6')
    expect(splitter.tooLong).toBe(1)
    splitter.take('7\n1')
    expect(splitter.tooLong).toBe(1)
    splitter.take('23456\n1234567\n')
    expect(splitter.tooLong).toBe(3)
  })
})
