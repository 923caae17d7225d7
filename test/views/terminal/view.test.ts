import { describe, expect, it } from 'vitest'
import type { TerminalRecord } from '../../../src/fleet/terminal/record.ts'
import { terminalsOf } from '../../../src/fleet/terminal/terminals.ts'
import { say } from '../../../src/hosts/label.ts'
import { textOf } from '../../../src/text/part.ts'
import { terminalView } from '../../../src/views/terminal/view.ts'
import { everything } from '../../../src/views/world.ts'
import { logins } from '../../support/displays.ts'
import { host, snapshot } from '../../support/records.ts'
import { loggedIn, seen } from '../../support/sight.ts'
import { server, terminals, word } from '../../support/terminals.ts'
import { worldOf } from '../../support/world.ts'

type Given = Parameters<typeof server>
const world = (...given: Given) =>
  worldOf({ ...snapshot([], [host('d1', { roles: ['display'] })]), displays: [server(...given)] })
const first = (...given: Given) => terminals(...given)[0] as TerminalRecord
const cells = (...given: Given) =>
  Object.fromEntries(
    terminalView.columns(world(...given)).map(({ id, cell }) => [id, textOf(cell(first(...given)))]),
  )
const text = (lines: ReturnType<typeof terminalView.page>) =>
  lines.map((parts) => parts.map(textOf).join('').trimEnd()).join('\n')

const small = { memoryKiB: 121_344, screens: [{ width: 640, height: 480 }] }
const gone = seen({ terminal: { name: 'term3' }, keep: true })

describe('the list of terminals', () => {
  it('tells who sits where at what', () => {
    expect(cells([seen()], [word()])).toEqual({
      name: 'term3',
      host: 'd1',
      address: '10.0.0.3',
      user: 'anna',
      machine: 'web1',
      desktop: 'Plasma',
      cpu: '-',
      screen: '1280x1024',
      memory: '488M',
      link: '100M',
      processor: 'Geode LX 800, 1 core',
      told: '6s',
      note: '',
    })
  })

  it.each<[string, Given, string | undefined]>([
    ['not told', [[seen()], []], 'term3: not known what it is: it did not tell'],
    [
      'too small',
      [[], [word({}, small)]],
      'term3: 119M of memory: use full screen, no compositing; a screen of 640x480: use full screen, small letters, a desktop without panels',
    ],
    ['away', [[gone], [word()]], 'term3: it went away: the desktop of anna waits'],
    ['', [[], [word()]], undefined],
  ])('notes %s, and why below', (mark, given, note) => {
    expect(cells(...given).note).toBe(mark)
    const one = first(...given)
    expect(terminalView.note?.(one, world(...given))).toBe(note)
    const faults = terminalView.rows(world(...given), {
      ...everything,
      faultsOnly: true,
      sort: 'name',
      descending: false,
    })
    expect(faults).toHaveLength(['too small', 'away'].includes(mark) ? 1 : 0)
  })

  it('has people and machines each once, and the link and the screen that count', () => {
    const twice = [seen(), seen({ id: 'bbbbbb', display: 13 }), seen({ id: 'cccccc' }, { user: 'bruno' })]
    const eth = { name: 'eth0', isUp: true, isWireless: false }
    const facts = {
      screens: [{ width: 800, height: 600 }, { width: 1024, height: 768 }, {}],
      links: [
        { ...eth, mbps: 10 },
        { ...eth, mbps: 2500 },
        { ...eth, isUp: false, mbps: 10_000 },
      ],
    }
    expect(cells(twice, [word({}, facts)])).toMatchObject({
      user: 'anna, bruno',
      machine: 'web1',
      screen: '1024x768 +2',
      link: '2.5G',
    })
    const air = cells([], [word({}, { links: [{ ...eth, isWireless: true }], screens: [] })])
    expect(cells([], [word({}, { links: [eth] })]).link).toBe('up')
    expect(air).toMatchObject({ link: 'wifi', screen: '-', user: '-', machine: '-' })
  })

  it('stands back where its server does not answer', () => {
    const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const
    const old = world([], [word()], { trouble })
    const one = first([], [word()])
    expect([terminalView.tone?.(one, old), terminalView.tone?.(one, world([], []))]).toEqual([
      'stale',
      undefined,
    ])
    expect(terminalView.json(one, old)).toMatchObject({ stale: true })
    expect(text(terminalView.page(one, old, 80))).toMatch(/Seen +STALE, 6 s ago/)
  })

  it('does not stand back while one of those who know it answers', () => {
    const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const
    const shown = worldOf({
      ...snapshot([]),
      displays: [server([], [word()], { trouble }), server([seen()], [word()], { host: 'd2' })],
    })
    const [one] = terminalsOf(shown.snapshot.displays) as [TerminalRecord]
    expect(one.hosts).toEqual(['d1', 'd2'])
    expect(terminalView.tone?.(one, shown)).toBeUndefined()
    expect(terminalView.json(one, shown)).toMatchObject({ stale: false })
  })

  it('begins with the small ones by memory, screen and link, and has what is not known at the end', () => {
    const all = [
      word({ name: 'big' }, { links: [{ name: 'e', isUp: true, isWireless: false, mbps: 1000 }] }),
      word({ name: 'small' }, { ...small, links: [{ name: 'e', isUp: true, isWireless: false, mbps: 10 }] }),
    ]
    const shown = world([seen({ terminal: { name: 'mute', display: ':0' } })], all)
    for (const sort of ['memory', 'screen', 'link'])
      expect(
        terminalView.rows(shown, { ...everything, sort, descending: false }).map(({ name }) => name),
      ).toEqual(['small', 'big', 'mute'])
  })
})

