import { describe, expect, it } from 'vitest'
import type { DisplayRecord } from '../../../src/fleet/display/record.ts'
import { displayRecord } from '../../../src/fleet/display/record.ts'
import { History } from '../../../src/fleet/history/history.ts'
import { say } from '../../../src/hosts/label.ts'
import { textOf } from '../../../src/text/part.ts'
import { displayView } from '../../../src/views/display/view.ts'
import { everything, type World } from '../../../src/views/world.ts'
import { channels, displayServer, displaysOf } from '../../support/displays.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import { seen } from '../../support/sight.ts'

const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const

function world(displays: readonly DisplayRecord[], given: Parameters<typeof displayServer>[1] = {}): World {
  return {
    snapshot: {
      ...snapshot([], [host('d1', { roles: ['display'] })]),
      displays: [displayServer(displays, given)],
    },
    now: 10_000,
    history: new History(0),
    entries: [],
    definitions: new Map(),
  }
}

const others = displaysOf([], {
  others: [{ display: 0, program: 'Xorg', pid: 7, user: 'root', startedAt: 1_000 }, { display: 9 }],
}).map((one) => displayRecord('d1', one))

const one = (...given: Parameters<typeof seen>) => channels(seen(...given))[0] as DisplayRecord

function cells(display: DisplayRecord): Record<string, string> {
  return Object.fromEntries(
    displayView.columns(world([display])).map(({ id, cell }) => [id, textOf(cell(display))]),
  )
}

describe('the list of displays', () => {
  it('tells who works where on what, and for how long', () => {
    expect(cells(one())).toEqual({
      name: ':12',
      host: 'd1',
      user: 'anna',
      terminal: 'term3',
      machine: 'web1',
      runs: '-',
      session: 'Plasma',
      since: '9s',
      idle: '1s',
      clients: '9',
      state: 'open',
    })
  })

  it('has other displays as what they are, dim', () => {
    const [login, socket] = others as [DisplayRecord, DisplayRecord]
    expect(cells(login)).toMatchObject({
      name: ':0',
      user: 'root',
      session: 'Xorg',
      since: '9s',
      state: 'not of vdd',
    })
    expect(cells(socket)).toMatchObject({
      name: ':9',
      user: '-',
      session: '-',
      since: '-',
      state: 'nobody listens',
    })
    expect(displayView.tone?.(login, world(others))).toBe('stale')
    expect(displayView.tone?.(one(), world(others))).toBeUndefined()
    expect(displayView.tone?.(one(), world([], { trouble }))).toBe('stale')
  })

  it.each([
    ['orphaned', [{ trouble: 'x' }, { fate: 'orphan' }], 'orphaned on d1: anna (term3), web1'],
    [
      'ended',
      [{ trouble: 'x' }, { fate: 'dead' }],
      'its session has ended, and what was written of it is left',
    ],
    ['in trouble', [{ trouble: 'no keyboard' }], 'no keyboard'],
    ['opening', [{ state: 'opening' }], undefined],
    ['closing', [{ state: 'closing' }], undefined],
    ['kept, unseen', [{ terminal: { name: 'term3' } }], 'nobody looks at it since it left term3'],
    ['open', [{}], undefined],
  ] as const)('says that one is %s, and why', (state, given, note) => {
    const display = one(...(given as unknown as Parameters<typeof seen>))
    expect(cells(display).state).toBe(state)
    expect(displayView.note?.(display, world([]))).toBe(note && `:12: ${note}`)
  })

  it('says where the machine of a channel runs now, and what is wrong with it', () => {
    const shown = (given: Parameters<typeof machine>[0]) => {
      const all = world([one()])
      return {
        ...all,
        snapshot: { ...all.snapshot, machines: [machine(given)], hosts: [host('a'), host('b')] },
      }
    }
    const there = (moment: World) =>
      Object.fromEntries(displayView.columns(moment).map(({ id, cell }) => [id, textOf(cell(one()))]))
    expect(there(shown({ host: 'b' }))).toMatchObject({ runs: 'b', state: 'open' })
    const ended = one({}, { fate: 'dead' })
    const told = [one(), ended].map((display) => displayView.sentence(display, shown({ host: 'b' })))
    expect(told.map((text) => text.includes('which runs on b'))).toEqual([true, false])
    const onItsWay = shown({ state: 'migrating', migration: { from: 'a', to: 'b' } })
    expect(there(onItsWay)).toMatchObject({ runs: 'a > b', state: 'open' })
    const off = shown({ state: 'shut off' })
    expect(there(off)).toMatchObject({ runs: 'a', state: 'in trouble' })
    expect(displayView.note?.(one(), off)).toBe(':12: its machine is off: anna (term3), web1')
    expect(displayView.json(one(), off)).toMatchObject({
      channel: { runsOn: 'a', machineState: 'shut off', trouble: 'its machine is off: anna (term3), web1' },
    })
    expect(displayView.json(ended, off)).toMatchObject({ channel: { runsOn: null, machineState: null } })
    const arrangement = { ...everything, sort: 'state', descending: false }
    expect(displayView.rows(off, { ...arrangement, faultsOnly: true })).toHaveLength(1)
    expect(displayView.rows(shown({}), { ...arrangement, faultsOnly: true })).toHaveLength(0)
  })

  it('begins with what needs a person, and ends with what is not of vdd', () => {
    const all = [
      ...others,
      ...channels(
        seen({ id: 'aaaaaa', display: 11 }),
        seen({ id: 'bbbbbb', display: 13 }, { fate: 'orphan' }),
        seen({ id: 'cccccc', display: 14, trouble: 'x' }),
      ),
    ]
    const rows = (arrangement = {}) =>
      displayView.rows(world(all), { ...everything, sort: 'state', descending: false, ...arrangement })
    expect(rows().map(({ name }) => name)).toEqual([':14', ':13', ':11', ':9', ':0'])
    expect(rows({ faultsOnly: true }).map(({ name }) => name)).toEqual([':14', ':13'])
    expect(rows({ filter: 'term3' })).toHaveLength(3)
    expect(rows({ filter: 'bbbbbb' })).toHaveLength(1)
    expect(rows({ filter: 'orphan' }).map(({ name }) => name)).toEqual([':13'])
    expect(rows({ host: 'd2' })).toEqual([])
  })

  it.each([
    ['idle', [':2', ':1', ':3']],
    ['since', [':1', ':2', ':3']],
    ['name', [':1', ':2', ':3']],
  ])('is sorted by %s', (sort, names) => {
    const all = channels(
      seen({ id: 'aaaaaa', display: 1, openedAt: 1, usedAt: 8_000 }),
      seen({ id: 'bbbbbb', display: 2, openedAt: 2, usedAt: 7_000 }),
      seen({ id: 'cccccc', display: 3, openedAt: 3, usedAt: undefined }),
    )
    const descending = displayView.sorts[sort]?.highestFirst ?? false
    const rows = displayView.rows(world(all), { ...everything, sort, descending })
    expect(rows.map(({ name }) => name)).toEqual(names)
  })
})

