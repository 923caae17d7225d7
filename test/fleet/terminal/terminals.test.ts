import { describe, expect, it } from 'vitest'
import { kinds, meantAmong } from '../../../src/fleet/kinds.ts'
import {
  isAway,
  lastSeenAt,
  latestSessionAt,
  shownOn,
  type TerminalRecord,
} from '../../../src/fleet/terminal/record.ts'
import { terminalsOf } from '../../../src/fleet/terminal/terminals.ts'
import { label } from '../../../src/hosts/label.ts'
import { seen } from '../../support/sight.ts'
import { server, terminals, word } from '../../support/terminals.ts'

const first = (...given: Parameters<typeof terminals>) => terminals(...given)[0] as TerminalRecord
const gone = { terminal: { name: 'term3' }, keep: true }

describe('the terminals of a display server', () => {
  it('are made of what they told, and of the channels that are on them', () => {
    const [both, told, shown, ...others] = terminals(
      [seen(), seen({ id: 'bbbbbb', terminal: { name: '192.0.2.7', display: ':0' } })],
      [word(), word({ name: 'term4' })],
    )
    expect(both).toMatchObject({
      id: 'd1 term3',
      hosts: ['d1'],
      address: '10.0.0.3',
      channels: [{ user: 'anna', channel: { machine: { name: 'web1' } } }],
      told: { at: 4_000, user: 'anna', facts: { memoryKiB: 499_712 } },
    })
    expect(told).toMatchObject({ name: 'term4', channels: [], told: {} })
    // Who has no name is called by the address.
    expect(shown).toMatchObject({ name: '192.0.2.7', address: '192.0.2.7', channels: [{}] })
    expect([shown?.told, others]).toEqual([undefined, []])
  })

  it('are at the address by which they are called, of IPv4 or IPv6, if they told none', () => {
    const addressOf = (name: string) => first([seen({ terminal: { name } })], []).address
    expect(['192.0.2.7', '2001:db8::7', 'fe80::7%eth0'].map(addressOf)).toEqual([
      '192.0.2.7',
      '2001:db8::7',
      'fe80::7%eth0',
    ])
    expect(['term3', '192.0.2', 'pc:3', '1.2.3.4.5'].map(addressOf)).toEqual(Array(4).fill(undefined))
  })

  it('are none of displays that are no channels, nor where nothing is told of terminals', () => {
    const { channel: _, ...other } = server([seen()], []).displays[0] ?? {}
    expect(terminalsOf([{ host: 'd1', displays: [other as never] }])).toEqual([])
  })

  it('are the same objects while their servers are', () => {
    const servers = [server([seen()], [word()])]
    expect(terminalsOf(servers)).toBe(terminalsOf(servers))
  })

  it('have a latest session: of those on the screen, else of those that wait', () => {
    const [older, newer] = [seen({ openedAt: 2_000 }), seen({ id: 'bbbbbb', openedAt: 3_000 })]
    const latest = (...all: ReturnType<typeof seen>[]) => latestSessionAt(first(all, [word()]))?.key
    expect(latest(older, newer)).toBe('bbbbbb')
    expect(latest(newer, older)).toBe('bbbbbb')
    // It came back later than the other was opened.
    expect(latest(newer, seen({ openedAt: 2_000, resumedAt: 4_000 }))).toBe('k7q2mz')
    expect(latest(newer, seen({ openedAt: undefined, wantedAt: 5_000, state: 'opening' }))).toBe('k7q2mz')
    // What waits came later, but nobody sees it.
    expect(latest(older, seen({ ...gone, id: 'cccccc', openedAt: 4_000 }))).toBe('k7q2mz')
    expect(latest(seen({ ...gone, openedAt: 1_000 }), seen({ ...gone, id: 'cccccc' }))).toBe('k7q2mz')
    expect(latest()).toBeUndefined()
  })

  it('are none of channels that are dead', () => {
    expect(terminals([seen({}, { fate: 'dead' })], [])).toEqual([])
  })

  it('are what was told last, by whomever', () => {
    const late = { ...word({ user: 'bruno' }, { memoryKiB: 1 }), at: 5_000 }
    for (const all of [
      [word(), late],
      [late, word()],
    ])
      expect(first([], all).told).toMatchObject({ at: 5_000, user: 'bruno', facts: { memoryKiB: 1 } })
    // The one that is named last of two at the same moment.
    expect(first([], [word(), word({ user: 'bruno' })]).told).toMatchObject({ user: 'bruno' })
  })

  it('are away when what they showed is kept and nobody sees it', () => {
    const two = [seen(gone), seen({ id: 'bbbbbb' })]
    expect([first([seen(gone)], []), first(two, []), first([], [word()])].map(isAway)).toEqual([
      true,
      false,
      false,
    ])
    expect(shownOn(first(two, []))).toHaveLength(1)
  })

  it('were seen now where somebody sits, and else when they last gave a sign', () => {
    const at = (...given: Parameters<typeof first>) => lastSeenAt(first(...given), 10_000)
    expect(at([seen()], [word()])).toBe(10_000)
    expect(at([], [word()])).toBe(4_000)
    expect(at([seen({ ...gone, usedAt: 7_000, lookedAt: 10_000 })], [word()])).toBe(7_000)
    expect(at([seen({ ...gone, usedAt: undefined, resumedAt: 3_000 })], [])).toBe(3_000)
  })

  it('are meant by their name, their address, and who sits there', () => {
    const all = terminals([seen()], [word(), word({ name: 'term4', address: '10.0.0.4' })])
    const names = (word: string) => meantAmong(kinds.terminal, all, word).map(({ name }) => name)
    expect(['term3', 'term3@d1', '10.0.0.4', 'anna', 'bruno'].map(names)).toEqual([
      ['term3'],
      ['term3'],
      ['term4'],
      ['term3'],
      [],
    ])
  })
})

describe('a terminal that two display servers know', () => {
  const both = (...others: Parameters<typeof word>) =>
    terminalsOf([
      server([seen()], [word()]),
      server([seen({ id: 'bbbbbb' }, { user: 'bruno' })], [{ ...word(...others), at: 6_000 }], {
        host: 'd2',
      }),
    ])

  it('is one if name, address and parts are the same, with the latest word, whatever is plugged in now', () => {
    const all = both({}, { screens: [], links: [], system: label('newer') })
    expect(all).toMatchObject([
      {
        id: 'd1 term3',
        hosts: ['d1', 'd2'],
        told: { at: 6_000 },
        channels: [{ user: 'anna' }, { user: 'bruno' }],
      },
    ])
  })

  it.each<[string, number, Parameters<typeof word>]>([
    ['another name', 3, [{ name: 'term4' }]],
    ['another address', 2, [{ address: '10.9.0.3' }]],
    ['other parts', 2, [{}, { model: 'HP t5530' }]],
    ['a name of its own', 2, [{}, { name: 'pc4' }]],
  ])('is not one with %s', (_, count, others) => {
    expect(both(...others)).toHaveLength(count)
  })

  it('is two where one was not told: nobody knows', () => {
    expect(terminalsOf([server([], [word()]), server([seen()], [], { host: 'd2' })])).toHaveLength(2)
  })
})
