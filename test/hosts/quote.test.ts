import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quote } from '../../src/hosts/quote.ts'

/** What a real sh makes of the text: the words it passes on. */
function shellWords(text: string): string[] {
  const said = execFileSync('sh', ['-c', `printf '%s\\0' ${text}`], { maxBuffer: 2 ** 26 })
  return said.toString('utf8').split('\0').slice(0, -1)
}

const hostile = [
  '',
  '-',
  '-n',
  '--',
  '~',
  '~root',
  '*',
  '?',
  '[a-z]*',
  '{a,b}',
  '$(id)',
  '`id`',
  '$HOME',
  '$\u007bHOME}',
  '!!',
  '!$',
  "it's",
  "''",
  "'\\''",
  '"',
  '\\',
  '\\\\',
  '\\n',
  ' ',
  '\t',
  '\n',
  '\r\n',
  'a\nb',
  ';reboot',
  '&',
  '|',
  '>x',
  '<x',
  '#no comment',
  'a=b',
  '=ls',
  '^x^y',
  'é',
  '\u202e',
  '😀',
]

describe('quote', () => {
  it('gives sh back the very words, for hostile ones', () => {
    expect(shellWords(quote(hostile))).toEqual(hostile)
  })

  it('gives sh back every character below U+0800 but NUL, alone and all together', () => {
    const each = Array.from({ length: 0x7ff }, (_, index) => String.fromCodePoint(index + 1))
    expect(shellWords(quote([...each, each.join('')]))).toEqual([...each, each.join('')])
  })

  it('gives sh back any list of words', () => {
    const shelly = fc.string({
      unit: fc.constantFrom(...'\'"\\$`(){}[]<>|&;*?~!#=%-+ \t\n\r\u0001\u007fa1é'),
    })
    const word = fc.oneof(shelly, fc.string({ unit: 'binary' })).filter((text) => !text.includes('\0'))
    const words = fc.array(word, { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(words, (argv) => {
        expect(shellWords(quote(argv))).toEqual(argv)
      }),
      { numRuns: 60 },
    )
  })

  it('leaves plain words bare, so that a plan can be read', () => {
    expect(quote(['virsh', '-c', 'qemu:///system', 'dominfo', '--', 'web-1'])).toBe(
      'virsh -c qemu:///system dominfo -- web-1',
    )
  })

  it('refuses what no argument can hold', () => {
    expect(() => quote(['a\0b'])).toThrow(/NUL/)
    expect(() => quote(['\ud800'])).toThrow(/Unicode/)
  })
})
