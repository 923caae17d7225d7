import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeyPress } from '../../src/terminal/key-names.ts'
import { KeyDecoder } from '../../src/terminal/keys.ts'

const decode = (...pieces: (string | Uint8Array)[]): string[] => {
  const decoder = new KeyDecoder()
  return pieces.flatMap((piece) => decoder.feed(Buffer.from(piece as string, 'latin1'))).map(name)
}

const name = (press: KeyPress) => ('key' in press ? press.key : `paste:${press.paste}`)

describe('keys', () => {
  it.each([
    ['xterm', '\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F', 'up down right left home end'],
    ['application mode', '\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF', 'up down right left home end'],
    [
      'VT220 editing keys',
      '\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~',
      'home insert delete end pageup pagedown',
    ],
    ['rxvt', '\x1b[7~\x1b[8~', 'home end'],
    ['PF1 to PF4', '\x1bOP\x1bOQ\x1bOR\x1bOS', 'f1 f2 f3 f4'],
    ['F1 to F5 of the Linux console', '\x1b[[A\x1b[[B\x1b[[C\x1b[[D\x1b[[E', 'f1 f2 f3 f4 f5'],
    [
      'F1 to F10',
      '\x1b[11~\x1b[12~\x1b[13~\x1b[14~\x1b[15~\x1b[17~\x1b[18~\x1b[19~\x1b[20~\x1b[21~',
      'f1 f2 f3 f4 f5 f6 f7 f8 f9 f10',
    ],
    [
      'F11 to F20',
      '\x1b[23~\x1b[24~\x1b[25~\x1b[26~\x1b[28~\x1b[29~\x1b[31~\x1b[32~\x1b[33~\x1b[34~',
      'f11 f12 f13 f14 f15 f16 f17 f18 f19 f20',
    ],
    ['Shift and F1 in xterm', '\x1b[1;2P\x1b[1;2Q\x1b[15;2~', 'f13 f14 f17'],
    ['the keypad', '\x1bOp\x1bOy\x1bOm\x1bOl\x1bOn\x1bOM\x1bOj\x1bOk\x1bOo', '0 9 - , . return * + /'],
    ['8-bit CSI and SS3', '\x9bA\x9b6~\x8fP', 'up pagedown f1'],
    ['8-bit CSI as UTF-8 carries it', '\xc2\x9bA', 'up'],
    ['modifiers', '\x1b[1;5C\x1b[1;3A\x1b[1;2B', 'ctrl-right meta-up down'],
    ['Backspace either way', '\x08\x7f', 'backspace backspace'],
    ['controls', '\r\n\t\x0c\x03\x1a\x1b[Z', 'return return tab ctrl-l ctrl-c ctrl-z backtab'],
    ['Meta', '\x1bx\x1b\r', 'meta-x meta-return'],
    [
      "kitty's protocol, left on",
      '\x1b[97u\x1b[97;1u\x1b[97;5u\x1b[97;3u\x1b[9;2u\x1b[127u\x1b[32u\x1b[57399u\x1b[57414u\x1b[57419u\x1b[57376u\x1b[228u',
      'a a ctrl-a meta-a backtab backspace   0 return up f13 ä',
    ],
    [
      'letters that it tells with Shift',
      '\x1b[97;2u\x1b[97:65;2u\x1b[50:64;2u\x1b[97;2;65u\x1b[50;2;64u',
      'A A @ A @',
    ],
    [
      'keys that it tells when they are let go',
      '\x1b[97;1:1u\x1b[97;1:3u\x1b[1;1:3A\x1b[5;1:3~\x1b[1;5:1C',
      'a ctrl-right',
    ],
    ['locks', '\x1b[99;133u\x1b[97;65u\x1b[1;129A', 'ctrl-c a up'],
    [
      'Ctrl in these modes, as always',
      '\x1b[105;5u\x1b[109;5u\x1b[91;5u\x1b[115;5u\x1b[67;6u',
      'tab return escape ctrl-c',
    ],
    [
      "xterm's modifyOtherKeys, left on",
      '\x1b[27;5;99~\x1b[27;3;120~\x1b[27;2;65~\x1b[27;5;13~\x1b[27;7;97~',
      'ctrl-c meta-x A ctrl-return meta-ctrl-a',
    ],
    [
      'what these modes have of other keys',
      '\x1b[57358u\x1b[57441;2u\x1b[1114112u\x1b[55296u\x1b[u\x1b[27;5~',
      '',
    ],
    ['characters', 'mK/ \xc3\x9f\xe6\xbc\xa2', 'm K /   ß 漢'],
  ])('of %s', (_, bytes, keys) => {
    expect(decode(bytes).join(' ')).toBe(keys)
  })

  it.each([
    [0x1f, 1, ''],
    [0x20, 1, ' '],
    [0x7e, 1, '~'],
    [0x7f, 1, 'backspace'],
    [0x80, 1, ''],
    [0x9f, 1, ''],
    [0xa0, 1, '\u00a0'],
    [0xd7ff, 1, '\ud7ff'],
    [0xd800, 1, ''],
    [0xf8ff, 1, ''],
    [0xf900, 1, '\uf900'],
    [0x1f600, 1, '😀'],
    [0x10ffff, 1, '\u{10ffff}'],
    [0x110000, 1, ''],
    [0x110000, 5, ''],
    [0x61, 2, 'A'],
    [0x7a, 2, 'Z'],
    [0x60, 2, '`'],
    [0x7b, 2, '{'],
    [0x60, 5, ''],
    [0x40, 5, ''],
    [0x3f, 5, ''],
    [0x20, 5, ''],
    [0x7a, 5, 'ctrl-z'],
    [0x5c, 5, ''],
    [0x5b, 7, 'meta-escape'],
    [0x80, 5, ''],
    [0xe4, 5, ''],
    [0xe4, 3, 'meta-ä'],
    [57_399, 1, '0'],
    [57_408, 1, '9'],
    [57_416, 1, ','],
    [57_417, 1, 'left'],
    [57_427, 1, 'begin'],
    [57_428, 1, ''],
    [57_376, 1, 'f13'],
    [57_383, 1, 'f20'],
    [57_384, 1, ''],
    [57_398, 1, ''],
  ])('of the code %i with the modifiers %i, as kitty and xterm tell it', (code, modifiers, key) => {
    expect(decode(`\x1b[${code};${modifiers}u`).join(' ')).toBe(key)
    if (code < 57_000) expect(decode(`\x1b[27;${modifiers};${code}~`).join(' ')).toBe(key)
  })

  it('are the same however the bytes come apart', () => {
    const bytes = 'a\x1b[A\x1bOP\x1b[24~\x9b5~\xc3\x9f\x1b[[B\x1b[1;5Dq\x1b[200~p\xc3\xa9\x1b[201~z'
    const whole = decode(bytes)
    expect(whole).toEqual(['a', 'up', 'f1', 'f12', 'pageup', 'ß', 'f2', 'ctrl-left', 'q', 'paste:pé', 'z'])
    expect(decode(...bytes)).toEqual(whole)
    for (let at = 1; at < bytes.length; at++)
      expect(decode(bytes.slice(0, at), bytes.slice(at))).toEqual(whole)
  })

  it('make Esc of a lone ESC when nothing more comes, and nothing of a beginning', () => {
    const decoder = new KeyDecoder({ escape: 150, sequence: 600, paste: 2000 })
    expect(decoder.feed(Buffer.from('\x1b'))).toEqual([])
    expect(decoder.wait).toBe(150)
    expect(decoder.giveUp()).toEqual([{ key: 'escape' }])
    expect(decoder.feed(Buffer.from('\x1b['))).toEqual([])
    expect(decoder.wait).toBe(600)
    expect(decoder.giveUp()).toEqual([])
    expect(decoder.wait).toBeUndefined()
  })

  it('never are XON, XOFF or NUL', () => {
    expect(decode('a\x11\x13\x00b')).toEqual(['a', 'b'])
  })

  it('pass over noise and answers that nobody asked for', () => {
    expect(decode('\xff\xfe\xc0a\x1b[?62;1c\x1b[24;80R\x1b[<0;3;4Mb\x1c\x80c')).toEqual(['a', 'b', 'c'])
    expect(decode(`\x1b[${'1'.repeat(100)}Aq`)).toEqual(['q'])
    expect(decode('\x1b[\x13A\x1b\x11[B')).toEqual(['up', 'down'])
  })

  it('pass over strings and mouse reports whole, whatever they hold', () => {
    expect(decode('a\x1bP1+r544e=q\x1b\\b\x1b]11;rgb:ffff/q\x07c\x1b_q\x1b\\d\x1b[Mqqqe')).toEqual([
      ...'abcde',
    ])
    expect(decode(...'\x1b]0;hi q\x07x')).toEqual(['x'])
    expect(decode(`\x1bP${'q'.repeat(5000)}`, 'x')).not.toContain('escape')
    const decoder = new KeyDecoder()
    decoder.feed(Buffer.from('\x1b]'))
    expect(decoder.giveUp()).toEqual([{ key: 'meta-]' }])
    decoder.feed(Buffer.from('\x1bXjq'))
    expect(decoder.giveUp()).toEqual([{ key: 'meta-X' }, { key: 'j' }, { key: 'q' }])
  })

  it('give a text that was pasted as one, whatever it holds', () => {
    expect(decode('\x1b[200~y\rq\x1b[A\x1b[201~x')).toEqual(['paste:y\rq\x1b[A', 'x'])
  })

  it('drop the rest of a pasted text that went quiet before its end', () => {
    const decoder = new KeyDecoder()
    decoder.feed(Buffer.from('\x1b[200~hello '))
    expect(decoder.giveUp()).toEqual([{ paste: 'hello ' }])
    expect(decoder.feed(Buffer.from('world dy'))).toEqual([])
    expect(decoder.feed(Buffer.from(' and more\x1b[201~q'))).toEqual([{ key: 'q' }])
    decoder.feed(Buffer.from('\x1b[200~one'))
    decoder.giveUp()
    expect(decoder.feed(Buffer.from('\x1b[200~two\x1b[201~'))).toEqual([{ paste: 'two' }])
  })

  it('drop a string control of any length up to its end', () => {
    const decoder = new KeyDecoder()
    const long = `\x1b]52;c;${'X'.repeat(9000)}dy`
    expect(decoder.feed(Buffer.from(long))).toEqual([])
    expect(decoder.feed(Buffer.from('dy\x1b'))).toEqual([])
    expect(decoder.feed(Buffer.from('\\q'))).toEqual([{ key: 'q' }])
    decoder.feed(Buffer.from(long))
    expect(decoder.wait).toBe(600)
    expect(decoder.giveUp()).toEqual([])
    expect(decoder.feed(Buffer.from('q'))).toEqual([{ key: 'q' }])
  })

  it('come again after a pasted text that never ended', () => {
    const decoder = new KeyDecoder()
    decoder.feed(Buffer.from('\x1b[200~text'))
    expect(decoder.wait).toBe(2000)
    expect(decoder.giveUp()).toEqual([{ paste: 'text' }])
    expect(decoder.feed(Buffer.from('q'))).toEqual([{ key: 'q' }])
  })

  it('are no part of what was given up before them, however much of it was taken for keys', () => {
    const decoder = new KeyDecoder()
    decoder.feed(Buffer.from([0x1b, 0x58, 0x8f]))
    expect(decoder.giveUp()).toEqual([{ key: 'meta-X' }])
    expect(decoder.feed(Buffer.from('q'))).toEqual([{ key: 'q' }])
  })

  it('come of any bytes without a throw, and what follows the noise is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const decoder = new KeyDecoder()
        const presses = decoder.feed(noise)
        for (const press of presses) if ('key' in press) expect(press.key).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
        decoder.giveUp()
        expect(decoder.feed(Buffer.from('q'))).toEqual([{ key: 'q' }])
      }),
    )
  })
})
