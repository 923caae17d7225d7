import { describe, expect, it } from 'vitest'
import type { DisplayServerRecord } from '../../../src/fleet/display/record.ts'
import { History } from '../../../src/fleet/history/history.ts'
import { kinds, meantAmong } from '../../../src/fleet/kinds.ts'
import { type SessionRecord, sessionsOf } from '../../../src/fleet/session/record.ts'
import { say } from '../../../src/hosts/label.ts'
import { textOf } from '../../../src/text/part.ts'
import { sessionView } from '../../../src/views/session/view.ts'
import { everything, type World } from '../../../src/views/world.ts'
import { channels, displayServer, logins } from '../../support/displays.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import { loggedIn, seen } from '../../support/sight.ts'
import { word } from '../../support/terminals.ts'

const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const

function world(all: readonly ReturnType<typeof seen>[], server: Partial<DisplayServerRecord> = {}): World {
  return {
    snapshot: {
      ...snapshot([], [host('d1', { roles: ['display'] })]),
      displays: [displayServer(channels(...all), server)],
    },
    now: 10_000,
    history: new History(0),
    entries: [],
    definitions: new Map(),
  }
}

const one = (...given: Parameters<typeof seen>) =>
  sessionsOf(world([seen(...given)]).snapshot)[0] as SessionRecord

function cells(session: SessionRecord, of = world([])): Record<string, string> {
  return Object.fromEntries(sessionView.columns(of).map(({ id, cell }) => [id, textOf(cell(session))]))
}

describe('a session', () => {
  it('is what somebody holds, and no display that is left of one', () => {
    const all = [seen({ id: 'aaaaaa' }, { fate: 'orphan' }), seen({ id: 'bbbbbb' }, { fate: 'dead' }), seen()]
    expect(sessionsOf(world(all).snapshot).map(({ rawName }) => rawName)).toEqual(['anna/k7q2mz'])
  })

  it('stays the same while its display does', () => {
    const { snapshot } = world([seen()])
    expect(sessionsOf(snapshot)[0]).toBe(sessionsOf({ ...snapshot })[0])
  })

  it('is found by its name, by the latter part of it, and by whose it is', () => {
    const all = sessionsOf(world([seen(), seen({ id: 'aaaaaa', display: 13 })]).snapshot)
    const meant = (word: string) => meantAmong(kinds.session, all, word).map(({ key }) => key)
    expect(meant('anna/k7q2mz')).toEqual(['k7q2mz'])
    expect(meant('aaaaaa')).toEqual(['aaaaaa'])
    expect(meant('anna')).toEqual(['k7q2mz', 'aaaaaa'])
    expect(meant('term3')).toEqual([])
  })
})

describe('a filter of sessions', () => {
  const list = (filter: string, host = '') => {
    const { snapshot, ...rest } = world([
      seen({ id: 'aaaaaa' }),
      seen({ id: 'bbbbbb', machine: { name: 'pc9', address: 'pc9' } }),
    ])
    const all = { ...rest, snapshot: { ...snapshot, machines: [machine({ name: 'pc9', host: 'hv7' })] } }
    const rows = sessionView.rows(all, { ...everything, sort: 'name', descending: false, filter, host })
    return rows.map(({ key }) => key)
  }

  it('finds them by the hypervisor on which their machine is, and so does its name', () => {
    expect(list('hv7')).toEqual(['bbbbbb'])
    expect(list('', 'hv7')).toEqual(['bbbbbb'])
    expect(list('', 'd1')).toEqual(['aaaaaa', 'bbbbbb'])
  })

  it('that nothing contains leaves what is called alike, and no row that only has its letters somewhere', () => {
    expect(list('an/bbb')).toEqual(['bbbbbb'])
    expect(list('antr')).toEqual([])
  })
})

