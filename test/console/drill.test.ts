import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Console } from '../../src/console/console.ts'
import { pageLines } from '../../src/console/page-text.ts'
import { titleOf } from '../../src/fleet/incident/words.ts'
import { lineText } from '../../src/text/page.ts'
import { freeze, pass, settle, thaw } from '../support/frozen.ts'
import { look, places, stage } from '../support/stage.tsx'

// A drill from the key to its end, in the demo whose time goes as it is let.

let at: ReturnType<typeof stage>
beforeEach(async () => {
  freeze()
  at = stage()
  await pass(6_000)
})
afterEach(async () => {
  await at.end()
  thaw()
})

async function press(console: Console, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    console.press(key)
    await settle()
    // What asks takes keys only once it has been seen.
    await look(console, places[0])
  }
}

const text = (console: Console) => (pageLines(console, 80) ?? []).map((line) => lineText(line).trimEnd())

describe('a drill by a key', () => {
  it('asks how and for how long and for the name, and shows itself until it is over', async () => {
    const console = at.open()
    await press(console, '3', 'down', 'B', 'return', 'return')
    expect(console.layers.at(-1)).toMatchObject({ kind: 'confirm', typed: { wanted: 'fe2' } })
    await press(console, 'f', 'e', '2', 'return')
    await pass(1_000)
    expect(console.page).toMatchObject({ screen: 'drill', id: '1' })
    expect(text(console)[2]).toMatch(/^State +not broken yet/)
    expect(console.tasks.map(({ title, name }) => `${title} ${name}`)).toEqual(['Drill fe2'])
    await pass(7_000)
    expect(text(console)[2]).toMatch(
      /^State +broken for \d s; in \d s fe2 itself starts it as it was started$/,
    )
    expect(text(console).some((line) => /^ +\d\.\d\d s killed, /.test(line))).toBe(true)
    // Who looks elsewhere meanwhile is not brought back.
    await press(console, '2')
    await pass(20_000)
    expect(console.page.screen).toBe('machines')
    expect(console.tasks).toEqual([])
    const { drills, incidents } = at.fleet.snapshot()
    expect(drills[0]).toMatchObject({ phase: 'over', who: 'ada@console' })
    const own = incidents.find(({ concern }) => concern.name === 'fe2')
    expect(own && titleOf(own)).toBe('fe2: LDAP failed (a drill of ada@console)')
    const said = at.fleet.journal.latest(200).filter(({ kind }) => kind === 'did')
    expect(said.map((one) => one.text)).toEqual([
      expect.stringMatching(/^drill: killed .*, in service again \d+\.\d\d s$/),
      'drill: begun',
    ])
  })

  it('says at once why it cannot be, and does nothing where drills are not allowed', async () => {
    const console = at.open()
    Object.assign(at.fleet, { drills: false })
    await press(console, '3', 'down', 'B')
    expect(console.layers).toEqual([])
    expect(console.notice?.text).toMatch(/^Drill: fe2: this cluster says nowhere that drills are allowed/)
  })

  it('is cancelled as any change, and then its page says what puts it back', async () => {
    const console = at.open()
    await press(console, '3', 'down', 'B', 'return', 'return', 'f', 'e', '2', 'return')
    await pass(7_000)
    await press(console, 'W', 'C')
    await pass(1_000)
    expect(text(console)[2]).toBe('State       given up: cancelled; fe2 itself starts it as it was started')
    await pass(9_000)
    expect(at.world.daemons.pidOf('fe2', 'slapd')).toBeDefined()
  })
})
