import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../../src/console/console.ts'
import { tableIds } from '../../src/console/table-kinds.ts'
import { profiles } from '../../src/terminal/profile.ts'
import { freeze, pass, thaw } from '../support/frozen.ts'
import { look, stage } from '../support/stage.tsx'

let at: ReturnType<typeof stage>
beforeAll(async () => {
  freeze()
  at = stage()
  await pass(3_000)
})
afterAll(async () => {
  await at.end()
  thaw()
})

// Braille displays, magnifiers and screen readers follow the cursor, also one that is hidden.
describe.each(Object.keys(profiles))('on %s the cursor stands', (term) => {
  const seen = (console: Console) => look(console, { term, columns: 80, rows: 24 })

  it.each(tableIds)('at the mark of the selected row, wherever that goes (%s)', async (table) => {
    const console = at.open()
    console.pages.go(table)
    for (const step of ['down', 'down', 'up']) {
      console.press(step)
      const { lines, cursor } = await seen(console)
      const row = lines.findIndex((line) => line.startsWith('> '))
      // A journal in which nothing stands yet has no rows.
      expect(cursor).toEqual({ row: row < 0 ? 2 : row, column: 0 })
    }
  })

  it('at the place where the next character is typed', async () => {
    const console = at.open()
    for (const key of [':', 'a', 'b', 'c', 'left']) console.press(key)
    const { lines, cursor } = await seen(console)
    expect(cursor).toEqual({ row: 22, column: lines[22]?.indexOf('c') })
  })

  it('at the choice of a dialog, and at its button', async () => {
    const console = at.open()
    console.press('2')
    console.act('migrate')
    const asked = await seen(console)
    expect(asked.lines[asked.cursor.row]?.slice(asked.cursor.column)).toMatch(/^> \d hv\d/)
    console.press('escape')
    console.act('shutdown')
    const confirmed = await seen(console)
    expect(confirmed.lines[confirmed.cursor.row]?.slice(confirmed.cursor.column)).toMatch(/^\[Cancel\]/)
    console.press('tab')
    const go = await seen(console)
    expect(go.lines[go.cursor.row]?.slice(go.cursor.column)).toMatch(/^\[y Do it\]/)
  })

  it('at the first line of a page of text', async () => {
    const console = at.open()
    console.press('?')
    expect((await seen(console)).cursor).toEqual({ row: 1, column: 0 })
  })
})
