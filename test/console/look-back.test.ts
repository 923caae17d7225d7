import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { actions, wordOf } from '../../src/actions/table.ts'
import { hintsOf } from '../../src/components/Footer.tsx'
import { messageLines } from '../../src/components/MessageLine.tsx'
import { commands } from '../../src/console/commands.ts'
import { pageLines } from '../../src/console/page-text.ts'
import { tableIds } from '../../src/console/table-kinds.ts'
import type { PastMoment } from '../../src/fleet/past/moment.ts'
import { wallTime } from '../../src/hosts/clock.ts'
import { say } from '../../src/hosts/label.ts'
import { clock } from '../../src/text/format.ts'
import { lineText } from '../../src/text/page.ts'
import { type Demo, demo } from '../support/demo.ts'
import { minutesBefore, ToldPast } from '../support/past.ts'

let the: Demo
let past: ToldPast
let now: PastMoment

/** What was kept 200, 65, 3, 2 and 1 minutes ago: then a machine was not there yet, and nothing was wrong. */
beforeEach(async () => {
  past = new ToldPast()
  the = await demo({ past })
  const { incidents: _, drills: __, ...facts } = the.fleet.snapshot()
  now = { at: wallTime(the.fleet.now()), now: the.fleet.now(), snapshot: facts, alerts: [] }
  past.moments = minutesBefore(now, [200, 65, 3, 2, 1], (one, by) => {
    const { machines, seenAt } = one.snapshot
    return {
      ...one,
      snapshot: {
        ...one.snapshot,
        machines: by > 100 ? machines.slice(0, 1) : machines.slice(0, 5),
        // Then the last answers were half a minute old.
        seenAt: new Map([...seenAt.keys()].map((host) => [host, one.now - 30_000])),
      },
    }
  })
  the.press('2')
})
afterEach(() => the.end())

const ago = () => the.console.past && Math.round((now.at - the.console.past.at) / 60_000)
const said = () => the.console.notice?.text
const message = () => messageLines(the.console, 80).map(lineText).join(' ')
const palette = (text: string) => {
  the.press(':')
  the.type(text)
  the.press('return')
}

describe('looking back', () => {
  it('steps through what was kept, and after the last it is now', () => {
    the.press('<')
    expect(ago()).toBe(1)
    the.press('<', '<')
    expect(ago()).toBe(3)
    the.press('>')
    expect(ago()).toBe(2)
    the.press('>', '>')
    expect(the.console.past).toBeUndefined()
    the.press('>')
    expect(said()).toContain('it is now')
  })

  it('goes by hours, to a time, and says where nothing is kept', () => {
    the.press('<', '{')
    expect(ago()).toBe(65)
    the.press('{')
    expect(ago()).toBe(200)
    the.press('{')
    expect(said()).toBe('nothing older is kept')
    expect(ago()).toBe(200)
    the.press('}')
    expect(ago()).toBe(65)
    the.press('}')
    expect(ago()).toBe(3)
    the.press('}')
    expect(the.console.past).toBeUndefined()
    palette('at 1h')
    expect(ago()).toBe(65)
    expect(said()).toMatch(/^the nearest that is kept is 5 min.* before that$/)
    palette('at 9h')
    expect(ago()).toBe(200)
    palette('at noon')
    expect(the.console.layers.at(-1)).toMatchObject({ wrong: expect.stringContaining('how long ago') })
    the.press('escape')
    palette('now')
    expect(the.console.past).toBeUndefined()
  })

  it('goes as far as there is, where an hour is more than that', () => {
    past.moments = past.moments.slice(-2)
    the.press('{')
    expect(ago()).toBe(2)
    past.moments = []
    the.press('escape', '<')
    expect(said()).toBe('nothing is kept yet: once a minute')
  })

  it('shows any screen as it was, with the ages of then', () => {
    the.press('<')
    expect(the.names()).toHaveLength(5)
    expect(the.console.world.now).toBe(now.now - 60_000)
    the.press('1')
    expect(the.console.overviewRows().filter(({ kind }) => kind === 'alert')).toEqual([])
    const seen = the.console
      .columns('host')
      .find(({ id }) => id === 'seen')
      ?.cell(the.console.rows('host')[0])
    expect(`${seen}`).toContain('30')
    the.press('escape')
    expect(the.console.overviewRows().some(({ kind }) => kind === 'alert')).toBe(true)
    expect(the.fleet.snapshot().machines.length).toBeGreaterThan(5)
  })

  it('leads to now by Esc, and back a screen by the other keys for that', () => {
    the.press('return', '<')
    expect(the.console.page.screen).toBe('machine')
    the.press('left')
    expect([the.console.page.screen, ago()]).toEqual(['machines', 1])
    the.press('escape')
    expect([the.console.page.screen, ago()]).toEqual(['machines', undefined])
  })

  it('is marked on every line of status, by the time of then', () => {
    the.press('<')
    const at = clock(now.at - 60_000)
    expect(message()).toMatch(/NOT NOW {2}1 min ago; Esc: now/)
    expect(hintsOf(the.console).map(({ key, title }) => `${key} ${title}`)).toEqual(
      expect.arrayContaining(['Esc Now', '< Earlier', '> Later']),
    )
    the.press('s')
    expect(message()).toContain(`NOT NOW  this is how it was at ${at}; Esc for now`)
  })

  it('says what fails meanwhile', () => {
    the.press('<')
    the.fleet.journal.add({ at: now.at, kind: 'seen', severity: 'bad', host: 'hv1', text: say`on fire` })
    the.fleet.journal.add({ at: now.at, kind: 'seen', severity: 'info', host: 'hv1', text: say`is well` })
    expect(message()).toContain('; meanwhile 1 event needs a person')
  })

  it('says what was passed over', () => {
    past.skips = true
    the.press('<')
    expect(message()).toContain('1 minute left out')
  })
})