describe('the list of sessions', () => {
  it('tells who works where on what, for how long, and since when nobody has', () => {
    expect(cells(one())).toEqual({
      name: 'anna',
      terminal: 'term3',
      machine: 'web1',
      desktop: 'Plasma',
      since: '9s',
      idle: '1s',
      cpu: '-',
      memory: '-',
      state: 'in use',
      host: 'd1',
      id: 'k7q2mz',
    })
    expect(cells(one({ session: undefined, lookedAt: undefined, usedAt: undefined }))).toMatchObject({
      desktop: '-',
      idle: '-',
    })
  })

  it('says of a screen that it is one, where nobody chose a desktop', () => {
    const screen = { shows: 'screen', session: undefined, display: undefined } as const
    const all = world([seen(screen), seen({ id: 'aaaaaa' })])
    const [session] = sessionsOf(all.snapshot).filter(({ key }) => key === 'k7q2mz') as [SessionRecord]
    expect(cells(session).desktop).toBe('screen')
    expect(sessionView.sentence(session, all)).toMatch(/^anna at term3, web1, screen, in use/)
    const page = sessionView.page(session, all, 80).map((line) => line.map(textOf).join(''))
    expect(page.join('\n')).toMatch(/Desktop +screen/)
    const found = sessionView.rows(all, { ...everything, sort: 'name', descending: false, filter: 'screen' })
    expect(found.map(({ key }) => key)).toEqual(['k7q2mz'])
  })

  it('tells what the programs of the person cost, as long as that is known', () => {
    const load = { at: 9_000, cpu: 187.4, memoryKiB: 1_572_864 }
    expect(cells(one({ load }))).toMatchObject({ cpu: '187%', memory: '1.5G' })
    expect(cells(one({ load: { at: 9_000, memoryKiB: 1024 } }))).toMatchObject({ cpu: '-', memory: '1M' })
    const page = (of: SessionRecord) =>
      sessionView
        .page(of, world([]), 80)
        .map((line) => line.map(textOf).join(''))
        .join('\n')
    expect(page(one({ load }))).toMatch(/CPU +187% of one processor\nMemory +1.5G/)
    expect(page(one())).toMatch(/CPU +not known\nMemory +not known/)
  })

  it.each([
    ['in trouble', { trouble: 'it does not answer' }, 'it does not answer'],
    ['opening', { state: 'opening' }, undefined],
    ['closing', { state: 'closing' }, undefined],
    ['kept, unseen', { terminal: { name: 'term3' } }, 'nobody looks at it since it left term3'],
    ['in use', {}, undefined],
  ] as const)('says %s', (state, said, why) => {
    const session = one(said)
    expect(cells(session).state).toBe(state)
    expect(sessionView.note?.(session, world([]))).toBe(why && `anna/k7q2mz: ${why}`)
  })

  it('says of one whose machine stands still what the display says that shows it', () => {
    const all = world([seen()])
    const paused: World = {
      ...all,
      snapshot: { ...all.snapshot, machines: [machine({ name: 'web1', state: 'paused' })] },
    }
    const [session] = sessionsOf(paused.snapshot) as [SessionRecord]
    expect(cells(session, paused).state).toBe('in trouble')
    expect(sessionView.note?.(session, paused)).toBe('anna/k7q2mz: its machine is paused: anna (term3), web1')
    expect(sessionView.json(session, paused)).toMatchObject({
      trouble: 'its machine is paused: anna (term3), web1',
    })
    const faults = { ...everything, sort: 'name', descending: false, faultsOnly: true }
    expect(sessionView.rows(paused, faults)).toEqual([session])
    expect(sessionView.rows(all, faults)).toEqual([])
  })

  it('says that nobody has used one for ten minutes', () => {
    const idle = (seconds: number) => ({ ...one(), idle: seconds * 1000 })
    expect(cells(idle(599)).state).toBe('in use')
    expect(cells(idle(600)).state).toBe('idle')
    // Of a machine's own screen nobody knows.
    const { idle: _, ...screen } = one()
    expect(cells(screen).state).toBe('open')
    expect(sessionView.note?.(idle(600), world([]))).toBe('anna/k7q2mz: nobody has used it for 10 min')
  })

  it('has those that need an operator, and those of which nothing new is known', () => {
    const rows = (of: World) =>
      sessionView.rows(of, { ...everything, sort: 'idle', descending: true, faultsOnly: true })
    expect(rows(world([seen(), seen({ id: 'aaaaaa', trouble: 'x' })])).map(({ key }) => key)).toEqual([
      'aaaaaa',
    ])
    expect(rows(world([seen()], { trouble }))).toHaveLength(1)
    expect(sessionView.tone?.(one(), world([], { trouble }))).toBe('stale')
    expect(sessionView.tone?.(one(), world([]))).toBeUndefined()
  })

  it('puts on top who has been idle for longest, or there for longest', () => {
    const all = world([seen(), seen({ id: 'aaaaaa', openedAt: 500, usedAt: 8_500 })])
    const by = (sort: string) =>
      sessionView.rows(all, { ...everything, sort, descending: true }).map(({ key }) => key)
    expect(by('idle')).toEqual(['k7q2mz', 'aaaaaa'])
    expect(by('since')).toEqual(['aaaaaa', 'k7q2mz'])
  })
})

