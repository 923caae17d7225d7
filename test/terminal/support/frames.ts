import fc from 'fast-check'
import { adaptTo } from '../../../src/terminal/adapt.ts'
import type { Grid } from '../../../src/terminal/grid.ts'
import type { Profile } from '../../../src/terminal/profile.ts'
import { Sheet } from '../../../src/terminal/sheet.ts'

/** What is done to a screen between two frames. */
type Step =
  | {
      readonly kind: 'text'
      readonly row: number
      readonly column: number
      readonly text: string
      readonly sgr: string
    }
  | { readonly kind: 'blank'; readonly row: number; readonly column: number; readonly length: number }
  | { readonly kind: 'scroll'; readonly top: number; readonly height: number; readonly by: number }
  | {
      readonly kind: 'table'
      readonly top: number
      readonly height: number
      readonly columns: readonly number[]
    }
  | { readonly kind: 'words'; readonly row: number; readonly left: number; readonly look: string }
  | { readonly kind: 'clear' }

const texts = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({ unit: fc.constantFrom(...'abcdefgh 0123456789  --..##'), maxLength: 40 }),
  },
  { weight: 1, arbitrary: fc.nat(50).map((n) => ' '.repeat(n)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('-', '#', 'x', '─'), fc.nat(50)).map(([c, n]) => c.repeat(n)),
  },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom(...'äöüßé漢字かな한글─│┌┐└┘▒█·°ab '), maxLength: 20 }),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom('😀', '…', '→', 'e\u0301\u0323', '①', '👩‍👩‍👧', 'a', ' '), { maxLength: 8 })
      .map((all) => all.join('')),
  },
)

const sgrs = fc.constantFrom(
  '',
  '',
  '',
  '1',
  '2',
  '4',
  '7',
  '1;7',
  '31',
  '32;1',
  '93',
  '44',
  '7;36',
  '38;5;202',
  '48;5;17',
  '9',
  '3',
)

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('text' as const),
      row: fc.nat(60),
      column: fc.nat(140),
      text: texts,
      sgr: sgrs,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('blank' as const),
      row: fc.nat(60),
      column: fc.nat(140),
      length: fc.nat(140),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('scroll' as const),
      top: fc.nat(60),
      height: fc.integer({ min: 2, max: 50 }),
      by: fc.integer({ min: -5, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('table' as const),
      top: fc.nat(60),
      height: fc.integer({ min: 3, max: 50 }),
      columns: fc.array(fc.nat(140), { minLength: 2, maxLength: 8 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('words' as const),
      row: fc.nat(2),
      left: fc.nat(6),
      look: fc.constantFrom('', '7', '1'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
)

/** A few frames, each some steps after the one before. */
export const scenes = fc.record({
  columns: fc.oneof(fc.constantFrom(80, 20), fc.integer({ min: 1, max: 132 })),
  rows: fc.oneof(fc.constantFrom(24, 8), fc.integer({ min: 1, max: 43 })),
  changes: fc.array(fc.array(steps, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 6 }),
})

export type Scene = typeof scenes extends fc.Arbitrary<infer T> ? T : never

/** The frames of a scene on this terminal. */
export function framesOf({ columns, rows, changes }: Scene, profile: Profile): Grid[] {
  /** what was written into each row, so that a row can be moved */
  let lines: string[] = new Array(rows).fill('')
  return changes.map((change) => {
    for (const step of change) lines = after(lines, step, columns, rows)
    const sheet = new Sheet(columns, rows, adaptTo(profile))
    for (const [row, line] of lines.entries()) sheet.write(`\x1b[${row + 1}H${line}\x1b[m`)
    return sheet.grid()
  })
}

function after(lines: readonly string[], step: Step, columns: number, rows: number): string[] {
  if (step.kind === 'clear') return new Array(rows).fill('')
  if (step.kind === 'scroll') {
    const top = step.top % rows
    const block = lines.slice(top, top + step.height)
    const moved = block.map((_, i) => block[i + step.by] ?? '')
    return [...lines.slice(0, top), ...moved, ...lines.slice(top + step.height)]
  }
  if (step.kind === 'table') {
    const cells = (row: number) =>
      step.columns.map((column, i) => `\x1b[${(column % columns) + 1}G${(row + 7) ** (i + 1) % 997}`).join('')
    return lines.map((line, row) =>
      row < step.top % rows || row > step.top + step.height ? line : line + cells(row),
    )
  }
  if (step.kind === 'words') {
    // All but one of them: those right of it move.
    const words = ['Esc Back', 'd Shut down', 'm Migrate', 'x XML', '? Help', ': Command', 'q Quit']
    return lines.with(step.row % rows, `\x1b[${step.look}m${words.toSpliced(step.left, 1).join('\x1b[m  ')}`)
  }
  const text = step.kind === 'text' ? step.text : ' '.repeat(step.length)
  const sgr = step.kind === 'text' ? step.sgr : ''
  const write = `\x1b[${(step.column % columns) + 1}G\x1b[${sgr}m${text}\x1b[m`
  return lines.with(step.row % rows, (lines[step.row % rows] ?? '') + write)
}
