import { describe, expect, it } from 'vitest'
import { countingFor, only, readable, remarks, whichService } from '../../../src/actions/frontend/common.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { say } from '../../../src/hosts/label.ts'
import { alone, daemon, http, lb1, lb2, ldap, rs1, silent, world } from '../sides/balanced.ts'

// What all actions of front ends have in common.

describe('the question for a service', () => {
  const shown = world([lb1({ [rs1.ldap]: { weight: 0 } })])
  const [first, second] = shown.frontends
  const offered = (...together: typeof shown.frontends) =>
    first &&
    whichService.choices?.(first, shown, 10_000, {}, together).map(({ value, note }) => [value, note])

  it('says how the one stands in each, and of several how many serve', () => {
    if (!first || !second) throw new Error('no two')
    expect(offered(first)).toEqual([
      ['all', undefined],
      [http, 'in service, weight 4'],
      [ldap, 'weight 0, weight 0'],
    ])
    expect(offered(first, second)).toEqual([
      ['all', undefined],
      [http, '2 of 2 in service'],
      [ldap, '1 of 2 in service'],
    ])
  })

  it('is refused for one that is none, with those that are', () => {
    if (!first) throw new Error('no one')
    const refused = (value: string) => whichService.refuses?.(value, first, shown, 10_000, {}, [first])
    expect(refused('x')).toBe(`no service x; there are ${http}, ${ldap}`)
    expect([refused('all'), refused(ldap)]).toEqual([undefined, undefined])
  })

  it('is asked where there are several', () => {
    if (!first) throw new Error('no one')
    const asked = (count: number) =>
      whichService.when?.({ ...first, services: first.services.slice(0, count) }, {}, shown)
    expect([asked(1), asked(2)]).toEqual([false, true])
  })
})

describe('who owns the weights', () => {
  const known = (...balancers: readonly BalancerRecord[]) => {
    const shown = world(balancers)
    return readable(shown.frontends[0] ? countingFor(shown.frontends[0]) : [], shown)
  }

  it('is known where all that answer are known, with or without ldirectord', () => {
    expect(known(lb1(), lb2())).toBe(true)
    expect(known(alone())).toBe(true)
    expect(known(lb1(), silent(lb2({ partial: say`no log` })))).toBe(true)
    const { daemon: _, ...stopped } = daemon('lb1', { notLoaded: true })
    expect(known(lb1({}, stopped))).toBe(true)
  })

  it('is not known where nobody has the server, or ldirectord is known in part', () => {
    expect(readable([], world([lb1()]))).toBe('no balancer knows it')
    expect(known(lb1({}, daemon('lb1', { partial: say`no log` })))).toBe(
      'who owns the weights on lb1 is not known: no log',
    )
    expect(readable([], world([silent(lb1())]))).toContain('lb1')
  })
})

describe('what is said together', () => {
  it('are the remarks that apply, if any', () => {
    expect(remarks([0, say`one`, false, say`two`])).toBe('one; two')
    expect(remarks([0, false])).toBeUndefined()
  })

  it('is one value where all have it', () => {
    expect(only([3, 3])).toBe(3)
    expect(only([3, 4])).toBeUndefined()
    expect(only([])).toBeUndefined()
  })
})
