import { describe, expect, it, vi } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { actions } from '../../src/actions/table.ts'
import { hintsOf } from '../../src/components/Footer.tsx'
import { Console } from '../../src/console/console.ts'
import { tableIds } from '../../src/console/table-kinds.ts'
import { label, say } from '../../src/hosts/label.ts'
import { channels, displayServer } from '../support/displays.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { seen } from '../support/sight.ts'
import { StillFleet } from '../support/still-fleet.ts'

// What a key says that does nothing.

const calm = snapshot([machine()])
const crashed = snapshot([machine({ state: 'crashed' })])

function said(shown: typeof calm, ...keys: string[]): string | undefined {
  const console = new Console(new StillFleet(shown), say`ada@console`)
  for (const key of keys) console.press(key)
  return console.notice?.text
}

describe('a key that does nothing', () => {
  it.each([
    ['t', calm, ['1', 't'], 'nothing to acknowledge here'],
    ['t', crashed, ['1', 'end', 't'], 'nothing to acknowledge here: select an alert'],
    ['!', calm, ['!'], 'nothing waits to be read'],
    ['u', calm, ['u'], 'there is nothing to undo'],
    ['f1', calm, ['f1'], 'no key F1: ? shows all'],
    ['ctrl-x', calm, ['ctrl-x'], 'no key ^X: ? shows all'],
    ['W', calm, ['W'], 'nothing is under way'],
    ['v', calm, ['3', 'tab', 'tab', 'v'], 'nothing to check is selected'],
    ['Enter', calm, ['3', 'tab', 'tab', 'return'], 'nothing is selected'],
    ['d', calm, ['1', 'd'], 'no machine is selected'],
    ['R', calm, ['1', 'R'], 'no balancer is selected'],
  ])('%s says what there is not', (_key, shown, keys, text) => {
    expect(said(shown, ...keys)).toBe(text)
  })

  it.each([
    ['t', ['2', 't'], 'Acknowledge: on 1 Overview'],
    ['f', ['1', 'f'], 'Faults only: on 2 Machines, 3 Front ends, 4 Events'],
    ['z', ['3', 'z'], 'Zoom: on g Charts'],
    [
      'R',
      ['2', 'R'],
      'Reload ldirectord: on 1 Overview, :hosts, 3 Front ends, T Services; Refresh: on :resources',
    ],
    ['w', ['2', 'w'], 'Weight: on 3 Front ends, T Services'],
    [
      'd',
      ['4', 'd'],
      'Shut down: on 1 Overview, 2 Machines; Drain: on 3 Front ends, T Services; Disable: on :resources',
    ],
    [
      'v',
      ['1', 'v'],
      'Check now: on 3 Front ends, T Services, :directories; View: on :sessions, :displays, :terminals',
    ],
  ])('%s names the screens that have it', (_key, keys, text) => {
    expect(said(calm, ...keys)).toBe(text)
  })

  it('is not one that another screen has for the console, and this one for an action', () => {
    for (const list of ['sessions', 'displays', 'terminals'] as const) {
      const console = new Console(new StillFleet(calm), say`ada@console`)
      console.pages.go(list)
      console.press('v')
      expect(console.notice?.text).toMatch(/^no (session|display) is selected$/)
    }
  })

  it('is not in the footer', () => {
    const console = new Console(new StillFleet(calm), say`ada@console`)
    expect(hintsOf(console).map(({ title }) => title)).not.toContain('Acknowledge')
    const other = new Console(new StillFleet(crashed), say`ada@console`)
    expect(hintsOf(other).map(({ title }) => title)).toContain('Acknowledge')
  })
})

describe('the bottom line', () => {
  it('asks no action again until something has changed: the snapshot, what is selected, what is marked', () => {
    const fleet = new StillFleet(
      snapshot([machine(), machine({ name: 'web2', uuid: uuid(2), state: 'paused' })]),
    )
    const console = new Console(fleet, say`ada@console`)
    const off = actions.find(({ verb }) => verb === 'off') as Change<unknown>
    const asked = vi.spyOn(off, 'available')
    const titles = () => hintsOf(console).map(({ title }) => title)
    const times = () => {
      const before = asked.mock.calls.length
      const named = titles()
      return { isAsked: asked.mock.calls.length > before, resumes: named.includes(label('Resume')) }
    }
    console.press('2')
    expect(times()).toEqual({ isAsked: true, resumes: false })
    expect(times()).toEqual({ isAsked: false, resumes: false })
    console.press('down')
    expect(times()).toEqual({ isAsked: true, resumes: true })
    console.press(' ')
    expect(times().isAsked).toBe(true)
    fleet.show(snapshot([machine({ state: 'paused' })]))
    expect(times()).toEqual({ isAsked: true, resumes: true })
    expect(times().isAsked).toBe(false)
  })
})

describe('Enter', () => {
  it('is named in the bottom line of each list in which something is selected, and on no page', () => {
    const console = new Console(new StillFleet(calm), say`ada@console`)
    const isNamed = () => hintsOf(console).some(({ key, title }) => key === 'Enter' && title === 'Open')
    const named = tableIds.map((table) => {
      console.pages.go(table)
      return [table, isNamed()]
    })
    const withRows = ['overview', 'machines', 'hosts']
    expect(named).toEqual(tableIds.map((table) => [table, withRows.includes(table)]))
    console.press('2')
    console.press('return')
    expect([console.page.screen, isNamed()]).toEqual(['machine', false])
  })
})

describe('Tab', () => {
  it('goes through the lists of one part of the cluster and back to the first, and is called as the next', () => {
    const console = new Console(new StillFleet(calm), say`ada@console`)
    console.press('3')
    const seen = [1, 2, 3, 4, 5].map(() => {
      const hint = hintsOf(console).find(({ key }) => key === 'Tab')?.title
      console.press('tab')
      return [hint, console.page.screen]
    })
    expect(seen).toEqual([
      ['Services', 'services'],
      ['Directory', 'directories'],
      ['Resources', 'resources'],
      ['Nodes', 'nodes'],
      ['Front ends', 'frontends'],
    ])
    console.press('backtab')
    expect(console.page.screen).toBe('nodes')
  })

  it('draws another thing on the charts', () => {
    const console = new Console(new StillFleet(calm), say`ada@console`)
    for (const key of ['3', 'g', 'tab']) console.press(key)
    expect(console.page.screen).toBe('charts')
    expect(console.chart.metric).toBe('rate')
  })
})

describe('a key that two kinds of one screen have', () => {
  const at = (...all: Parameters<typeof channels>) => ({
    ...snapshot([], [host('d1', { roles: ['display'] })]),
    displays: [displayServer(channels(...all))],
  })
  const begun = (shown: ReturnType<typeof at>) => {
    const console = new Console(new StillFleet(shown), say`ada@console`)
    console.pages.go('terminals')
    console.press('c')
    const layer = console.layers.at(-1)
    return layer && 'undertaking' in layer ? layer.undertaking.action.verb : console.notice?.text
  }

  it('is of the session at a terminal, and of what is left of one where there is none any more', () => {
    expect(begun(at(seen()))).toBe('end')
    expect(begun(at(seen({}, { fate: 'orphan' })))).toBe('close')
  })
})
