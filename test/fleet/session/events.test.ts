import { describe, expect, it } from 'vitest'
import { Displays } from '../../../src/fleet/display/displays.ts'
import type { Login } from '../../../src/services/display/facts.ts'
import { displaysOf, logins } from '../../support/displays.ts'
import { loggedIn, seen } from '../../support/sight.ts'

interface Look {
  readonly at: number
  readonly channels?: readonly ReturnType<typeof seen>[]
  /** none: it does not tell of them */
  readonly logins?: readonly Login[]
}

/** What happens when a display server tells one after the other. */
function happened(...looks: readonly Look[]): string[] {
  const displays = new Displays(['d1'])
  return looks.flatMap(({ at, channels = [], logins }) =>
    displays
      .reading({
        host: 'd1',
        at,
        displays: displaysOf(channels),
        faults: [],
        left: 0,
        ...(logins ? { logins } : {}),
      })
      .map(({ about, name, text }) => `${about?.kind} ${name} ${text}`),
  )
}

const nobody = { at: 10_000, logins: [] }
const login = logins(loggedIn({ since: 9_000 }))
const onMachine = logins(
  loggedIn({ since: 1_000, pid: 80, machine: { name: 'web1', address: 'web1.example.org' } }),
)
const opening = seen({ state: 'opening', openedAt: undefined })

describe('the text sessions of a display server', () => {
  it('are told of when they begin, and when they end', () => {
    expect(happened(nobody, { at: 13_000, logins: login })).toEqual([
      'session anna/pts/3 text session opened: anna (10.0.0.31), d1',
    ])
    expect(happened({ at: 10_000, logins: login }, { at: 69_000, logins: [] })).toEqual([
      'session anna/pts/3 text session ended after 1 min: anna (10.0.0.31), d1',
    ])
    expect(happened({ at: 10_000, logins: login }, { at: 13_000, logins: login })).toEqual([])
  })

  it('that were there before this console, or of which nothing is told, are no events', () => {
    expect(happened({ at: 10_000, logins: login })).toEqual([])
    expect(happened({ at: 10_000 }, { at: 13_000, logins: login })).toEqual([])
    expect(happened({ at: 10_000, logins: login }, { at: 13_000 })).toEqual([])
  })

  it('go on where the desk brings them to a machine and back, or shows a desktop instead', () => {
    expect(
      happened(
        { at: 10_000, logins: login },
        { at: 13_000, logins: onMachine },
        { at: 61_000, logins: login },
      ),
    ).toEqual([
      'session anna/pts/3 text session opened: anna (10.0.0.31), web1',
      'session anna/pts/3 text session ended after 1 min: anna (10.0.0.31), web1',
    ])
    const desktop = [
      { at: 10_000, logins: login },
      { at: 13_000, logins: [], channels: [opening] },
      { at: 61_000, logins: login },
    ]
    expect(happened(...desktop).filter((text) => text.includes('text session'))).toEqual([])
  })

  it('end although their person has something else, which was there before', () => {
    expect(
      happened(
        { at: 10_000, logins: login, channels: [seen()] },
        { at: 69_000, logins: [], channels: [seen()] },
      ),
    ).toHaveLength(1)
    const bruno = seen({ id: 'bbbbbb' }, { user: 'bruno', uid: 1004 })
    expect(
      happened({ at: 10_000, logins: login }, { at: 69_000, logins: [], channels: [bruno] }).join(),
    ).toContain('text session ended')
  })
})
