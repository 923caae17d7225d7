import { expect, it } from 'vitest'
import { MadeUpSurroundings } from '../../src/desk/made-up.ts'
import { run } from '../support/command-line.ts'

it('the systems of the demo are for people as they are for operators', async () => {
  const listed = await run(['--demo', 'catalogue', 'list', '--json'])
  const all = JSON.parse(listed.slice(listed.indexOf('['), listed.lastIndexOf(']') + 1)) as {
    readonly name: string
    readonly state: string
  }[]
  const states = (of: readonly { readonly name: string; readonly state: string }[]) =>
    of.map(({ name, state }) => `${name} ${state}`)
  const { systems } = await new MadeUpSurroundings().systems()
  expect(states(systems)).toEqual(states(all))
  expect(new Set(systems.map(({ state }) => state))).toEqual(new Set(['ready', 'starts', 'none']))
})
