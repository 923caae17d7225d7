import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { hostActions } from '../../../src/actions/host/actions.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import type { Answers } from '../../../src/actions/question.ts'
import type { HostRecord } from '../../../src/fleet/host/record.ts'
import { poolsOf } from '../../../src/fleet/pool/record.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const [create, define] = hostActions as [Change<HostRecord>, Change<HostRecord>]
const a = host('a', { pools: ['default', 'fast'], networks: ['lan', 'dmz'] })
const shown = {
  ...snapshot([machine()], [a]),
  pools: new Map([['a', poolsOf('a', [{ rawName: 'fast', at: 0, capacity: 2 ** 34, available: 2 ** 33 }])]]),
}

/** What may be chosen for a question; `note` last. */
function offered(id: string, of: HostRecord = a) {
  const question = create.asks.find((one) => one.id === id)
  return question?.choices?.(of, shown, 10_000, {}, [of]).map(({ value, note }) => [value, note])
}

describe('a new machine', () => {
  it('may be in each pool of its host, of which the free space is told where it is known', () => {
    expect(offered('pool')).toEqual([
      ['default', undefined],
      ['fast', '8.0G free'],
    ])
    const { pools: _, networks: __, ...bare } = host('a')
    expect(offered('pool', bare)).toEqual([])
    expect(offered('network', bare)).toEqual([['none', undefined]])
  })

  it('may be in each network of its host, or in none', () => {
    expect(offered('network')?.map(([value]) => value)).toEqual(['lan', 'dmz', 'none'])
  })

  it('may have one of the systems that it is made for', () => {
    expect(offered('os')?.map(([value]) => value)).toEqual(['linux', 'windows', 'reactos', 'other'])
  })

  it('is asked for a pool only where it has a disk', () => {
    const isAsked = (disk: string) => create.asks.find(({ id }) => id === 'pool')?.when?.(a, { disk }, shown)
    expect([isAsked('0'), isAsked('20')]).toEqual([false, true])
  })

  it.each([
    ['x'.repeat(63), true],
    ['Büro 2.b_c+d-e', true],
    ['_x', true],
    ['.x', false],
    ['x ', false],
    ['x!', false],
    ['!x', false],
  ])('may be called %j: %s', (name, can) => {
    const wrong = create.asks.find(({ id }) => id === 'name')?.wrong
    expect(wrong?.(name, a, shown, 10_000, {}, [a]) === undefined).toBe(can)
  })

  it.each([
    ['99999', true],
    ['100000', false],
    ['1.5', false],
    ['x1', false],
    ['', false],
  ])('may have a disk of %j GiB: %s', (disk, can) => {
    const wrong = create.asks.find(({ id }) => id === 'disk')?.wrong
    expect(wrong?.(disk, a, shown, 10_000, {}, [a]) === undefined).toBe(can)
  })

  it('has a network and a pool of its host, or none where that has none', () => {
    const refused = (answers: Answers, of: HostRecord) => {
      const made = prepare(create, of, { name: 'x', ...answers }, new StillFleet(snapshot([], [of])))
      return 'refused' in made ? made.refused : undefined
    }
    expect(refused({ network: 'dmz', pool: 'fast' }, a)).toBeUndefined()
    expect(refused({ pool: 'slow' }, a)).toBe('Storage pool: no pool slow on a; there are default, fast')
    const { pools: _, networks: __, ...bare } = host('a')
    expect(refused({ pool: 'slow' }, bare)).toBe('Storage pool: no pool slow on a')
    expect(refused({ disk: '0', network: 'lan' }, bare)).toBe('Network: no network lan on a')
    expect(refused({ disk: '0' }, bare)).toBeUndefined()
  })
})

describe('the disk of a new machine', () => {
  it('is made in the pool that was chosen, and taken from there', () => {
    const made = prepare(create, a, { name: 'x', pool: 'fast' }, new StillFleet(snapshot([], [a])))
    if ('refused' in made) throw new Error(made.refused)
    const [disk, machine] = made.steps
    expect(disk?.argv.join(' ')).toContain('--pool fast --name x.qcow2')
    expect(machine?.input).toMatch(/<source pool=.fast. volume=.x\.qcow2./)
  })
})

describe('a definition', () => {
  const wrong = (xml: string) => define.asks[0]?.wrong?.(xml, a, shown, 10_000, {}, [a])
  const padded = (length: number) => '<domain><name>x</name></domain>'.padEnd(length)

  it('is not read where it is longer than any', () => {
    expect(wrong(padded(128 * 2 ** 10))).toBeUndefined()
    expect(wrong(padded(128 * 2 ** 10 + 1))).toBe('longer than 128 KiB')
  })

  it('makes what its name says, and nothing where it has none', () => {
    expect(define.makes?.({ xml: padded(40) })).toBe('x')
    expect(define.makes?.({ xml: 'hello' })).toBeUndefined()
    expect(define.makes?.({})).toBeUndefined()
  })
})