describe('one session', () => {
  it('is told in a sentence, on a page, and as JSON', () => {
    expect(sessionView.sentence(one(), world([]))).toBe(
      'anna at term3, web1, Plasma, in use, since 9 s, idle 1 s',
    )
    const page = sessionView.page(one(), world([]), 80).map((line) => line.map(textOf).join(''))
    expect(page.join('\n')).toMatch(/Display +:12 on d1/)
  })

  it('is for programs with the names as they were given, since when it is open, and what is not known as null', () => {
    const said = { system: 'office', load: { at: 9_000, cpu: 12, memoryKiB: 2048 } }
    expect(sessionView.json(one(said), world([seen()]))).toEqual({
      name: 'anna/k7q2mz',
      kind: 'desktop',
      user: 'anna',
      fullName: null,
      uid: 1003,
      terminal: 'term3',
      machine: 'web1',
      address: 'web1.example.org',
      desktop: 'Plasma',
      system: 'office',
      state: 'open',
      since: new Date(1_000).toISOString(),
      idleSeconds: 1,
      cpuPercent: 12,
      memoryKiB: 2048,
      screen: null,
      keep: false,
      seen: true,
      looked: null,
      trouble: null,
      host: 'd1',
      display: ':12',
      stale: false,
      seenAt: new Date(10_000).toISOString(),
    })
    const opening = {
      state: 'opening',
      openedAt: undefined,
      session: undefined,
      usedAt: undefined,
      lookedAt: undefined,
    } as const
    const evil = one(
      { ...opening, keep: true, trouble: 'x', terminal: { name: 'term3' } },
      { user: 'b\u001b' },
    )
    expect(sessionView.json(evil, world([], { trouble }))).toMatchObject({
      user: 'b\u001b',
      since: new Date(900).toISOString(),
      ...{ desktop: null, system: null, idleSeconds: null, cpuPercent: null, memoryKiB: null },
      ...{ state: 'opening', keep: true, seen: false, trouble: 'x', stale: true },
    })
  })
})

describe('a text session', () => {
  const brought = { name: 'desk1', address: '10.0.0.5' }
  const textOn = (given: Parameters<typeof loggedIn>[0], server: Partial<DisplayServerRecord> = {}) =>
    sessionsOf(world([], { logins: logins(loggedIn(given)), ...server }).snapshot)[0] as SessionRecord

  it('is told of with where its user comes from, and the machine on which the desk brought them', () => {
    const row = {
      name: 'anna',
      terminal: '10.0.0.31',
      desktop: 'text',
      state: 'in use',
      since: '9s',
      idle: '3s',
    }
    expect(cells(textOn({ machine: brought }))).toMatchObject({ ...row, machine: 'desk1', id: 'pts/3' })
    expect(cells(textOn({}))).toMatchObject({ ...row, machine: 'd1' })
    expect(cells(textOn({ tty: 'tty1', from: undefined })).terminal).toBe('tty1')
  })

  it('has its terminal by the name by which that told of itself', () => {
    expect(textOn({}, { terminals: [word({ address: '10.0.0.31' })] }).terminal).toBe('term3')
    expect(textOn({}, { terminals: [word()] }).terminal).toBe('10.0.0.31')
  })

  it('stays the same while what is known of it does, and is another at the same terminal later', () => {
    const server = { logins: logins(loggedIn()) }
    const [first, again] = [1, 2].map(() => sessionsOf(world([], server).snapshot)[0])
    expect(first).toBe(again)
    expect(textOn({ pid: 71 }).id).not.toBe(first?.id)
  })

  it('is told in a sentence, on a page, and as JSON', () => {
    const session = textOn({ machine: brought })
    expect(sessionView.sentence(session, world([]))).toBe(
      'anna at 10.0.0.31, desk1, text, in use, since 9 s, idle 3 s',
    )
    const page = sessionView.page(session, world([]), 80).map((line) => line.map(textOf).join(''))
    expect(page.join('\n')).toMatch(/Desktop +text\n(.*\n)*Line +pts\/3 on d1/)
    expect(sessionView.leadsTo?.(session)).toBeUndefined()
    expect(sessionView.json(session, world([]))).toMatchObject({
      name: 'anna/pts/3',
      kind: 'text',
      desktop: null,
      machine: 'desk1',
      address: '10.0.0.5',
      state: 'open',
      display: null,
    })
  })
})
