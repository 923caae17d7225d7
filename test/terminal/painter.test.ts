import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adaptTo } from '../../src/terminal/adapt.ts'
import { blankGrid, type Grid } from '../../src/terminal/grid.ts'
import { Painter } from '../../src/terminal/painter.ts'
import { adjusted, type Profile, profiles, safest } from '../../src/terminal/profile.ts'
import { Sheet } from '../../src/terminal/sheet.ts'
import { wireLength } from '../../src/terminal/wire-length.ts'
import { framesOf, type Scene, scenes } from './support/frames.ts'
import { Replay } from './support/replay.ts'

const everywhere: Readonly<Record<string, Profile>> = {
  ...profiles,
  'xterm without UTF-8': adjusted(profiles.xterm as Profile, { colour: true, ascii: false, utf8: false }),
  'xterm-256color without colour, in ASCII': adjusted(profiles['xterm-256color'] as Profile, {
    colour: false,
    ascii: true,
    utf8: true,
  }),
  'an unknown one': safest,
}

/** xterm.js wraps late; where a terminal wraps at once the last cell stays free, and is not compared. */
const spared = (difference: string, profile: Profile, columns: number, rows: number) =>
  profile.wrap === 'immediate' && new RegExp(`^${rows - 1},(${columns - 1}|${columns - 2}):`).test(difference)

/** Blanks up to a text, that are repeated where the rest of the line is to be erased: what stood behind the text stayed. */
const blanksOverAnEdit: Scene = {
  columns: 80,
  rows: 3,
  changes: [
    [
      { kind: 'table', top: 0, height: 3, columns: [0, 0, 53] },
      { kind: 'text', row: 1, column: 3, text: 'aaaaaaaa', sgr: '' },
    ],
    [{ kind: 'clear' }, { kind: 'text', row: 1, column: 43, text: 'aaaaa', sgr: '' }],
  ],
}

describe.each(Object.entries(everywhere))('on %s', (_, profile) => {
  it('the bytes make exactly the frame, whatever stood there', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, fc.nat(200), async (scene, portion) => {
        const { columns, rows } = scene
        const painter = new Painter(profile, columns, rows)
        const replay = new Replay(
          columns,
          rows,
          `what a shell left\r\n$ \x1b[7m${profile.scrolls ? '\x1b[2;3r' : ''}${profile.setsTabs ? '\x1b[3C\x1bH' : ''}`,
        )
        await replay.write('')
        const before = replay.scrolledLines
        let sent = ''
        let seen: Grid | undefined
        for (const grid of framesOf(scene, profile)) {
          const cursor = { row: portion % rows, column: portion % columns }
          const frame = { grid, typing: portion % 2 > 0, cursor }
          // Whole, or in portions; some frames are given up half way for the next.
          if (portion < 50) {
            const bytes = painter.next(frame)
            sent += bytes
            await replay.write(bytes)
          } else
            for (let i = 0; i < (portion % 3 ? 1000 : 3); i++) {
              const bytes = painter.next(frame, [rows - 1, 0], portion, seen)
              sent += bytes
              await replay.write(bytes)
              if (!bytes) break
            }
          seen = portion % 4 ? grid : undefined
          const isWhole = portion < 50 || portion % 3 > 0
          if (!isWhole && !painter.isDone(frame)) continue
          expect(painter.isDone(frame)).toBe(true)
          const wrong = replay.differences(grid).filter((one) => !spared(one, profile, columns, rows))
          expect(wrong).toEqual([])
          // Hidden or not: braille displays, magnifiers and screen readers follow it.
          expect(replay.cursor).toEqual(cursor)
          // Only a scroll that is meant leaves by the upper edge.
          if (!/\x1b\[;\d+r/.test(sent)) expect(replay.scrolledLines).toBe(before)
        }
        // Others find a stop at every eighth column.
        await replay.write(`${painter.leave()}\r\t`)
        if (columns > 8) expect(replay.cursor.column).toBe(8)
        replay.dispose()
      }),
      { numRuns: Number(process.env.VDD_RUNS ?? 25), examples: [[blanksOverAnEdit, 0]] },
    )
  })

  it('the cursor goes with the selection, also where nothing else changes', async () => {
    const painter = new Painter(profile, 20, 5)
    const replay = new Replay(20, 5)
    for (const cursor of [1, 3, 2].map((row) => ({ row, column: 0 }))) {
      const frame = { grid: blankGrid(20, 5), typing: false, cursor }
      await replay.write(painter.next(frame))
      expect(replay.cursor).toEqual(cursor)
      expect(painter.next(frame)).toBe('')
    }
    replay.dispose()
  })
})

