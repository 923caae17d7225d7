import { describe, expect, it } from 'vitest'
import { dialogOf } from '../../src/components/Dialog.tsx'
import { messageLines } from '../../src/components/MessageLine.tsx'
import { Console } from '../../src/console/console.ts'
import { filterKeys, keysOn, keyTable } from '../../src/console/key-table.ts'
import type { ScreenId } from '../../src/console/pages.ts'
import { label, say } from '../../src/hosts/label.ts'
import { lineText } from '../../src/text/page.ts'
import { machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'

const titles = (of: ReturnType<typeof keysOn>) => of.map(({ title }) => title)
const keys = (of: ReturnType<typeof keysOn>) => of.flatMap((group) => group.keys)
const left = (filter: string, screen: ScreenId = 'machines') =>
  keys(filterKeys(keysOn(screen), filter)).map(({ key, title }) => `${key} ${title}`)

describe('the keys on a screen', () => {
  it.each([
    ['machines', ['This screen', 'A machine, or all marked ones', 'A host']],
    ['frontends', ['A front end, or all marked ones', 'A balancer, or all marked ones', 'This screen']],
    [
      'overview',
      ['This screen', 'A machine, or all marked ones', 'A host', 'A balancer, or all marked ones'],
    ],
    ['terminals', ['A session, or all marked ones', 'A display, or all marked ones', 'This screen']],
    ['events', ['This screen']],
    ['event', []],
  ] as const)('%s come first, then those of every screen, then the rest', (screen, first) => {
    const all = titles(keysOn(screen))
    expect(all.slice(0, first.length + 1)).toEqual([...first, 'Every screen'])
    expect(keys(keysOn(screen)).length).toBe(keys(keyTable()).length)
  })

  it('of what belongs to what is shown are those that have another meaning for that', () => {
    const here = (screen: ScreenId) => left('c', screen)[0]
    expect([here('displays'), here('display')]).toEqual(['c Close', 'c Close'])
    expect([here('terminals'), here('terminal'), here('sessions')]).toEqual(['c End', 'c End', 'c End'])
    expect(left('s', 'displays')[0]).toBe('s Message')
  })

  it('of the screen alone are those that work there', () => {
    const here = keysOn('machines').find(({ title }) => title === 'This screen')
    const keysHere = here?.keys.map(({ key }) => key)
    expect(keysHere).toEqual(['Tab', 'Shift-Tab', '/', 'f', 'o', 'O', ':columns', 'Space', '*'])
  })
})

describe('a filter of the keys', () => {
  it('leaves what a key does, where it is one, also among several for the same', () => {
    expect(left('d')).toEqual(['d Shut down', 'd Drain', 'd Disable'])
    expect(left('K')).toEqual(['K Force off'])
    expect(left('^B')).toEqual(['PgUp ^B A screen up'])
  })

  it('leaves what has it in title, help, or the name of the group', () => {
    expect(left('force')).toEqual(['K Force off'])
    expect(left('plug')).toEqual(['K Force off'])
    expect(left('balancer')).toContain('R Reload ldirectord')
    expect(left('!e')).not.toContain('K Force off')
  })

  it('leaves what resembles it by title where nothing has it, or nothing', () => {
    expect(left('frcoff')).toEqual(['K Force off'])
    expect(left('@@')).toEqual([])
    expect(left('')).toHaveLength(keys(keyTable()).length)
  })
})

describe('the help', () => {
  const open = () => {
    const console = new Console(new StillFleet(snapshot([machine()])), say`ada@console`)
    const press = (...all: string[]) => {
      for (const key of all) console.press(key)
    }
    return { console, press }
  }

  it('is filtered as tables are: Enter keeps, Esc takes back, then goes back', () => {
    const { console, press } = open()
    press('2', '?', 'pagedown', '/', ...'drain')
    expect(console.page).toMatchObject({ screen: 'help', filter: 'drain', top: 0 })
    press('return', '/', ...'x', 'escape')
    expect(console.page.filter).toBe('drain')
    expect(dialogOf(console, 80)).toBeUndefined()
    press('escape')
    expect(console.page).toMatchObject({ screen: 'help', filter: '' })
    press('escape')
    expect(console.page.screen).toBe('machines')
  })

  it('knows the screen from which one came, and forgets the filter with the page', () => {
    const { console, press } = open()
    press('3', '?', '/', 'd', 'return')
    expect(console.pages.below?.screen).toBe('frontends')
    press('2', '?')
    expect(console.pages.below?.screen).toBe('machines')
    expect(console.filter).toBe('')
  })

  it('tells below it which lines are shown, also of what is filtered', () => {
    const { console, press } = open()
    const place = () => messageLines(console, 80).map((parts) => lineText(parts).trim())
    press('?')
    const { lines = 0, height } = console.extent ?? {}
    expect([lines > 100, height]).toEqual([true, 21])
    expect(place()).toEqual([`lines 1 to 21 of ${lines}, PgDn goes on`])
    // Not past the end, and from there back at once.
    press('end', 'pagedown', 'down')
    expect(place()).toEqual([`lines ${lines - 20} to ${lines} of ${lines}, PgUp goes back`])
    press('up')
    expect(place()[0]).toContain(`lines ${lines - 21} to ${lines - 1} `)
    press('/', ...'drain', 'return')
    expect(place()[0]).toMatch(/^lines 1 to (\d+) of \1 {3}filter: drain$/)
    press('escape', 'escape', '2')
    console.resize({ columns: 80, rows: 60 })
    press('return')
    expect(place()).toEqual([''])
  })
})

describe('what is said below a table', () => {
  it('has lines of its own where a filter and marks leave it little room', () => {
    const console = new Console(
      new StillFleet(snapshot([machine({ name: label('web1') })])),
      say`ada@console`,
    )
    const lines = () => messageLines(console, 80).map((parts) => lineText(parts).trimEnd())
    console.press('2')
    console.tell(say`web1: it has changed meanwhile, and so would the commands: look again`)
    expect(lines()).toEqual([' 1/1   web1: it has changed meanwhile, and so would the commands: look again'])
    for (const key of ['/', ...'web', 'return', ' ']) console.press(key)
    console.tell(say`web1: it has changed meanwhile, and so would the commands: look again`)
    expect(lines()).toEqual([
      ' 1/1   filter: web   1 marked',
      ' web1: it has changed meanwhile, and so would the commands: look again',
    ])
  })
})
