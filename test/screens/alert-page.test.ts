import { afterEach, beforeEach, expect, it } from 'vitest'
import { freeze, pass, thaw } from '../support/frozen.ts'
import { stage } from '../support/stage.tsx'

let at: ReturnType<typeof stage>

beforeEach(() => freeze())
afterEach(async () => {
  await at.end()
  thaw()
})

it('Enter on an alert opens the page of what it is about, whatever that is', async () => {
  at = stage()
  for (const one of at.world.balancing.frontends) one.failing = true
  await pass(6_000)
  const console = at.open()
  const opened = at.fleet.alerts().map((alert, i) => {
    for (const key of ['1', 'home', ...Array<string>(i).fill('down'), 'return']) console.press(key)
    const { screen, id } = console.page
    const { kind } = alert.about
    if (kind !== 'host') expect([alert.text, screen, id]).toEqual([alert.text, kind, alert.about.id])
    return kind
  })
  expect([...new Set(opened)].sort()).toEqual(['directory', 'frontend', 'host', 'machine', 'service'])
})