/** A screen of 40 x 12 with these lines, as this terminal shows it. */
function gridOf(profile: Profile, lines: readonly string[]) {
  const sheet = new Sheet(40, 12, adaptTo(profile))
  for (const [row, line] of lines.entries()) sheet.write(`\x1b[${row + 1}H${line}\x1b[m`)
  return sheet.grid()
}

/** What is sent to make the second screen of the first, with the cursor in the upper left corner before and after. */
function between(profile: Profile, first: readonly string[], second: readonly string[]): string {
  const painter = new Painter(profile, 40, 12)
  const [typing, cursor] = [true, { row: 0, column: 0 }]
  painter.next({ grid: gridOf(profile, first), typing, cursor })
  return painter.next({ grid: gridOf(profile, second), typing, cursor })
}

describe('the bytes', () => {
  const [vt100, vt102, vt220, xterm] = ['vt100', 'vt102', 'vt220', 'xterm'].map(
    (name) => profiles[name] as Profile,
  ) as [Profile, Profile, Profile, Profile]
  const list = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `${from + i} is a row of ${(from + i) ** 5} cells`)

  it.each([
    ['nothing', vt100, ['abc'], ['abc'], ''],
    ['one cell', vt100, ['abc'], ['abx'], 'abx\r'],
    ['two cells, of which the one between is written again', vt100, ['abcde'], ['xbyde'], 'xby\r'],
    ['two cells far apart', vt100, ['a       c'], ['x       y'], 'x\x1b[7Cy\r'],
    ['a look', vt100, ['abc'], ['a\x1b[1mbc'], 'a\x1b[1mbc\r'],
    ['the end of a line', vt100, ['abcdefgh'], ['abc'], 'abc\x1b[K\r'],
    ['three cells at the end', vt100, ['abcdef'], ['abc'], 'abc   \r'],
    ['a line, and another', vt100, ['', 'abc'], ['', 'xyz'], '\x1bDxyz\x1b[H'],
    ['many of the same', xterm, [''], ['----------'], '-\x1b[9b\r'],
    ['many of the same', vt220, [''], ['----------'], '----------\r'],
    ['many blanks within', vt220, ['abcdefghijkl'], ['a          l'], 'a\x1b[10X\b'],
    ['many blanks within', vt100, ['abcdefghijkl'], ['a          l'], 'a\x1b[K\x1b[10Cl\r'],
    [
      'gaps where a word stood',
      vt100,
      ['abcdefghijklmnopqrstuvwxyz'],
      ['a      h      o      v'],
      'a\x1b[K\x1b[6Ch\x1b[6Co\x1b[6Cv\r',
    ],
    [
      'a word within that is shorter',
      vt220,
      ['d Shut down  m Migrate  q Quit'],
      ['d Stop  m Migrate  q Quit'],
      'd S\x1b[5Ptop\r',
    ],
    [
      'a word within that is longer',
      vt220,
      ['d Stop  m Migrate  q Quit'],
      ['d Shut down  m Migrate  q Quit'],
      'd S\x1b[5@hut down\r',
    ],
    ['a wide character', xterm, ['a'], ['漢'], '漢\r'],
    ['a character of which the width is not certain', xterm, ['ab'], ['→b'], '→\x1b[;2Hb\r'],
    ['a line of its own set', vt100, ['abc'], ['─bc'], '\x0eq\b'],
  ])('for %s are few', (_, profile, first, second, bytes) => {
    expect(between(profile, first, second)).toBe(bytes)
  })

  it.each([
    ['vt100', 'up by one', list(1, 12), list(2, 12), '\x1b[;12r\x1b[12H\x1bD13 is'],
    ['vt102', 'up by one', list(1, 12), list(2, 12), '\x1b[M\x1b[12H13 is'],
    ['vt100', 'down by two', list(3, 12), list(1, 12), '\x1b[;12r\x1bM\x1bM1 is'],
    ['vt102', 'down by two', list(3, 12), list(1, 12), '\x1b[2L1 is'],
    [
      'vt102',
      'up by two, above a footer',
      [...list(1, 11), 'end'],
      [...list(3, 11), 'end'],
      '\x1b[;11r\x1b[2M\x1b[9B12 is',
    ],
    [
      'vt102',
      'down by two, above a footer',
      [...list(3, 11), 'end'],
      [...list(1, 11), 'end'],
      '\x1b[;11r\x1bM\x1bM1 is',
    ],
    [
      'vt102',
      'down by four, above a footer',
      [...list(5, 11), 'end'],
      [...list(1, 11), 'end'],
      '\x1b[;11r\x1b[4L1 is',
    ],
    [
      'vt100',
      'down, below a heading',
      ['name', ...list(3, 11)],
      ['name', ...list(2, 11)],
      '\x1b[2;12r\x1bD\x1bM2 is',
    ],
    ['vt102', 'down, below a heading', ['name', ...list(3, 11)], ['name', ...list(2, 11)], '\x1bD\x1b[L2 is'],
    [
      'vt102',
      'up, below a heading in a look',
      ['\x1b[7mname', ...list(3, 11)],
      ['name', ...list(4, 11)],
      '\x1bD\x1b[M',
    ],
  ])('on a %s for a list that goes %s scroll it', (name, _, first, second, bytes) => {
    expect(between(profiles[name] as Profile, first, second).slice(0, bytes.length)).toBe(bytes)
  })

  /** What is sent for each of these screens after the first; the cursor stands in this row. */
  const through = (profile: Profile, row: number, ...screens: (readonly string[])[]) => {
    const painter = new Painter(profile, 40, 12)
    const cursor = { row, column: 0 }
    return screens
      .map((lines) => painter.next({ grid: gridOf(profile, lines), typing: true, cursor }))
      .slice(1)
  }

  it('for a clock come back to its saved place, with the look there', () => {
    const screen = (second: number) => ['', `${' '.repeat(30)}\x1b[7m08:00:0${second}`]
    expect(through(vt100, 3, ...[1, 2, 3, 4, 5].map(screen))).toEqual([
      '\x1b[2;38H2\x1b[4H',
      '\x1b[2;38H3\x1b[4H',
      '\x1b[2;38H\x1b74\x1b[4H',
      '\x1b85\x1b[4H',
    ])
    // Also from another look.
    const loaded = (second: number) => [...screen(second), '', `load ${second}`]
    expect(through(vt100, 3, ...[1, 2, 3, 4, 5, 6].map(loaded)).at(-1)).toContain('6\x1b86')
    expect(through(safest, 3, ...[1, 2, 3, 4].map(screen)).join('')).not.toContain('\x1b8')
  })

  it('for a list that scrolls again say its margins once', () => {
    const screen = (from: number) => ['name', ...list(from, 10), 'end']
    const [once, again] = through(vt100, 1, screen(9), screen(8), screen(7))
    expect(once).toMatch(/^\x1b\[2;11r\x1bD\x1bM8 is/)
    expect(again).toMatch(/^\x1bM7 is/)
    expect(through(vt100, 1, screen(9), screen(8), list(50, 3))[1]).toMatch(/^\x1b\[r\x1b\[J50 is/)
  })

  it('go through few rows in the order that is shortest', () => {
    const screen = (row: number) => ['name', ...list(1, 9).with(row, '> is'), '', ` ${row}/9`]
    const [, second] = through(vt100, 2, screen(0), screen(1), screen(2))
    expect(second).toBe('2 is a row of 32 cells\n> is\x1b[K\x1b[12H \x1b72\x1b[3H')
  })

  it('for another screen clear it first', () => {
    const other = new Array(12).fill('other')
    expect(between(vt102, list(1, 12), other)).toMatch(/^(\x1b\[m)?\x1b\[H\x1b\[Jother\n/)
    expect(between(vt102, [...list(1, 11), '\x1b[7mlast'], other)).toMatch(/^(\x1b\[m)?\x1b\[H\x1b\[Jother\n/)
    // Not where that spares nothing.
    expect(between(vt102, [], other)).not.toContain('\x1b[J')
    expect(between(vt102, list(1, 5), list(1, 4))).not.toContain('\x1b[J')
  })

  it('come in portions of whole rows, those that are wanted first, and go on below the last', () => {
    const painter = new Painter(vt100, 40, 12)
    const frame = (word: string) => ({
      grid: gridOf(
        vt100,
        Array.from({ length: 12 }, (_, row) => `${word}${row}${word}`),
      ),
      typing: true,
      cursor: { row: 0, column: 0 },
    })
    const wordsIn = (bytes: string) => bytes.match(/[a-z]\d+[a-z]/g)
    expect(wordsIn(painter.next(frame('a'), [7, 2], 30))).toEqual(['a7a', 'a2a'])
    expect(wordsIn(painter.next(frame('a'), [], 1))).toEqual(['a0a'])
    expect(wordsIn(painter.next(frame('b'), [], 1))).toEqual(['b1b'])
    expect(painter.isDone(frame('b'))).toBe(false)
    expect(wordsIn(painter.next(frame('c'), [], 1))).toEqual(['c2c'])
    // What goes at once goes from the top.
    expect(wordsIn(painter.next(frame('c')))?.[0]).toBe('c0c')
    expect(painter.isDone(frame('c'))).toBe(true)
    expect(painter.next(frame('c'), [3], 0)).toBe('')
    painter.forget()
    expect(painter.isDone(frame('c'))).toBe(false)
    expect(painter.next(frame('c'), [], 0)).toBe('\x1b(B\x1b)0\x0f\x1b[m\x1b[3g\x1b[r\x1b[J')
  })

  it('bring first what is news, and long rows in parts', () => {
    const painter = new Painter(vt100, 40, 12)
    const frame = (selected: number, figure: number) => ({
      grid: gridOf(
        vt100,
        Array.from(
          { length: 12 },
          (_, row) => `${row === selected ? '>' : ' '} row ${row} of the list: ${figure}`,
        ),
      ),
      typing: true,
      cursor: { row: selected, column: 0 },
    })
    const [before, after] = [frame(3, 4711), frame(4, 4711)]
    const parts = [painter.next(before, [3], 14), painter.next(before, [3], 14)]
    expect(parts[1]).toBe('\x1b[4H> row 3 o')
    expect(painter.next(after, [4, 3], 14, before.grid)).toBe('\n>\x1bM\b \x1bD row 4')
  })

  it('hide a cursor that nobody needs, and put one that cannot be hidden where it disturbs least', () => {
    const grid = blankGrid(40, 12)
    const sent = (profile: Profile, ...typing: boolean[]) => {
      const painter = new Painter(profile, 40, 12)
      painter.next({ grid, typing: true, cursor: { row: 3, column: 3 } })
      return typing.map((one) => painter.next({ grid, typing: one }))
    }
    expect(sent(vt220, false, false, true)).toEqual(['\x1b[?25l', '', '\x1b[?25h\x1b[12H'])
    expect(sent(vt100, false, true)).toEqual(['\x1b[12H', ''])
  })

  it('leave a terminal plain', () => {
    const stops = `\r\x1b[3g${'\x1b[8C\x1bH'.repeat(4)}`
    const painter = new Painter(xterm, 40, 12)
    painter.next({ grid: gridOf(xterm, ['\x1b[1mbold']), typing: false })
    expect(painter.leave()).toBe(`\x1b[m\x1b[?25h${stops}`)
    expect(painter.leave()).toBe('\x1b[m\x1b[?25h')
    expect(new Painter(vt100, 40, 12).leave()).toBe(`\x1b[m\x0f${stops}`)
    expect(new Painter(safest, 40, 12).leave()).toBe('\x1b[m')
  })

  it.each([
    ['vt100', 30_965],
    ['vt102', 30_938],
    ['vt220', 31_408],
    ['xterm-256color', 35_119],
    ['an unknown one', 40_744],
  ])('for many screens on %s are no more than they were', (name, most) => {
    const profile = profiles[name] ?? safest
    let sum = 0
    for (const scene of fc.sample(scenes, { seed: 1, numRuns: 80 })) {
      const painter = new Painter(profile, scene.columns, scene.rows)
      for (const grid of framesOf(scene, profile))
        sum += wireLength(painter.next({ grid, typing: false, cursor: { row: 0, column: 0 } }))
    }
    expect(sum).toBeLessThanOrEqual(most)
  })
})
