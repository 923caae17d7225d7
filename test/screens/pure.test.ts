import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../../src/console/console.ts'
import { tableIds } from '../../src/console/table-kinds.ts'
import { freeze, pass, settle, thaw } from '../support/frozen.ts'
import { look, stage } from '../support/stage.tsx'

// Who draws only looks: what a person is doing changes by keys, by what comes from hosts, and by the size of the window.

let at: ReturnType<typeof stage>
beforeAll(async () => {
  freeze()
  at = stage()
  await pass(20_000)
  await settle()
})
afterAll(async () => {
  await at.end()
  thaw()
})

/** All that would be another object, had it been written. */
const state = (console: Console) => [
  console.page,
  console.size,
  console.layers,
  console.version,
  ...tableIds.map((table) => console.tables.of(table)),
]

describe('a frame', () => {
  it.each([
    ['the Overview', ['1', 'down']],
    ['a table', ['2', 'end', 'O']],
    ['a page of text, scrolled to its end', ['?', 'end']],
    ['charts', ['3', 'g', 'end']],
    ['the Events', ['4', 'down']],
    ['a dialog', ['2', 'd']],
  ])('of %s writes nothing', async (_what, keys) => {
    const console = at.open()
    const size = { columns: 80, rows: 24 }
    console.resize(size)
    for (const key of keys) console.press(key)
    const before = state(console)
    // The window is as large as it was told to be.
    console.resize = () => {}
    await look(console, { term: 'vt100', ...size })
    for (const [i, one] of state(console).entries()) expect(one).toBe(before[i])
    expect(console.drawn).toBe(console.version)
  })

  it('of a page that has become shorter shows its end, and the keys go on from there', async () => {
    const console = at.open()
    for (const key of ['?', 'end']) console.press(key)
    const { top } = console.page
    await look(console, { term: 'vt100', columns: 80, rows: 60 })
    expect(console.page.top).toBe(top)
    console.press('up')
    expect(console.page.top).toBe(
      Math.max(0, (console.extent?.lines ?? 0) - (console.extent?.height ?? 0) - 1),
    )
  })
})
