import { afterAll, beforeAll, expect, it } from 'vitest'
import { smallest } from '../../src/console/state.ts'
import { freeze, pass, settle, thaw } from '../support/frozen.ts'
import { look, stage } from '../support/stage.tsx'

// In the narrowest window less is shown, and what is shown is whole.

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

/** The lines of which each says what stands below it. */
const headings = /^ {2}(HOST|NAME|SERVICE|PROCESS|OPERATION|DISK|NIC|WHEN)\b/

it.each([
  ['the hosts of the Overview', ['1'], 1],
  ['the Machines', ['2'], 1],
  ['the Front ends', ['3'], 1],
  ['a front end: its services and processes', ['3', 'return'], 2],
  ['the virtual services', ['3', 'T'], 1],
  ['a virtual service', ['3', 'T', 'return'], 1],
  ['the Directory', ['4'], 1],
  ['a directory server', ['3', 'tab', 'tab', 'return'], 1],
  ['the Events', ['5'], 1],
])('the heading of %s is whole at 60 columns, and so are its rows', async (_what, keys, count) => {
  const console = at.open()
  for (const key of keys) console.press(key)
  const { lines } = await look(console, { term: 'vt100', columns: smallest.columns, rows: 24 })
  const shown = lines.filter((line) => headings.test(line))
  expect(shown).toHaveLength(count)
  const first = lines.findIndex((line) => headings.test(line))
  const below = lines.slice(first, lines.indexOf('', first))
  for (const line of [...shown, ...below]) expect(line).not.toContain('~')
})