describe('a display', () => {
  const page = (display: DisplayRecord, given = {}) =>
    displayView.page(display, world([display], given), 80).map((line) => line.map(textOf).join(''))

  it('says that its X11 goes over the network in the clear, and nothing where it does not', () => {
    const said = (more: object) => page(one(more)).filter((line) => line.startsWith('X11'))
    expect(said({ x11OverTcp: '10.0.0.1:12' })).toEqual([
      'X11         goes over the network in the clear, to 10.0.0.1:12: configured',
    ])
    expect(said({})).toEqual([])
  })

  it('has a page with all that is known of it', () => {
    const lines = page(one({ keep: true, system: 'Labor', resumedAt: 4_000 }))
    expect(lines).toEqual([
      'Display     :12',
      'Server      d1',
      'Seen        0 s ago',
      'State       open',
      'Program     Xephyr, process 72',
      'Channel     k7q2mz',
      'User        anna (1003)',
      'Terminal    term3',
      'Machine     web1',
      'Address     web1.example.org',
      'System      Labor',
      'Session     Plasma',
      'Size        1280x1024, the whole screen',
      'Kept        yes: it outlives its terminal',
      'Opened      9 s ago',
      'Resumed     6 s ago',
      'Idle        1 s',
      'Clients     9',
    ])
  })

  it('that is not of vdd has a short one', () => {
    expect(page(others[0] as DisplayRecord, { trouble })).toEqual([
      'Display     :0',
      'Server      d1',
      'Seen        STALE, 0 s ago',
      'State       not of vdd',
      'Program     Xorg, process 7',
      'User        root',
      'Since       9 s ago',
    ])
  })

  it('is one sentence', () => {
    expect(displayView.sentence(one(), world([]))).toBe(
      ':12 on d1, open, anna at term3, web1, Plasma, since 9 s, idle 1 s',
    )
    expect(displayView.sentence(others[0] as DisplayRecord, world([]))).toBe(
      ':0 on d1, not of vdd, root, Xorg, since 9 s',
    )
  })

  it('is JSON, with names as they are', () => {
    const evil = one({ machine: { name: 'a\u001b', address: 'x' } }, { user: 'b\u001b' })
    expect(displayView.json(evil, world([evil]))).toMatchObject({
      name: ':12',
      host: 'd1',
      display: 12,
      user: 'b\u001b',
      channel: { id: 'k7q2mz', machine: 'a\u001b', idleSeconds: 1, seen: true, trouble: null },
      stale: false,
    })
    expect(displayView.json(others[1] as DisplayRecord, world(others))).toMatchObject({
      name: ':9',
      display: 9,
      user: null,
      since: null,
      channel: null,
    })
  })
})
