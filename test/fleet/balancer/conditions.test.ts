import { describe, expect, it } from 'vitest'
import { balancerConditions, isUnknownOf } from '../../../src/fleet/balancer/conditions.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { say } from '../../../src/hosts/label.ts'
import { balancer, ldirectordReading, lvsReading } from '../../support/balancers.ts'

const trouble = { kind: 'timeout', reason: say`no answer`, advice: say`look`, since: 4_000 } as const
const state = ldirectordReading('lb1')
const conditions = (given: Partial<BalancerRecord>, isActive = true) =>
  balancerConditions(balancer('lb1', given), isActive, 10_000)
const what = (...args: Parameters<typeof conditions>) =>
  conditions(...args).map((one) => `${one.severity} ${one.what}`)

describe('what is wrong with a balancer', () => {
  it('is nothing where all is well', () => {
    expect(conditions({})).toEqual([])
  })

  it('is that it is silent, since when, and what is known of it', () => {
    expect(conditions({ lvsTrouble: trouble, ldirectordTrouble: trouble })).toMatchObject([
      { severity: 'bad', what: 'lvs', since: 4_000, advice: 'look', text: 'virtual services: no answer' },
      { severity: 'warning', what: 'ldirectord', since: 4_000, text: 'ldirectord: no answer' },
    ])
    const { lvs: _, ldirectord: __, ...never } = balancer('lb1')
    const lasting = (record: BalancerRecord) =>
      balancerConditions({ ...record, lvsTrouble: trouble, ldirectordTrouble: trouble }, true, 10_000).map(
        (one) => one.lasting,
      )
    const [known, unknown] = [lasting(balancer('lb1')), lasting(never)]
    expect([known[0], unknown[0]]).toEqual([known[1], unknown[1]])
    expect(known[0]).not.toEqual(unknown[0])
  })

  it('is that a part of it could not be read, but not what it is silent of', () => {
    const partial = {
      lvs: lvsReading('lb1', 'idle', { partial: say`no rates` }),
      ldirectord: { ...state, partial: say`no log` },
    }
    expect(conditions(partial)).toEqual([
      { severity: 'warning', what: 'lvs partial', text: 'no rates' },
      { severity: 'warning', what: 'ldirectord partial', text: 'no log' },
    ])
    expect(what({ ...partial, lvsTrouble: trouble, ldirectordTrouble: trouble })).toEqual([
      'bad lvs',
      'warning ldirectord',
    ])
  })

  it('is an ldirectord that does not run where it is needed, or has not loaded what is written', () => {
    const { daemon: _, ...stopped } = state
    expect(what({ ldirectord: stopped })).toEqual(['bad ldirectord stopped'])
    expect(what({ ldirectord: stopped }, false)).toEqual([])
    const { config: __, ...none } = stopped
    expect(what({ ldirectord: none })).toEqual([])
    expect(what({ ldirectord: { ...state, notLoaded: true } })).toEqual(['warning not loaded'])
  })

  it('is each wrong line, the worst first, and of many only how many', () => {
    const wrong = (count: number, fatal: readonly number[] = []) => ({
      ldirectord: {
        ...state,
        config: state.config && {
          ...state.config,
          problems: Array.from({ length: count }, (_, i) => ({
            line: i + 1,
            text: say`wrong`,
            fatal: fatal.includes(i + 1),
          })),
        },
      } as never,
    })
    expect(what(wrong(3, [2]))).toEqual(['bad line 2', 'warning line 1', 'warning line 3'])
    expect(what(wrong(20))).toHaveLength(20)
    expect(what(wrong(22)).at(-1)).toBe('warning more lines')
    expect(conditions(wrong(22)).at(-1)?.text).toBe(`${state.configFile}: 2 more lines are wrong`)
    expect(
      what(
        wrong(
          22,
          Array.from({ length: 21 }, (_, i) => i + 1),
        ),
      ).at(-1),
    ).toBe('bad more lines')
  })

  it('is each maintenance file that takes nothing out', () => {
    const maintenance = ['rs1.lab.test', '10.9.0.12:389', '10.9.0.99', 'rs1']
    expect(what({ ldirectord: { ...state, maintenance } })).toEqual(['warning file 10.9.0.99'])
    const { config: _, ...none } = state
    expect(what({ ldirectord: { ...none, maintenance } })).toEqual([])
  })

  it('cannot be said of one that is silent, of what hangs on whether it is needed', () => {
    const silent = balancer('lb1', { lvsTrouble: trouble })
    expect(isUnknownOf(silent, 'ldirectord stopped')).toBe(true)
    expect(isUnknownOf(silent, 'not loaded')).toBe(false)
    expect(isUnknownOf(balancer('lb1'), 'ldirectord stopped')).toBe(false)
  })
})
