import { describe, expect, it } from 'vitest'
import { atOnce } from '../../../src/hosts/slices.ts'
import type { ToldTerminal } from '../../../src/services/display/facts.ts'
import { parseSight, sightSteps } from '../../../src/services/display/parse.ts'
import { loggedIn, seen, sight } from '../../support/sight.ts'
import { pc } from '../../support/terminals.ts'

/** This console is half an hour ahead of the display server. */
const ahead = 1_800_000
const clock = () => (theirs: number) => theirs + ahead

const read = (told: unknown) => parseSight(JSON.stringify(told), clock)

function displays(...given: Parameters<typeof sight>) {
  const found = read(sight(...given))
  if ('wrong' in found) throw new Error(found.wrong)
  return found.displays
}

describe('parseSight', () => {
  it.each([
    [{ silent: 'machine' }, 'the machine does not answer: it is off, or the line to it is cut'],
    [{ silent: 'terminal' }, 'the terminal does not answer: it is off, or the line to it is cut'],
    [{ silent: 'machine', trouble: 'the machine was lost' }, 'the machine was lost'],
  ] as const)('says of %o what does not go well', (said, trouble) => {
    expect(displays([seen(said)])[0]?.channel?.trouble).toBe(trouble)
  })

  it('reads a channel, with times of the clock of this console', () => {
    expect(displays([seen({ trouble: '', system: 'Labor' })])).toEqual([
      {
        key: '1003/k7q2mz',
        number: 12,
        user: 'anna',
        program: 'Xephyr',
        pid: 72,
        since: ahead + 1_000,
        channel: {
          id: 'k7q2mz',
          uid: 1003,
          rawUser: 'anna',
          fate: 'alive',
          state: 'open',
          shows: 'session',
          terminal: 'term3',
          rawTerminal: { name: 'term3', display: ':0' },
          isUnseen: false,
          machine: { name: 'web1', rawName: 'web1', rawAddress: 'web1.example.org' },
          session: 'Plasma',
          system: 'Labor',
          size: { width: 1280, height: 1024 },
          fullScreen: true,
          keep: false,
          wantedAt: ahead + 900,
          openedAt: ahead + 1_000,
          clients: 9,
          idle: 1_000,
        },
      },
    ])
  })

  it('reads text sessions, and does without from an older vdd', () => {
    const of = (logins: unknown) => {
      const found = read({ ...sight([]), logins })
      return 'wrong' in found ? found.wrong : found.logins
    }
    const hostile = 'x\u001b[2J'
    const machine = { name: hostile, address: 'desk1' }
    expect(of([loggedIn({ user: hostile, from: hostile, machine })])).toEqual([
      {
        id: 'pts/3-70',
        tty: 'pts/3',
        uid: 1003,
        user: 'x\\e[2J',
        rawUser: hostile,
        from: 'x\\e[2J',
        since: ahead + 1_000,
        idle: 3_000,
        machine: { name: 'x\\e[2J', rawName: hostile, rawAddress: 'desk1' },
      },
    ])
    // Whoever sets its clock is not there since tomorrow.
    expect(of([loggedIn({ since: 99_000, usedAt: 99_000, uid: -1 })])).toMatchObject([
      { since: ahead + 10_000, idle: 0, uid: 0 },
    ])
    expect(of(Array.from({ length: 600 }, (_, i) => loggedIn({ pid: i + 1 })))).toHaveLength(500)
    expect(of(undefined)).toBeUndefined()
    for (const tty of ['../../etc/x', 'pts/3; x', 'pts/3-1', ''])
      expect(of([loggedIn({ tty })])).toBe('what it tells of its displays is wrong at logins.0.tty')
    expect(of(7)).toBe('what it tells of its displays is wrong at logins')
  })

  it('reads terminals that told of themselves, leaves out what is none, and does without from an older vdd', () => {
    const line = JSON.stringify(pc())
    const term = { name: 'term\u001b[2J', address: '10.0.0.3', at: 5_000, user: 'anna', line }
    const mark = '0123456789abcdef'
    const all = [
      term,
      { ...term, at: 99_000 },
      { ...term, at: -5 },
      { name: 'x' },
      7,
      { ...term, line: '{}' },
    ]
    const of = (terminals: unknown) => {
      const found = read({ ...sight([]), terminals })
      return 'wrong' in found ? found.wrong : found.terminals
    }
    const { line: rawLine, ...others } = { ...term, name: 'term\\e[2J', facts: pc() }
    expect(of({ mark, all })).toEqual({
      mark,
      // Nobody told in the future.
      all: [5_000, 10_000, -5].map((at) => ({ ...others, rawLine, at: at + ahead })),
    })
    expect(of({ mark })).toEqual({ mark })
    expect(of(undefined)).toBeUndefined()
    expect(of({ mark: '--x', all })).toBe('what it tells of its displays is wrong at terminals.mark')
  })

  it('lets others have their turn between each of what it reads: each may be long, and slow to look at', () => {
    const long = 'e\u0301'.repeat(2000)
    const pieces = 40
    const many = <T>(one: T) => Array.from({ length: pieces }, () => one)
    const term = { name: long, address: long, at: 1, user: long, line: JSON.stringify(pc({ model: long })) }
    const told = sight(many(seen({}, { user: long })), {
      others: many({ display: 1, program: long }),
      faults: many({ place: long, why: long }),
      terminals: { mark: '0123456789abcdef', all: many(term) },
    })
    let turns = 0
    for (const _ of sightSteps(JSON.stringify(told), clock)) turns++
    expect(turns).toBeGreaterThanOrEqual(4 * pieces)
  })

  it('reads what a terminal tells once, as long as it tells the same', () => {
    const all = [{ name: 'term3', at: 1, user: 'anna', line: JSON.stringify(pc()) }]
    const of = (known?: readonly ToldTerminal[]) => {
      const told = sight([], { terminals: { mark: '0123456789abcdef', all } })
      const found = atOnce(sightSteps(JSON.stringify(told), clock, known))
      if ('wrong' in found || !found.terminals?.all) throw new Error('not read')
      return found.terminals.all
    }
    const first = of()
    expect(of(first)[0]?.facts).toBe(first[0]?.facts)
    expect(of()[0]?.facts).not.toBe(first[0]?.facts)
  })

  it.each(['{"version":{"toString":1}}', `{"version":${'['.repeat(50)}${']'.repeat(50)}}`])(
    'says of a version that is no number only that',
    (text) => {
      expect(parseSight(text, clock)).toEqual({
        wrong: 'its vdd tells of displays in version ?, and this one reads 1',
      })
    },
  )

  it('reads a channel that shows the screen of a machine, and has no X display of its own', () => {
    const [screen] = displays([
      seen({ shows: 'screen', display: undefined, server: undefined, session: undefined }),
    ])
    expect(screen).toMatchObject({ key: '1003/k7q2mz', channel: { state: 'open', shows: 'screen' } })
    expect(screen).not.toHaveProperty('number')
    expect(screen?.channel).not.toHaveProperty('session')
  })

  it('reads other displays, with what is known of them', () => {
    const others = [
      { display: 0, program: 'Xorg', pid: 7, user: 'root', startedAt: 1 },
      { display: 9 },
      { display: -1 },
      { display: 65_536 },
    ]
    expect(displays([], { others })).toEqual([
      { key: ':0', number: 0, program: 'Xorg', pid: 7, user: 'root', since: ahead + 1 },
      { key: ':9', number: 9 },
    ])
  })

  it('knows a kept channel at which nobody looks, and one that has no display yet', () => {
    const [kept, opening] = displays([
      seen({ keep: true, terminal: { name: 'term3' } }),
      seen({
        id: 'aaaaaa',
        state: 'opening',
        display: undefined,
        server: undefined,
        openedAt: undefined,
        usedAt: undefined,
        lookedAt: undefined,
      }),
    ])
    expect(kept?.channel).toMatchObject({ keep: true, isUnseen: true, terminal: 'term3' })
    expect(opening).not.toHaveProperty('number')
    expect(opening?.channel).not.toHaveProperty('idle')
    expect(opening?.since).toBe(ahead + 900)
  })

  it.each([
    ['was asked just now', { usedAt: 9_900, lookedAt: 10_000 }, 100],
    ['was asked a while ago', { usedAt: 4_000, lookedAt: 5_000 }, 1_000],
    ['nobody tells when it was asked', { usedAt: 4_000, lookedAt: undefined }, 6_000],
    ['was used after it was asked, as its owner says', { usedAt: 9_500, lookedAt: 9_000 }, undefined],
    ['is used in the future, as its owner says', { usedAt: 90_000, lookedAt: 90_000 }, 0],
    ['was never used', { usedAt: undefined }, undefined],
  ])('tells how long one is idle that %s', (_what, said, idle) => {
    expect(displays([seen(said)])[0]?.channel?.idle).toBe(idle)
  })

  it('does not tell how long one is idle that was not asked lately', () => {
    const [one] = displays([seen({ usedAt: 1, lookedAt: 2 })], { at: 130_000 })
    expect(one?.channel).not.toHaveProperty('idle')
  })

  it('lets nobody have come from the future, or from before all times', () => {
    const [one] = displays([seen({ openedAt: 8e15, wantedAt: 0, resumedAt: 10_001 })])
    expect(one?.since).toBe(ahead + 10_000)
    expect(one?.channel?.resumedAt).toBe(ahead + 10_000)
    const behind = parseSight(JSON.stringify(sight([seen()])), () => (theirs) => theirs - ahead)
    expect('displays' in behind && behind.displays[0]?.since).toBe(0)
  })

  it('makes all words printable, and keeps the names that are passed on as they are', () => {
    const evil = 'a\u001b[2J'
    const [one] = displays([
      seen(
        {
          terminal: { name: evil },
          machine: { name: evil, address: evil },
          session: { id: evil, name: evil },
          system: evil,
          trouble: evil,
        },
        { user: evil },
      ),
    ])
    expect(one).toMatchObject({ user: 'a\\e[2J' })
    expect(one?.channel).toMatchObject({
      rawUser: evil,
      terminal: 'a\\e[2J',
      machine: { name: 'a\\e[2J', rawName: evil },
      session: 'a\\e[2J',
      system: 'a\\e[2J',
      trouble: 'a\\e[2J',
    })
    const told = read(
      sight([], {
        others: [{ display: 1, user: evil, program: evil }],
        faults: [{ place: evil, why: evil }],
      }),
    )
    expect(told).toMatchObject({
      displays: [{ user: 'a\\e[2J', program: 'a\\e[2J' }],
      faults: [{ place: 'a\\e[2J', why: 'a\\e[2J' }],
    })
  })

  it('takes the first of two with one key, and two owners of one id for two', () => {
    const found = displays([
      seen({ display: 1 }),
      seen({ display: 2 }),
      seen({ display: 3 }, { user: 'bruno', uid: 1004 }),
    ])
    expect(found.map(({ key, number }) => [key, number])).toEqual([
      ['1003/k7q2mz', 1],
      ['1004/k7q2mz', 3],
    ])
  })

  it.each([
    ['', 'it tells of its displays in no form that is known: '],
    ['Welcome!\n{}', 'it tells of its displays in no form that is known: Welcome!\\n{}'],
    ['null', 'its vdd tells of displays in version undefined, and this one reads 1'],
    ['[]', 'its vdd tells of displays in version undefined, and this one reads 1'],
    ['{"version":2}', 'its vdd tells of displays in version 2, and this one reads 1'],
    ['{"version":"\\u001b[2J"}', 'its vdd tells of displays in version \\e[2J, and this one reads 1'],
    [
      '{"version":1,"at":1,"channels":[{}],"others":[],"faults":[]}',
      'what it tells of its displays is wrong at channels.0.user',
    ],
    [
      JSON.stringify(sight([], { others: [{ display: 1 }, { display: 'x' as never }] })),
      'what it tells of its displays is wrong at others.1.display',
    ],
    [
      JSON.stringify(sight([], { faults: [{}] as never })),
      'what it tells of its displays is wrong at faults.0.place',
    ],
    [JSON.stringify(sight([], { at: 1e300 })), 'its clock is not to be believed'],
    [JSON.stringify(sight([], { at: -1 })), 'its clock is not to be believed'],
  ])('says why %j is not understood', (text, wrong) => {
    expect(parseSight(text, clock)).toEqual({ wrong })
  })

  it('counts nothing where there are more channels than can be, and leaves out what anybody may make', () => {
    expect(read(sight(Array.from({ length: 2_001 }, () => seen())))).toEqual({
      wrong: 'it tells of 2001 channels: more than 2000 are not read',
    })
    const others = Array.from({ length: 600 }, (_, display) => ({ display }))
    const faults = Array.from({ length: 101 }, () => ({ place: '1003', why: 'x' }))
    const found = read(sight([], { others, faults }))
    if ('wrong' in found) throw new Error(found.wrong)
    expect([found.displays.length, found.left, found.faults.length]).toEqual([500, 100, 100])
  })
})
