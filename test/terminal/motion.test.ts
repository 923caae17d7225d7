import { describe, expect, it } from 'vitest'
import { motion, nowhere, type Position } from '../../src/terminal/motion.ts'
import { type Profile, profiles, safest } from '../../src/terminal/profile.ts'
import { wireLength } from '../../src/terminal/wire-length.ts'

const [columns, rows] = [13, 11]

/** Where the cursor of a terminal comes to; a driver makes CR LF of a line feed. */
function after(bytes: string, from: Position): Position {
  let { row, column } = from
  for (const [one, first = '', second = '', final] of bytes.matchAll(
    /\x1b\[(\d*);?(\d*)([A-Z]|d)|\x1b[DM]|[\b\r\n]/gi,
  )) {
    const n = Number(first || 1)
    if (one === '\b') column--
    else if (one === '\r') column = 0
    else if (one === '\n') [row, column] = [row + 1, 0]
    else if (one === '\x1bD') row++
    else if (one === '\x1bM') row--
    else if (final === 'A') row -= n
    else if (final === 'B') row += n
    else if (final === 'C') column += n
    else if (final === 'D') column -= n
    else if (final === 'G') column = n - 1
    else if (final === 'd') row = n - 1
    else if (final === 'H') [row, column] = [n - 1, Number(second || 1) - 1]
    else throw new Error(JSON.stringify(one))
    // Terminals stop at their edges: whoever counts on that is wrong on some.
    if (row < 0 || column < 0 || row >= rows || column >= columns)
      throw new Error(`out by ${JSON.stringify(one)}`)
  }
  return { row, column }
}

/** Also after the last cell of a row. */
const places = (width: number): Position[] =>
  Array.from({ length: rows * width }, (_, i) => ({ row: Math.floor(i / width), column: i % width }))

describe.each([
  ['vt100', 123_642],
  ['xterm', 123_390],
  ['an unknown one', 135_026],
] as const)('on %s', (name, most) => {
  const profile = profiles[name] ?? safest

  it('every way comes to its end, and all together are no longer than they were', () => {
    let sum = 0
    for (const from of [nowhere, ...places(columns + 1)])
      for (const to of places(columns)) {
        const bytes = motion(from, to, { profile, columns })
        // After the last cell terminals differ: only what says the column anew goes from there.
        if (from.column === columns && from.row === to.row) expect(bytes).toMatch(/^(\r|\x1b\[\d*(;\d+)?H)/)
        const end = after(bytes, from.column === columns ? { ...from, column: columns - 1 } : from)
        if (end.row !== to.row || end.column !== to.column)
          expect([from, JSON.stringify(bytes), end]).toEqual([from, JSON.stringify(bytes), to])
        sum += wireLength(bytes)
      }
    expect(sum).toBeLessThanOrEqual(most)
  })
})

describe('the shortest way', () => {
  const vt100 = profiles.vt100 as Profile
  const xterm = profiles.xterm as Profile
  it.each([
    [vt100, [3, 5], [3, 5], ''],
    [vt100, [-1, -1], [0, 0], '\x1b[H'],
    [vt100, [-1, -1], [0, 4], '\x1b[;5H'],
    [vt100, [-1, -1], [4, 0], '\x1b[5H'],
    [vt100, [3, 5], [3, 4], '\b'],
    [vt100, [3, 5], [3, 2], '\b\b\b'],
    [vt100, [3, 29], [3, 25], '\x1b[4D'],
    [vt100, [3, 5], [3, 0], '\r'],
    [vt100, [3, 5], [3, 6], '\x1b[C'],
    [vt100, [3, 5], [4, 5], '\x1bD'],
    [vt100, [3, 5], [2, 5], '\x1bM'],
    [vt100, [3, 5], [6, 5], '\x1b[3B'],
    [vt100, [3, 5], [4, 0], '\n'],
    [vt100, [3, 29], [3, 2], '\x1b[27D'],
    [vt100, [3, 299], [3, 4], '\r\x1b[4C'],
    [vt100, [3, 300], [4, 0], '\n'],
    [xterm, [3, 0], [3, 120], '\x1b[120C'],
    [xterm, [3, 200], [3, 97], '\x1b[98G'],
    [xterm, [150, 3], [40, 3], '\x1b[41d'],
    [safest, [3, 5], [3, 6], '\x1b[4;7H'],
    [safest, [3, 5], [4, 0], '\n'],
    [safest, [3, 5], [5, 0], '\x1b[6H'],
    [safest, [3, 5], [3, 3], '\b\b'],
  ] as const)('on %o from %j to %j', (profile, [row, column], [toRow, toColumn], bytes) => {
    expect(motion({ row, column }, { row: toRow, column: toColumn }, { profile, columns: 300 })).toBe(bytes)
  })
})

describe('the way on a ground that was prepared', () => {
  const vt100 = profiles.vt100 as Profile
  const stops = [8, 20, 40]
  const margins = { top: 2, bottom: 10 }
  it.each([
    [{ stops }, [3, 0], [3, 20], '\t\t'],
    [{ stops }, [3, 8], [3, 20], '\t'],
    [{ stops }, [3, 0], [3, 21], '\x1b[21C'],
    [{ stops }, [3, 100], [3, 121], '\x1b[21C'],
    [{ stops }, [3, 0], [3, 19], '\t\t\b'],
    [{ stops }, [3, 30], [3, 8], '\r\t'],
    [{ stops }, [3, 5], [4, 8], '\x1bD\t'],
    [{ stops: [] }, [3, 0], [3, 20], '\x1b[20C'],
    [{ margins }, [9, 5], [10, 5], '\x1bD'],
    [{ margins }, [10, 5], [11, 5], '\x1b[12;6H'],
    [{ margins }, [10, 5], [11, 0], '\x1b[12H'],
    [{ margins }, [10, 5], [14, 5], '\x1b[15;6H'],
    [{ margins }, [0, 5], [9, 5], '\x1b[9B'],
    [{ margins }, [0, 5], [11, 5], '\x1b[12;6H'],
    [{ margins }, [11, 5], [12, 5], '\x1bD'],
    [{ margins }, [11, 5], [10, 5], '\x1bM'],
    [{ margins }, [3, 5], [2, 5], '\x1bM'],
    [{ margins }, [2, 5], [1, 5], '\x1b[2;6H'],
    [{ margins }, [1, 5], [0, 5], '\x1bM'],
  ] as const)('with %j from %j to %j', (prepared, [row, column], [toRow, toColumn], bytes) => {
    const ground = { profile: vt100, columns: 300, ...prepared }
    expect(motion({ row, column }, { row: toRow, column: toColumn }, ground)).toBe(bytes)
  })
})
