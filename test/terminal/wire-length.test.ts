import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wireLength } from '../../src/terminal/wire-length.ts'

it('counts the bytes of any text, with a carriage return before each line feed', () => {
  const character = fc.oneof(
    fc.constantFrom('\n', '\r', ' ', '\x7f', '\x80', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '😀'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  fc.assert(
    fc.property(fc.string({ unit: character }), (text) => {
      expect(wireLength(text)).toBe(Buffer.byteLength(text.replaceAll('\n', '\r\n')))
    }),
    { numRuns: 500 },
  )
})