describe('while somebody looks back', () => {
  const untouched = () => {
    expect(the.console.layers).toEqual([])
    expect(the.console.tasks).toEqual([])
    expect(said()).toContain('this is how it was at')
  }

  it('no key does anything to the cluster, on no screen', () => {
    const keys = new Set(actions.flatMap(({ key, kind }) => (key && kind === 'change' ? [key] : [])))
    const places: [string, ...string[]][] = [['1'], ...tableIds.map((id): [string] => [`:${id}`])]
    for (const [place] of places) {
      if (place.startsWith(':')) palette(place.slice(1))
      else the.press(place)
      for (const key of keys) {
        the.press('<')
        the.console.notice = undefined
        the.press(key)
        expect(the.console.layers, `${key} on ${place}`).toEqual([])
        the.press('escape')
      }
    }
    expect(the.fleet.journal.latest(100).filter(({ kind }) => kind === 'did')).toEqual([])
  })

  it('no command does that either', () => {
    the.press('<')
    for (const action of actions.filter(({ kind }) => kind === 'change')) {
      palette(wordOf(action))
      untouched()
    }
    for (const { id } of commands.filter(({ isOfNow }) => isOfNow)) {
      the.console.act('details')
      the.console.pages.go('overview')
      the.console.notice = undefined
      palette(id)
      expect(the.console.layers, id).toEqual([])
    }
  })

  it('nothing is asked of a host, and what was read of now is not shown', async () => {
    the.press('return')
    the.press('escape', '<', 'return')
    expect(the.console.page.screen).toBe('machine')
    expect(the.console.world.definitions.size).toBe(0)
    the.press('c')
    untouched()
    the.press('escape')
    palette('xml')
    the.press('<')
    expect(pageLines(the.console, 80)?.map(lineText)).toEqual([
      'This is of now, and was not kept. Esc shows it.',
    ])
  })

  it('the Events end at that time, without what logs told only later', () => {
    const event = { kind: 'seen', severity: 'bad', host: 'hv1' } as const
    const minute = 60_000
    the.fleet.journal.add({ ...event, at: now.at - 5 * minute, text: say`before` })
    the.fleet.journal.add({
      ...event,
      at: now.at - 4 * minute,
      seenAt: now.at - minute / 2,
      text: say`told late`,
    })
    the.fleet.journal.add({ ...event, at: now.at - minute / 2, text: say`after` })
    the.press('4', '<')
    const texts = () => the.console.rows('event').map(({ text }) => `${text}`)
    expect(texts()).toEqual(['before'])
    the.press('escape')
    expect(texts()).toEqual(expect.arrayContaining(['before', 'told late', 'after']))
  })

  it('an incident that is over now is open', () => {
    const about = { kind: 'host', id: 'hv2' } as const
    const event = { kind: 'seen', host: 'hv2', about } as const
    the.fleet.journal.add({
      ...event,
      severity: 'bad',
      type: 'host.lost',
      at: now.at - 150_000,
      text: say`lost`,
    })
    the.fleet.journal.add({
      ...event,
      severity: 'info',
      type: 'host.back',
      at: now.at - 70_000,
      text: say`back`,
    })
    expect(the.console.snapshot.incidents.map(({ open }) => open.length)).toEqual([0])
    the.press('<', '<')
    expect(the.console.snapshot.incidents.map(({ open }) => open.length)).toEqual([1])
    the.press('<')
    expect(the.console.snapshot.incidents).toEqual([])
  })

  it('a moment of another shape ends that, and not the console', () => {
    past.moments = minutesBefore(now, [1], (one) => ({
      ...one,
      snapshot: {
        ...one.snapshot,
        get machines(): never {
          throw new Error('no machines')
        },
      },
    }))
    the.press('<')
    expect(the.console.past).toBeUndefined()
    expect(said()).toMatch(/^how it was at .* cannot be shown: no machines$/)
    expect(the.names().length).toBeGreaterThan(5)
  })
})
