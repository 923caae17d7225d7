import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layOut } from '../../src/components/Table.tsx'
import { themeFor } from '../../src/components/theme.ts'
import { label, say } from '../../src/hosts/label.ts'
import { cut, pad, width, wrap } from '../../src/text/fit.ts'
import { bytes, gauge, memory, percent, span } from '../../src/text/format.ts'
import type { Column } from '../../src/views/column.ts'
import { runningText } from '../../src/views/host/facts.ts'
import { host } from '../support/records.ts'

describe('runningText', () => {
  it('is a dash where a host has never told, and where it carries none', () => {
    const { running: _, machines: __, ...silent } = host('a')
    expect([host('a'), silent, host('a', { roles: ['balancer'] })].map(runningText)).toEqual([
      '3/5',
      '-',
      '-',
    ])
  })
})

describe('cut and pad', () => {
  it('leave what fits, and say with a ~ that something is missing', () => {
    expect(cut(say`kiosk-07`, 8)).toBe('kiosk-07')
    expect(cut(say`kiosk-07`, 5)).toBe('kios~')
    expect(cut(say`kiosk-07`, 1)).toBe('~')
    expect(cut(say`kiosk-07`, 0)).toBe('')
  })

  it('fill left or right', () => {
    expect(pad(say`ab`, 4)).toBe('ab  ')
    expect(pad(say`ab`, 4, 'right')).toBe('  ab')
  })

  it('count a wide character as two columns, and do not halve it', () => {
    expect(width(label('東京'))).toBe(4)
    expect(cut(label('東京'), 3)).toBe('東~')
    expect(pad(label('東京駅'), 4)).toBe('東~ ')
  })

  it('make every text exactly as wide as is wanted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 30 }), (text, columns) => {
        expect(width(pad(label(text), columns))).toBe(columns)
      }),
    )
  })
})

describe('wrap', () => {
  it('breaks at blanks, and in a word only where it is too long', () => {
    expect(wrap(say`one two three`, 7)).toEqual(['one two', 'three'])
    expect(wrap(say`abcdefghij k`, 4)).toEqual(['abcd', 'efgh', 'ij k'])
    expect(wrap(say``, 5)).toEqual([''])
    expect(wrap(label('\u732b\u732b'), 1)).toEqual(['\u732b', '\u732b'])
  })

  it('loses nothing and never exceeds the width', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom(...'abcß東-'), minLength: 1, maxLength: 20 }))
    fc.assert(
      fc.property(words, fc.integer({ min: 4, max: 40 }), (all, columns) => {
        const lines = wrap(label(all.join(' ')), columns)
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns)
        expect(lines.join('').replaceAll(' ', '')).toBe(all.join(''))
      }),
    )
  })
})

describe('numbers in columns', () => {
  it('are short', () => {
    expect([undefined, 524288, 2 ** 20, 1.55 * 2 ** 20, 128 * 2 ** 20].map(memory)).toEqual([
      '-',
      '512M',
      '1.0G',
      '1.6G',
      '128G',
    ])
    expect([undefined, 0, 9.94, 9.95, 99.6].map(percent)).toEqual(['-', '0.0%', '9.9%', '10%', '100%'])
    expect([undefined, 0, 999, 1000, 10_240, 3.4 * 2 ** 20, 2 ** 50].map(bytes)).toEqual([
      '-',
      '0',
      '999',
      '1.0K',
      '10K',
      '3.4M',
      '1024T',
    ])
    expect([undefined, 0, 99_999, 100_000, 6_000_000, 360_000_000].map(span)).toEqual([
      '-',
      '0s',
      '99s',
      '1m',
      '1h',
      '4d',
    ])
  })

  it('fill a bar from none to all, and not beyond', () => {
    expect([0, 50, 100, 250, -5].map((value) => gauge(value, 4))).toEqual([
      '[....]',
      '[##..]',
      '[####]',
      '[####]',
      '[....]',
    ])
  })
})

describe('layOut', () => {
  const column = (id: string, width: number, givesWay: number, grows?: number): Column<string> => ({
    id,
    title: label(id),
    width,
    givesWay,
    ...(grows ? { grows } : {}),
    cell: label,
  })
  const columns = [column('name', 10, 0, 20), column('cpu', 5, 1), column('title', 10, 2, 50)]
  const widths = (available: number) =>
    layOut(columns, available).map(({ column, width }) => [column.id, width])

  it('lets the least needed columns give way first, and never the ones that stay', () => {
    expect(widths(29)).toEqual([
      ['name', 10],
      ['cpu', 5],
      ['title', 10],
    ])
    expect(widths(28)).toEqual([
      ['name', 20],
      ['cpu', 5],
    ])
    expect(widths(17)).toEqual([['name', 15]])
    expect(widths(1)).toEqual([['name', 10]])
  })

  it('gives the room that is left to those that grow, up to their most', () => {
    expect(widths(200)).toEqual([
      ['name', 20],
      ['cpu', 5],
      ['title', 50],
    ])
  })
})

describe('themeFor', () => {
  it('has no colour where there is none', () => {
    for (const style of Object.values(themeFor({ colour: false, slow: false })))
      expect(style).not.toHaveProperty('colour')
    expect(themeFor({ colour: true, slow: false }).trouble.colour).toBe('red')
  })

  it('never tells by colour alone that something is wrong', () => {
    for (const colour of [true, false]) expect(themeFor({ colour, slow: false }).trouble.bold).toBe(true)
  })

  it('marks the selected row by its character alone on a slow line', () => {
    expect(themeFor({ colour: false, slow: true }).selected).toEqual({})
    expect(themeFor({ colour: false, slow: false }).selected).toEqual({ inverse: true })
  })
})
