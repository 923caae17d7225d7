import { describe, expect, it } from 'vitest'
import { inShort, namesText, peopleText, sessionsOn } from '../../../src/fleet/session/people.ts'
import { sessionsAt } from '../../../src/fleet/session/record.ts'
import { channels, displayServer } from '../../support/displays.ts'
import { seen } from '../../support/sight.ts'

let made = 0

/** A channel of this person at a terminal, to a machine. */
const one = (
  user: string,
  terminal: string,
  address = 'web1.example.org',
  fate: 'alive' | 'orphan' = 'alive',
) =>
  seen(
    {
      id: `aaaa${String.fromCharCode(97 + Math.floor(made / 8), 97 + (made++ % 8))}`,
      terminal: { name: terminal },
      machine: { name: 'The web', address },
    },
    { user, uid: 2000 + user.charCodeAt(0), fate },
  )
const of = (...all: ReturnType<typeof seen>[]) => sessionsAt(displayServer(channels(...all)))

describe('people with sessions', () => {
  it('are named with their terminals, all of them or in short, and counted once each', () => {
    expect(namesText([])).toBeUndefined()
    expect(peopleText([])).toBe('0 people')
    const two = of(one('anna', 't3'), one('bert', 't7'), one('bert', 't8'), one('bert', 't8'))
    expect(namesText(two)).toBe('anna (t3), bert (t7, t8)')
    expect(peopleText(two)).toBe('2 people')
    expect(peopleText(of(one('anna', 't3'), one('anna', 't4')))).toBe('1 person')
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => one(name, 't1'))
    expect(namesText(of(...many))).toBe('a (t1), b (t1), c (t1), d (t1), e (t1), f (t1)')
    expect(inShort(of(...many.slice(0, 5)))).toBe('5 people: a (t1), b (t1), c (t1), d (t1), e (t1)')
    expect(inShort(of(...many))).toBe('6 people: a (t1), b (t1), c (t1), d (t1), e (t1) and 1 more')
  })

  it('are found by the name of their machine, or its address with a domain or without one', () => {
    const all = [
      one('anna', 't1'),
      one('bert', 't2', 'web2'),
      one('carl', 't3', '10.9.0.5'),
      one('dora', 't4', 'web1'),
    ]
    const displays = [displayServer(channels(...all))]
    const on = (...names: string[]) =>
      sessionsOn(
        names.map((rawName) => ({ rawName })),
        { displays },
      ).map(({ user }) => user)
    expect(on('web1')).toEqual(['anna', 'dora'])
    expect(on('web1.example.org')).toEqual(['anna'])
    expect(on('web2', 'web1')).toEqual(['bert', 'anna', 'dora'])
    expect(on('10.9.0.5')).toEqual(['carl'])
    expect(on('The web', 'web1')).toHaveLength(4)
    // The first part of an address is nobody's name.
    expect(on('10')).toEqual([])
    expect(on('web')).toEqual([])
  })

  it('are those whose session is held, not those who have gone', () => {
    const server = displayServer(channels(one('anna', 't1'), one('bert', 't2', 'web1', 'orphan')))
    expect(sessionsAt(server).map(({ user }) => user)).toEqual(['anna'])
    expect(sessionsOn([{ rawName: 'web1' }], { displays: [server] }).map(({ user }) => user)).toEqual([
      'anna',
    ])
  })
})
