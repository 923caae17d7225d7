import { describe, expect, it } from 'vitest'
import { sessionsAt, sessionsOf, whoText } from '../../../src/fleet/session/record.ts'
import { channels, displayServer, logins } from '../../support/displays.ts'
import { loggedIn, seen } from '../../support/sight.ts'
import { word } from '../../support/terminals.ts'

const at = (...given: Parameters<typeof displayServer>) => sessionsAt(displayServer(...given))

describe('the session of a desktop', () => {
  it('is who works where, on what, and since when', () => {
    const [display] = channels(seen({ system: 'Debian', load: { at: 9_000, cpu: 12.5, memoryKiB: 400_000 } }))
    const [one, ...others] = at(display ? [display] : [])
    expect(others).toEqual([])
    expect(one).toEqual({
      id: 'd1 1003/k7q2mz',
      host: 'd1',
      kind: 'desktop',
      name: 'anna/k7q2mz',
      rawName: 'anna/k7q2mz',
      key: 'k7q2mz',
      user: 'anna',
      rawUser: 'anna',
      uid: 1003,
      terminal: 'term3',
      machine: { name: 'web1', rawName: 'web1', rawAddress: 'web1.example.org' },
      desktop: 'Plasma',
      system: 'Debian',
      since: 1_000,
      idle: 1_000,
      load: { cpu: 12.5, memoryKiB: 400_000 },
      display,
    })
  })

  it('begins with the wish for it, and has no desktop before one is chosen', () => {
    const [one] = at(
      channels(seen({ state: 'opening', openedAt: undefined, session: undefined, usedAt: undefined })),
    )
    expect(one).toMatchObject({ since: 900 })
    for (const key of ['desktop', 'system', 'idle', 'load']) expect(one).not.toHaveProperty(key)
  })

  it('is there as long as somebody holds it', () => {
    const all = (['alive', 'orphan', 'dead'] as const).map((fate) => seen({}, { fate }))
    expect(at(channels(...all))).toHaveLength(1)
    expect(at([{ ...channels(seen())[0], channel: undefined } as never])).toEqual([])
  })

  it('is the same object while its display is', () => {
    const displays = channels(seen())
    expect(at(displays)[0]).toBe(at(displays)[0])
    expect(at(channels(seen()))[0]).not.toBe(at(displays)[0])
  })
})

describe('the session at a terminal without X', () => {
  it('is who is logged in from where, on the display server itself', () => {
    const [login] = logins(loggedIn())
    expect(at([], { logins: login ? [login] : [] })).toEqual([
      {
        id: `d1 1003/${login?.id}`,
        host: 'd1',
        kind: 'text',
        name: 'anna/pts/3',
        rawName: 'anna/pts/3',
        key: 'pts/3',
        user: 'anna',
        rawUser: 'anna',
        uid: 1003,
        terminal: '10.0.0.31',
        machine: { name: 'd1', rawName: 'd1', rawAddress: 'd1' },
        since: 1_000,
        idle: 3_000,
        login,
      },
    ])
  })

  it('is on the machine to which it leads', () => {
    const machine = { name: 'web1', address: 'web1.example.org' }
    expect(at([], { logins: logins(loggedIn({ machine })) })[0]).toMatchObject({
      machine: { rawName: 'web1', rawAddress: 'web1.example.org' },
    })
  })

  it('sits at the terminal that told of itself from there, else at its address, else at its line', () => {
    const seat = (from: string | undefined, terminals = [word({ address: '10.0.0.31' })]) =>
      at([], { logins: logins(loggedIn({ from })), terminals })[0]?.terminal
    expect(seat('10.0.0.31')).toBe('term3')
    expect(seat('10.0.0.32')).toBe('10.0.0.32')
    expect(seat(undefined)).toBe('pts/3')
    const { address: _, ...silent } = word()
    expect(seat(undefined, [silent])).toBe('pts/3')
  })

  it('is the same object until its terminal has told its name', () => {
    const all = logins(loggedIn({ usedAt: undefined }))
    const one = at([], { logins: all })[0]
    expect(one).not.toHaveProperty('idle')
    expect(at([], { logins: all })[0]).toBe(one)
    const named = at([], { logins: all, terminals: [word({ address: '10.0.0.31' })] })[0]
    expect(named).toMatchObject({ terminal: 'term3' })
  })
})

describe('all sessions', () => {
  it('are those of all display servers, first the desktops of each', () => {
    const all = sessionsOf({
      displays: [
        displayServer(channels(seen()), { logins: logins(loggedIn()) }),
        displayServer([], { host: 'd2', logins: logins(loggedIn({ user: 'bruno' })) }),
      ],
    })
    expect(all.map(whoText)).toEqual(['anna (term3)', 'anna (10.0.0.31)', 'bruno (10.0.0.31)'])
    expect(all.map(({ host }) => host)).toEqual(['d1', 'd1', 'd2'])
  })
})
