import { rmSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { afterAll, describe, expect, it } from 'vitest'
import { exit } from '../../src/cli/exit.ts'
import { sightSchema } from '../../src/services/display/sight.ts'
import { readTerminal } from '../../src/services/terminal-facts.ts'
import { Home } from './support/vdd.ts'

const home = new Home()
afterAll(() => home.remove())
/** Where this machine's own facts are written down, once they are told. */
const told = ['/run/vdd/', '/tmp/vdd-'].map((base) => `${base}${userInfo().uid}/terminal-${hostname()}.json`)
afterAll(() => {
  for (const file of told) rmSync(file, { force: true })
})

const term3 = {
  version: 1,
  name: 'term3',
  memoryKiB: 121_344,
  disks: [],
  graphics: [],
  sound: ['CS5535 Audio'],
  screens: [{ name: 'VGA-1', width: 1024, height: 768 }],
  links: [{ name: 'eth0', isUp: true, isWireless: false, mbps: 10 }],
}
const tooSmall = [
  '119M of memory: use full screen, no compositing',
  'eth0 at 10 Mbit/s: use no pictures as backgrounds, no animations',
]
const facts = (...args: readonly string[]) => ['terminal', 'facts', ...args]

describe('vdd terminal facts', () => {
  it('tells of this machine, for people and for programs', async () => {
    const { code, out } = await home.vdd(facts('--json'))
    expect({ code, lines: out.split('\n').length, told: readTerminal(out) }).toMatchObject({
      code: exit.ok,
      lines: 2,
      told: { name: hostname(), memoryKiB: expect.any(Number) },
    })
    expect((await home.vdd(facts())).out).toMatch(/^Name {7}\S+\nMemory {5}[\d.]+[MG]\n/)
  })

  it('tells of another machine what that told of itself, and in what it is too small', async () => {
    const { code, out } = await home.vdd(
      facts('--stdin'),
      JSON.stringify({ ...term3, model: 'S10\u001b[2J' }),
    )
    expect({ code, out }).toEqual({
      code: exit.ok,
      out: `Name       term3
Memory     119M
Model      S10\\e[2J
Sound      CS5535 Audio
Screens    VGA-1, 1024x768
Links      eth0, 10 Mbit/s
Too small  ${tooSmall[0]}
           ${tooSmall[1]}
`,
    })
    const line = (await home.vdd(facts('--stdin', '--json'), JSON.stringify(term3))).out
    expect(JSON.parse(line)).toEqual({ ...term3, tooSmall })
    expect((await home.vdd(facts('--stdin', '--json'), line)).out).toBe(line)
  })

  it.each([
    ['nothing', ''],
    ['something else', '{"version":1}'],
    ['what has no end', '{'.repeat(1_000_000)],
  ])('refuses %s', async (_, text) => {
    expect(await home.vdd(facts('--stdin'), text)).toMatchObject({
      code: exit.usage,
      out: '',
      err: expect.stringContaining('no facts of a terminal'),
    })
  })
})

describe('vdd terminal tell', () => {
  it.each([
    ['on standard input', [], JSON.stringify(term3)],
    ['as an argument', [JSON.stringify(term3)], ''],
  ])('keeps what a terminal told %s, and this machine tells of it', async (_, args, input) => {
    expect(await home.vdd(['terminal', 'tell', ...args], input)).toEqual({ code: exit.ok, out: '', err: '' })
    const told = sightSchema.parse(JSON.parse((await home.vdd(['channel', 'facts'])).out)).terminals
    const mine = told?.all?.find(({ name }) => name === hostname())
    expect(mine).toMatchObject({ user: userInfo().username, at: expect.any(Number) })
    expect(JSON.parse(mine?.line ?? '')).toEqual(term3)
    const again = await home.vdd(['channel', 'facts', '--known', told?.mark ?? ''])
    expect(JSON.parse(again.out)).toMatchObject({ terminals: { mark: told?.mark } })
    expect(JSON.parse(again.out).terminals.all).toBeUndefined()
  })

  it('keeps nothing else', async () => {
    expect(await home.vdd(['terminal', 'tell', '{}'])).toMatchObject({ code: exit.usage, out: '' })
  })
})
