import { describe, expect, it } from 'vitest'
import { alertOf, type Condition, faultsOf, ToldConditions } from '../../../src/fleet/alerts/conditions.ts'
import type { Concern } from '../../../src/fleet/ref.ts'
import { label, say } from '../../../src/hosts/label.ts'

const web1: Concern = { about: { kind: 'machine', id: '1' }, host: 'a', name: label('web1') }
const host: Concern = { about: { kind: 'host', id: 'a' }, host: 'a', name: label('a') }
const full = (given: Partial<Condition> = {}): Condition => ({
  severity: 'warning',
  what: 'full',
  text: say`nearly full`,
  over: say`has room again`,
  ...given,
})

/** What is told at a second where this is wrong, and `unknown` cannot be looked at. */
function teller(concern = web1) {
  const told = new ToldConditions()
  return (second: number, conditions: readonly Condition[], ...unknown: readonly string[]) =>
    told
      .events('a', faultsOf(concern, conditions), second * 1000, (what) => unknown.includes(what))
      .map(({ severity, text }) => `${severity}: ${text}`)
}

describe('what is wrong', () => {
  it('is told when it begins and when it is over, with how long it lasted', () => {
    const at = teller()
    expect(at(1, [full()])).toEqual(['warning: nearly full'])
    expect(at(2, [full()])).toEqual([])
    expect(at(61, [])).toEqual(['info: has room again, after 1 min'])
    expect(at(62, [])).toEqual([])
  })

  it('is never over after no time at all', () => {
    const at = teller()
    at(1, [full()])
    expect(at(1.9, [])).toEqual(['info: has room again, within a second'])
    at(2, [full()])
    expect(at(3, [])).toEqual(['info: has room again, after 1 s'])
  })

  it('lasts from when it is said to have begun', () => {
    const at = teller()
    at(61, [full({ since: 1000 })])
    expect(at(121, [])).toEqual(['info: has room again, after 2 min'])
  })

  it('is told once more when it becomes worse, and not when it goes up and down', () => {
    const at = teller()
    const bad = full({ severity: 'bad', text: say`full` })
    at(1, [full()])
    expect(at(2, [bad])).toEqual(['bad: full'])
    expect(at(3, [full()])).toEqual([])
    expect(at(4, [bad])).toEqual([])
    expect(at(5, [])).toEqual(['info: has room again, after 4 s'])
    expect(at(6, [full()])).toEqual(['warning: nearly full'])
  })

  it('has neither begun nor ended while it cannot be looked at', () => {
    const at = teller()
    at(1, [full()])
    expect(at(2, [], 'full')).toEqual([])
    expect(at(3, [full()])).toEqual([])
    expect(at(4, [], 'other')).toEqual(['info: has room again, after 3 s'])
  })

  it('is an alert alone where it is a fault of the set-up', () => {
    const at = teller()
    const { over: _, ...setUp } = full()
    expect(at(1, [setUp])).toEqual([])
    expect(at(2, [])).toEqual([])
    expect(alertOf(web1, setUp)).toEqual({
      ...web1,
      severity: 'warning',
      what: 'full',
      text: 'nearly full',
      advice: '',
    })
  })

  it('says as an alert for how long, since when, and what to do', () => {
    const lasting = full({ lasting: say`, for 14 s`, since: 7, advice: say`delete some` })
    expect(alertOf(web1, lasting)).toMatchObject({
      text: 'nearly full, for 14 s',
      since: 7,
      advice: 'delete some',
    })
  })

  it('names its object where that is not its host, and its server where it has one', () => {
    const eventOf = (concern: Concern, given: Partial<Condition> = {}) =>
      new ToldConditions().events('a', faultsOf(concern, [full(given)]), 0, () => false)[0]
    expect(eventOf(web1)).toMatchObject({ about: web1.about, host: 'a', name: 'web1' })
    expect(eventOf(host)).not.toHaveProperty('name')
    expect(eventOf(host)).not.toHaveProperty('server')
    expect(eventOf(host, { server: 'LDAP' })).toHaveProperty('server', 'LDAP')
  })
})
