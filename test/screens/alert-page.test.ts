import { afterEach, beforeEach, expect, it } from 'vitest'
import { say } from '../../src/hosts/label.ts'
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
  expect([...new Set(opened)].sort()).toEqual([
    'directory',
    'display',
    'frontend',
    'host',
    'incident',
    'machine',
    'service',
  ])
})

it('Enter on the page of an event opens what it is about, and says so where that is gone', async () => {
  at = stage()
  await pass(2_000)
  const about = { kind: 'frontend', id: '10.0.0.11' } as const
  const event = { about, host: 'lb1', severity: 'info', text: say`something` } as const
  at.fleet.journal.saw([{ ...event, about: { kind: 'frontend', id: '10.0.0.99' } }, event], at.fleet.now())
  const console = at.open()
  for (const key of ['4', 'home', 'return', 'return']) console.press(key)
  expect(console.page).toMatchObject({ screen: 'frontend', id: about.id })
  for (const key of ['4', 'home', 'down', 'return', 'return']) console.press(key)
  expect(console.page.screen).toBe('event')
  expect(console.notice?.text).toBe('the front end is gone')
})