describe('a terminal', () => {
  it('is acted on by what came to it last, shown before kept, and by nothing where nobody sits', () => {
    const all = [
      seen({ openedAt: 1 }),
      seen({ id: 'bbbbbb', openedAt: 2 }),
      seen({ id: 'cccccc', openedAt: 1, resumedAt: 3 }),
      seen({ id: 'dddddd', openedAt: 9, terminal: { name: 'term3' } }),
    ]
    const acted = (...given: Given) =>
      terminalView.hits(first(...given), world(...given)).display?.channel?.id
    expect([
      acted(all, []),
      acted(all.slice(0, 2), []),
      acted(all.slice(3), []),
      acted([], [word()]),
    ]).toEqual(['cccccc', 'bbbbbb', 'dddddd', undefined])
  })

  it('has a page with all that is known', () => {
    const one = first([seen(), gone], [word({}, small)])
    expect(text(terminalView.page(one, world([], []), 100))).toBe(`\
Terminal    term3
Address     10.0.0.3
Server      d1
Seen        now
Sessions    anna: web1, Plasma, :12 on d1, since 9 s
Own name    pc3
Memory      119M
Model       Wyse S10
Processor   Geode LX 800, 1 core
Disks       128MB Flash, 128 MB
Screens     screen, 640x480
Links       eth0, 100 Mbit/s
Too small   119M of memory: use full screen, no compositing
            a screen of 640x480: use full screen, small letters, a desktop without panels
Told        ${new Date(4000).getDate() === 1 ? ' 1 Jan' : '31 Dec'} ${new Date(4000).toTimeString().slice(0, 8)}, 6 s ago, by anna`)
  })

  it('is told in one line, and for programs', () => {
    const one = first([gone], [word({}, small)])
    expect(terminalView.sentence(one, world([], []))).toBe(
      'term3, away, 640x480, 119M of memory, Geode LX 800, 1 core, told 6 s ago, it went away: the desktop of anna waits; 119M of memory: use full screen, no compositing; a screen of 640x480: use full screen, small letters, a desktop without panels',
    )
    expect(terminalView.json(one, world([], []))).toMatchObject({
      name: 'term3',
      hosts: ['d1'],
      address: '10.0.0.3',
      state: 'away',
      displays: [{ name: ':12', channel: 'k7q2mz', user: 'anna', machine: 'web1', seen: false }],
      toldBy: 'anna',
      hardware: { name: 'pc3', memoryKiB: 121_344 },
      tooSmall: [/119/, /640x480/].map((one) => expect.stringMatching(one)),
      stale: false,
    })
    // When it was last used, and when it told of itself, are different things.
    const used = seen({ terminal: { name: 'term3' }, keep: true, usedAt: 8_000, lookedAt: 9_000 })
    expect(terminalView.json(first([used, seen({ id: 'bbbbbb' })], [word()]), world([], []))).toMatchObject({
      state: 'used',
      seenAt: new Date(10_000).toISOString(),
      toldAt: new Date(4_000).toISOString(),
      displays: [
        { channel: 'k7q2mz', host: 'd1', session: 'Plasma', seen: false },
        { channel: 'bbbbbb', seen: true },
      ],
    })
    expect(terminalView.json(first([], [word()]), world([], []))).toMatchObject({
      state: 'free',
      displays: [],
    })
    expect(terminalView.leadsTo?.(one)).toEqual({ kind: 'session', id: 'd1 1003/k7q2mz' })
    const left = first([seen({}, { fate: 'orphan' })], [])
    expect(terminalView.leadsTo?.(left)).toEqual({ kind: 'display', id: 'd1 1003/k7q2mz' })
  })
})

