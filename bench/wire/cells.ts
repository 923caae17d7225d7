import { adaptTo } from '../../src/terminal/adapt.ts'
import { chooseProfile } from '../../src/terminal/choose.ts'
import { blankGrid, type Grid, type Row, sameCell } from '../../src/terminal/grid.ts'
import type { Profile } from '../../src/terminal/profile.ts'
import { Sheet } from '../../src/terminal/sheet.ts'
import { attributesOf, foregroundOf } from '../../src/terminal/style.ts'
import type { Scene } from './steps.ts'

function profileOf(term: string, locale: string): Profile {
  const choice = chooseProfile(term, { colour: true, ascii: false, utf8: /utf-?8/i.test(locale) })
  if ('refused' in choice) throw new Error(choice.refused)
  return choice.profile
}

/** The screens of a scene, as this terminal shows them. */
function gridsOf({ columns, rows, steps }: Scene, term: string, locale: string): Grid[] {
  const adapt = adaptTo(profileOf(term, locale))
  return steps.map(({ frame }) => {
    const sheet = new Sheet(columns, rows, adapt)
    sheet.write(frame)
    return sheet.grid()
  })
}

/** The bound of a simple writer: for each step its changed cells, and one cursor address for each run of them. */
export function boundOf(scene: Scene, term: string, locale: string): number[] {
  let before: Grid = blankGrid(scene.columns, scene.rows)
  return gridsOf(scene, term, locale).map((grid) => {
    const bytes = grid.reduce((sum, row, i) => sum + boundOfRow(before[i] as Row, row, i), 0)
    before = grid
    return bytes
  })
}

function boundOfRow(before: Row, row: Row, index: number): number {
  let bytes = 0
  let within = false
  for (let column = 0; column < row.text.length; column++) {
    const changed = !sameCell(before, row, column)
    if (changed && !within) bytes += `\x1b[${index + 1};${column + 1}H`.length
    if (changed) bytes += Buffer.byteLength(row.text[column] ?? '')
    within = changed
  }
  return bytes
}

/** The scene for `curses-writer.py`: a line for each step. */
export function cursesSteps(scene: Scene, term: string, locale: string): string {
  return gridsOf(scene, term, locale)
    .map((grid) => `${JSON.stringify(grid.map(runsOf))}\n`)
    .join('')
}

function runsOf({ text, styles }: Row): [string, number, number][] {
  const runs: [string, number, number][] = []
  for (const [column, grapheme] of text.entries()) {
    const style = styles[column] ?? 0
    const last = runs.at(-1)
    const look = [attributesOf(style), foregroundOf(style)] as const
    if (last && last[1] === look[0] && last[2] === look[1]) last[0] += grapheme
    else runs.push([grapheme, ...look])
  }
  return runs
}
