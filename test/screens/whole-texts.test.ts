import { afterEach, beforeEach, expect, it } from 'vitest'
import { label, say } from '../../src/hosts/label.ts'
import { freeze, pass, thaw } from '../support/frozen.ts'
import { look, places, stage } from '../support/stage.tsx'

const [small] = places
let at: ReturnType<typeof stage>

beforeEach(() => freeze())
afterEach(async () => {
  await at.end()
  thaw()
})

/** The lines of a screen as one text, as a person reads it who follows a broken line. */
const read = (lines: readonly string[]) => lines.map((line) => line.trim()).join(' ')

const long = say`something with a long name did what nobody had thought of before, and at its end stands 4711`

it('the selected event and alert are read to their ends, at 80 columns too', async () => {
  at = stage()
  await pass(104_000)
  at.fleet.journal.saw(
    [{ about: { kind: 'host', id: 'hv1' }, host: 'hv1', severity: 'bad', text: long }],
    at.fleet.now(),
  )
  const console = at.open()
  const wrong = /answers wrongly: uid=probe,ou=people,dc=school,dc=example: no such object \(result 32\)/
  expect(read((await look(console, small)).lines)).not.toMatch(wrong)
  console.press('down')
  console.press('down')
  expect(read((await look(console, small)).lines)).toMatch(wrong)
  console.press('4')
  const { lines, cursor } = await look(console, small)
  expect(read(lines)).toContain(long)
  expect(cursor).toEqual({ row: 2, column: 0 })
  expect(lines[2]).toMatch(/^> .*hv1/)
  console.press('down')
  expect((await look(console, small)).lines[2]).toMatch(/~$/)
})

it('the events mark those of which it is not certain what came first', async () => {
  at = stage()
  await pass(2_000)
  const now = at.fleet.now()
  const told = (host: string, before: number, uncertainty: number, text: string) =>
    ({
      about: { kind: 'host', id: host },
      host,
      severity: 'bad',
      text: label(text),
      at: now - before,
      uncertainty,
    }) as const
  at.fleet.journal.saw(
    [
      told('hv1', 1_000, 300, 'the one'),
      told('hv2', 1_500, 300, 'the other'),
      told('hv3', 5_000, 300, 'long before'),
    ],
    now,
  )
  const console = at.open()
  console.press('4')
  const { lines } = await look(console, small)
  const marked = ['the one', 'the other', 'long before'].map(
    (text) => /:\d\d([ ~])! hv/.exec(lines.find((line) => line.includes(text)) ?? '')?.[1],
  )
  expect(marked).toEqual(['~', '~', ' '])
  expect(lines[1]).toContain('~ order unsure')
})

it('an alert that is far down is shown with what to do, however many are above it', async () => {
  at = stage({ frontends: 30 })
  for (const one of at.world.balancing.frontends) one.leaked = 1000
  await pass(6_000)
  const console = at.open()
  const count = console.overviewRows().filter(({ kind }) => kind === 'alert').length
  expect(count).toBeGreaterThan(25)
  for (let i = 1; i < count; i++) console.press('down')
  const { lines, cursor } = await look(console, small)
  expect(lines[cursor.row]).toMatch(/^> /)
  expect(lines.slice(cursor.row).join('\n')).toMatch(/Since/)
})

it('the port of a service is not cut off its name', async () => {
  at = stage()
  at.world.balancing.frontends.slice(0, 2).forEach((one) => {
    one.failing = true
  })
  await pass(6_000)
  expect(read((await look(at.open(), small)).lines)).toContain('TCP 10.0.0.100:389 ')
})

it('the events open at the newest, and a line says how many came since they were looked at', async () => {
  at = stage()
  const saw = (n: number) =>
    at.fleet.journal.saw(
      [{ about: { kind: 'host', id: 'hv1' }, host: 'hv1', severity: 'info', text: say`event ${n}` }],
      at.fleet.now(),
    )
  await pass(2_000)
  for (let n = 0; n < 40; n++) saw(n)
  const console = at.open()
  const shown = async () => (await look(console, small)).lines
  console.press('4')
  expect((await shown())[2]).toMatch(/^> .*event 39/)
  for (let n = 0; n < 30; n++) console.press('down')
  await pass(1_000)
  console.press('1')
  for (let n = 40; n < 72; n++) saw(n)
  console.press('4')
  const lines = await shown()
  expect(lines[2]).toMatch(/^> .*event 71/)
  expect(lines.at(-2)).toContain('32 came since 08:00:03')
  console.press('end')
  expect((await shown()).at(-2)).not.toContain('came since')
  saw(72)
  expect((await shown()).at(-2)).toContain('1 came since 08:00:03, Home shows them')
  console.press('home')
  saw(73)
  expect((await shown())[2]).toMatch(/^> .*event 73/)
})

it('the latest event stands below its heading in the least window too, and the hint of the demo gives way', async () => {
  at = stage()
  await pass(104_000)
  const console = at.open()
  const shown = async (columns: number, rows: number) =>
    (await look(console, { term: 'vt100', columns, rows })).lines
  const hint = /made up/
  const few = await shown(60, 15)
  expect(few[few.findIndex((line) => line.includes('LATEST EVENTS')) + 1]).toMatch(/\d\d:\d\d:\d\d/)
  expect(few.join('\n')).not.toMatch(hint)
  expect((await shown(80, 24)).join('\n')).toMatch(hint)
  expect((await shown(60, 24)).at(-3)).toMatch(/made up; real ones: vdd config example$/)
})