describe('a terminal without X', () => {
  const web = { name: 'web1', address: 'web1.example.org' }
  const texts = (one: ReturnType<typeof loggedIn>) => ({ logins: logins(one) })
  const atTerm3 = texts(loggedIn({ from: '10.0.0.3', machine: web }))

  it('tells who is logged in there, on what', () => {
    expect(cells([], [word()], atTerm3)).toMatchObject({
      name: 'term3',
      user: 'anna',
      machine: 'web1',
      desktop: 'text',
      note: '',
    })
    // Who also has a desktop there is named once.
    const both = cells([seen({ load: { at: 9_000, cpu: 12.4, memoryKiB: 2_048 } })], [word()], atTerm3)
    expect(both).toMatchObject({ user: 'anna', machine: 'web1', desktop: 'Plasma, text', cpu: '12%' })
    expect(cells([], [], texts(loggedIn({ from: undefined, tty: 'tty2' })))).toMatchObject({
      name: 'tty2',
      user: 'anna',
      machine: 'd1',
      note: 'console',
    })
    expect(cells([], [], texts(loggedIn()))).toMatchObject({ name: '10.0.0.31', note: 'not told' })
  })

  it('is in use, and what keys do there they do to that session', () => {
    const one = first([gone], [word()], atTerm3)
    expect(terminalView.json(one, world([], []))).toMatchObject({
      state: 'used',
      seenAt: new Date(10_000).toISOString(),
      sessions: [
        { name: 'anna/k7q2mz', kind: 'desktop', machine: 'web1' },
        { name: 'anna/pts/3', kind: 'text', machine: 'web1', desktop: null, cpuPercent: null },
      ],
    })
    expect(terminalView.hits(one, world([], []))).toMatchObject({
      session: { key: 'pts/3' },
      display: undefined,
    })
    expect(terminalView.leadsTo?.(one)).toEqual({ kind: 'session', id: 'd1 1003/pts/3-70' })
    expect(
      text(terminalView.page(one, world([], []), 100)),
    ).toContain(`Sessions    anna: web1, Plasma, :12 on d1, since 9 s, waits for its user
            anna: web1, text, pts/3 on d1, since 9 s`)
    expect(terminalView.sentence(one, world([], []))).toMatch(/^term3, anna on web1, Plasma, text, /)
  })
})
