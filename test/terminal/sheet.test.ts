import { describe, expect, it } from 'vitest'
import { adaptTo } from '../../src/terminal/adapt.ts'
import { adjusted, type Profile, profiles } from '../../src/terminal/profile.ts'
import { focusMark, Sheet } from '../../src/terminal/sheet.ts'
import { Stamp } from '../../src/terminal/stamp.ts'
import { bold, graphic, inverse, plain, styleOf } from '../../src/terminal/style.ts'

const xterm = profiles['xterm-256color'] as Profile
const vt100 = profiles.vt100 as Profile

const sheetOf = (text: string, profile = xterm, columns = 20, rows = 4) => {
  const sheet = new Sheet(columns, rows, adaptTo(profile))
  sheet.write(text)
  return sheet
}

const textOf = (sheet: Sheet) => sheet.grid().map(({ text }) => text.join('').trimEnd())
const stylesOf = (sheet: Sheet) => sheet.grid()[0]?.styles ?? []

describe('a sheet', () => {
  it('keeps what is written, line by line', () => {
    expect(textOf(sheetOf('one\ntwo\r\nthree'))).toEqual(['one', 'two', 'three', ''])
  })

  it('follows what Ink sends between two frames', () => {
    const sheet = sheetOf('aaaa\nbbbb\ncccc\ndddd')
    sheet.write('\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K\x1b[G1\n2\n3\n4')
    expect(textOf(sheet)).toEqual(['1', '2', '3', '4'])
    sheet.write('\x1b[1;1H\x1b[Jx')
    expect(textOf(sheet)).toEqual(['x', '', '', ''])
    sheet.write('\x1b[?25l\x1b[?2026h\x1b[?1049h\x1b[2;3Hy\x1b[E\x1b[4Gz')
    expect(textOf(sheet)).toEqual(['x', '  y', '   z', ''])
  })

  it('cuts at the right edge and forgets what is below the lower one', () => {
    expect(textOf(sheetOf('abcdefgh\n2\n3', xterm, 4, 2))).toEqual(['abcd', '2'])
    expect(textOf(sheetOf('ab漢漢', xterm, 5, 1))).toEqual(['ab漢'])
  })

  it('leaves no half of a wide character', () => {
    const sheet = sheetOf('漢字\x1b[2Gx')
    expect(sheet.grid()[0]?.text.slice(0, 5)).toEqual([' ', 'x', '字', '', ' '])
    expect(sheetOf('漢\x1b[1Gx').grid()[0]?.text.slice(0, 2)).toEqual(['x', ' '])
  })

  it('reads attributes and colours', () => {
    expect(stylesOf(sheetOf('\x1b[1;7mab\x1b[22mc\x1b[0md')).slice(0, 4)).toEqual([
      bold | inverse,
      bold | inverse,
      inverse,
      plain,
    ])
    expect(stylesOf(sheetOf('\x1b[38;5;202;44mx\x1b[91my\x1b[39;49mz')).slice(0, 3)).toEqual([
      styleOf(0, 203, 5),
      styleOf(0, 10, 5),
      plain,
    ])
  })

  it('knows where the person looks: the last mark counts, and an erased one does not', () => {
    const sheet = sheetOf(
      `a\n${focusMark.selected}>${focusMark.end} b\n: ${focusMark.typing} ${focusMark.end}`,
    )
    expect(sheet.focus).toEqual({ row: 2, column: 2, typing: true })
    expect(textOf(sheet)).toEqual(['a', '> b', ':', ''])
    sheet.write('\x1b[H\x1b[Jnothing')
    expect(sheet.focus).toBeUndefined()
  })

  it('puts a line in the place of its stamp, each time anew', () => {
    const stamp = new Stamp().of(`\x1b[1mbold\x1b[m ${focusMark.selected}>${focusMark.end}`)
    const sheet = sheetOf(`${stamp}\n  ${stamp}!\n${stamp}?`)
    expect(textOf(sheet)).toEqual(['bold >', '  bold >!', 'bold >?', ''])
    expect(sheet.focus).toEqual({ row: 2, column: 5, typing: false })
    sheet.write(`\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K\x1b[G${stamp}\n${stamp}\nx`)
    expect(textOf(sheet)).toEqual(['bold >', 'bold >', 'x', ''])
    expect(stylesOf(sheet).slice(0, 5)).toEqual([bold, bold, bold, bold, plain])
    expect(sheet.focus).toEqual({ row: 1, column: 5, typing: false })
  })

  it('shows a line by its stamp however many others there were since', () => {
    const [title, row] = [new Stamp(), new Stamp()]
    const kept = title.of('the title')
    for (let i = 0; i < 200_000; i++) row.of(`row ${i}`)
    expect(textOf(sheetOf(`${kept}\n${row.of('row 199999')}`))).toEqual(['the title', 'row 199999', '', ''])
    expect(row.of('a')).not.toBe(row.of('b'))
    expect(row.of('b')).toBe(row.of('b'))
    row.release()
    expect(new Stamp().of('next')).not.toBe(kept)
  })

  it('is not disturbed by controls that it does not know, nor by broken ones', () => {
    expect(textOf(sheetOf('a\x1b]0;title\x07b\x1b(Bc\x1b[?7hd\x1b[5ne\x07\x00f\x1b['))).toEqual([
      'abcdef',
      '',
      '',
      '',
    ])
  })
})

describe('what a terminal shows', () => {
  const ascii = adjusted(vt100, { colour: true, ascii: true, utf8: false })

  it('has lines from its own set on a VT100, and in ASCII where that is wanted', () => {
    const sheet = sheetOf('┌─┐█', vt100)
    expect(textOf(sheet)[0]).toBe('lqk#')
    expect(stylesOf(sheet).slice(0, 4)).toEqual([graphic, graphic, graphic, plain])
    expect(textOf(sheetOf('┌─┐█', ascii))[0]).toBe('+-+#')
  })

  it('has letters without accents where there is only ASCII, and a mark for all else', () => {
    expect(textOf(sheetOf('Zoë…漢e\u0301\u0323x', vt100))[0]).toBe('Zoe~??ex')
  })

  it('has as many colours as the terminal', () => {
    const colour = (profile: Profile, sgr: string) => stylesOf(sheetOf(`\x1b[${sgr}mx`, profile))[0]
    expect(colour(vt100, '31;44')).toBe(plain)
    expect(colour(profiles.linux as Profile, '38;5;196')).toBe(styleOf(bold, 2))
    expect(colour(profiles.linux as Profile, '91')).toBe(styleOf(bold, 2))
    expect(colour(xterm, '38;5;196')).toBe(styleOf(0, 197))
  })

  it('has the first of several emoji in one', () => {
    expect(sheetOf('👩‍👩‍👧x').grid()[0]?.text.slice(0, 3)).toEqual(['👩', '', 'x'])
  })
})
