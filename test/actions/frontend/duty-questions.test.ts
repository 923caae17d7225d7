import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { dutyActions } from '../../../src/actions/frontend/duty.ts'
import type { Answers } from '../../../src/actions/question.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import type { FrontendRecord, FrontendService } from '../../../src/fleet/frontend/frontends.ts'
import { label } from '../../../src/hosts/label.ts'
import { snapshot } from '../../support/records.ts'
import { alone, daemon, lb1, lb2, ldap, rs1, rs1Out, world } from '../sides/balanced.ts'

// What drain, restore and weight ask, and when what they did holds.

const [drain, restore, weight] = dutyActions as unknown as Change<FrontendRecord>[]
const quiescentNo = daemon('lb1', {}, (text) => text.replace('quiescent=yes', 'quiescent=no'))

/** A question about the first front end there: whether it is asked, what may be chosen, and what is proposed. */
function asked(of: Change<FrontendRecord> | undefined, id: string, balancers: readonly BalancerRecord[]) {
  const shown = world(balancers)
  const [target] = shown.frontends
  const question = of?.asks.find((one) => one.id === id)
  if (!target || !question) throw new Error(`no ${id}`)
  const { when, choices, default: own } = question
  return {
    isAsked: when?.(target, {}, shown) ?? true,
    values: choices?.(target, shown, 10_000, {}, [target]).map(({ value }) => value),
    proposed: typeof own === 'function' ? own(target, shown, 10_000, {}) : own,
  }
}

describe('a drain', () => {
  it('asks how where a file would cut connections on one of the balancers', () => {
    const values = ['weight', 'maintenance']
    expect(asked(drain, 'how', [lb1({}, quiescentNo), lb2()])).toEqual({
      isAsked: true,
      values,
      proposed: 'weight',
    })
    expect(asked(drain, 'how', [lb1(), lb2()])).toEqual({ isAsked: false, values, proposed: 'maintenance' })
  })

  it('asks whether to wait', () => {
    expect(asked(drain, 'and-wait', [lb1()])).toEqual({
      isAsked: true,
      values: ['yes', 'no'],
      proposed: 'yes',
    })
  })

  it('holds while every balancer that knows it keeps it out', () => {
    const kept = { maintenance: ['10.9.0.11'] }
    const target = world([lb1()]).frontends[0] as FrontendRecord
    const holds = (...balancers: readonly BalancerRecord[]) => drain?.holds?.(target, {}, world(balancers))
    expect(holds(lb1(rs1Out, daemon('lb1', kept)), lb2(kept))).toBe(true)
    expect(holds(lb1(rs1Out, daemon('lb1', kept)), lb2())).toBe(false)
    expect(holds(alone({ [rs1.ldap]: null, [rs1.http]: null }))).toBe(false)
  })
})

describe('a restore', () => {
  it.each([
    ['is out by its weight, and no configuration has another', [alone(rs1Out)], true],
    ['is so in one of its services', [alone({ [rs1.ldap]: { weight: 0 } })], true],
    ['serves, and no configuration has its weight', [alone()], false],
    ['is out by its weight, and a configuration has another', [lb1(rs1Out)], false],
  ] as const)('asks for the weight of one that %s: %s', (_, balancers, isAsked) => {
    expect(asked(restore, 'weight', balancers)).toEqual({ isAsked, proposed: '1' })
  })
})

describe('a weight', () => {
  it('is proposed as it is', () => {
    expect(asked(weight, 'weight', [lb1({ [rs1.http]: { weight: 7 } })]).proposed).toBe('7')
  })

  it('is set when each of its servers has it in each of its services, and none has vanished', () => {
    const service = (virtual: string, real: string, has = 9): FrontendService => ({
      virtual,
      real,
      balancer: 'lb1',
      duty: 'in service',
      weight: has,
      active: 0,
      inactive: 0,
    })
    const other = 'TCP 10.9.0.200:389'
    const whole = [service(ldap, rs1.ldap), service(ldap, '10.9.0.11:390'), service(other, rs1.ldap)]
    const record = (services: readonly FrontendService[]): FrontendRecord => ({
      address: '10.9.0.11',
      name: label('rs1'),
      services,
    })
    const isSet = (now: readonly FrontendService[], answers: Answers = { weight: '9' }) =>
      weight?.settled?.(record(whole), answers, { ...snapshot([]), frontends: [record(now)] }, 0)
    expect(isSet(whole)).toBe(true)
    for (const gone of whole) expect(isSet(whole.filter((one) => one !== gone))).toBeUndefined()
    expect(isSet([...whole.slice(0, 2), service(other, rs1.ldap, 4)])).toBeUndefined()
  })
})
