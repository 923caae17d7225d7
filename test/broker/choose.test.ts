import { describe, expect, it } from 'vitest'
import { choose, standingsOf, stateOf } from '../../src/broker/choose.ts'
import type { Bookings } from '../../src/broker/holds.ts'
import type { HostRecord } from '../../src/fleet/host/record.ts'
import { say } from '../../src/hosts/label.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { systemOf } from './support/systems.ts'

const gibi = 2 ** 20
const now = 10_000

interface Given {
  readonly machines: readonly Exclude<Parameters<typeof machine>[0], undefined>[]
  readonly hosts?: readonly HostRecord[]
  readonly people?: Readonly<Record<string, readonly number[]>>
  readonly shunned?: readonly string[]
  readonly seenAt?: Readonly<Record<string, number>>
}

/** Machines that are off, of one GiB each, on host `a`, where nothing else is said. */
function world({ machines, hosts, people = {}, shunned = [], seenAt }: Given) {
  const bookings: Bookings = {
    people: new Map(Object.entries(people).map(([name, uids]) => [name, new Set(uids)])),
    shunned: new Set(shunned),
  }
  const records = machines.map((one, i) =>
    machine({ uuid: uuid(i + 1), state: 'shut off', memoryMaxKiB: gibi, ...one }),
  )
  return { snapshot: snapshot(records, hosts, seenAt), bookings }
}

function chosen(
  given: Given,
  { uid = 1001, people = 1, names = ['pc1', 'pc2', 'pc3'], without = [] as string[] } = {},
) {
  const { snapshot, bookings } = world(given)
  const system = systemOf('office', names, { people })
  const all = standingsOf(system, snapshot, now, bookings, uid)
  const one = choose(all, system, new Set(without))
  return [one?.machine.name, one?.state, stateOf(all, system)]
}

describe('which machine of a pool', () => {
  it('is one that runs and on which nobody is', () => {
    const machines = [
      { name: 'pc1', state: 'running' },
      { name: 'pc2', state: 'idle' },
      { name: 'pc3' },
    ] as const
    expect(chosen({ machines })).toEqual(['pc1', 'runs', 'ready'])
    expect(chosen({ machines, people: { pc1: [7] } })).toEqual(['pc2', 'runs', 'ready'])
    expect(chosen({ machines }, { without: ['pc1'] })).toEqual(['pc2', 'runs', 'ready'])
  })

  it('is the one that is the person’s already, though others are free', () => {
    const machines = [
      { name: 'pc1', state: 'running' },
      { name: 'pc2', state: 'running' },
      { name: 'pc3' },
    ] as const
    expect(chosen({ machines, people: { pc2: [1001] } })[0]).toBe('pc2')
    // Being started for them.
    expect(chosen({ machines, people: { pc3: [1001] } })).toEqual(['pc3', 'off', 'starts'])
  })

  it('is one that has to be started where all that run are taken, on the host with the most memory left', () => {
    const hosts = [
      host('a', { memoryFreeKiB: 4 * gibi }),
      host('b', { memoryFreeKiB: 6 * gibi }),
      host('c', { memoryFreeKiB: 5 * gibi }),
    ]
    const machines = [
      { name: 'pc1', state: 'running' },
      { name: 'pc2', host: 'a' },
      { name: 'pc3', host: 'b', memoryMaxKiB: 3 * gibi },
      { name: 'pc4', host: 'c' },
    ] as const
    const names = ['pc1', 'pc2', 'pc3', 'pc4']
    expect(chosen({ machines, hosts, people: { pc1: [7] } }, { names })).toEqual(['pc4', 'off', 'starts'])
    // What is about to be started there has the memory already.
    expect(chosen({ machines, hosts, people: { pc1: [7], pc4: [8] } }, { names })).toEqual([
      'pc2',
      'off',
      'starts',
    ])
  })

  it('is none that has no room, and one of whose room nothing is known comes last', () => {
    const small = [host('a', { memoryFreeKiB: gibi / 2 })]
    expect(chosen({ machines: [{ name: 'pc1' }], hosts: small })).toEqual([undefined, undefined, 'none'])
    const { memoryFreeKiB: _, ...unknown } = host('b')
    const hosts = [unknown, host('c', { memoryFreeKiB: 2 * gibi })]
    const machines = [
      { name: 'pc1', host: 'b' },
      { name: 'pc2', host: 'c' },
    ]
    expect(chosen({ machines, hosts })[0]).toBe('pc2')
    expect(chosen({ machines, hosts }, { without: ['pc2'] })[0]).toBe('pc1')
  })

  it('counts the memory of what is being started for somebody on the same host', () => {
    const hosts = [host('a', { memoryFreeKiB: 1.5 * gibi })]
    const machines = [{ name: 'pc1' }, { name: 'pc2' }]
    expect(chosen({ machines, hosts })[0]).toBe('pc1')
    expect(chosen({ machines, hosts, people: { pc1: [7] } })[0]).toBeUndefined()
    // That of their own once, and not twice.
    expect(chosen({ machines, hosts, people: { pc1: [1001] } })[0]).toBe('pc1')
  })

  it('takes as many people as the catalogue says, on the one with the fewest', () => {
    const machines = [
      { name: 'pc1', state: 'running' },
      { name: 'pc2', state: 'running' },
      { name: 'pc3' },
    ] as const
    const people = { pc1: [5, 6], pc2: [7] }
    expect(chosen({ machines, people }, { people: 3 })[0]).toBe('pc2')
    expect(chosen({ machines, people: { pc1: [5, 6], pc2: [7, 8] } }, { people: 2 })[0]).toBe('pc3')
    expect(
      chosen({ machines: machines.slice(0, 2), people: { pc1: [5, 6], pc2: [7, 8] } }, { people: 2 }),
    ).toEqual([undefined, undefined, 'none'])
  })

  it('takes any number on one that is always there', () => {
    const { snapshot, bookings } = world({ machines: [], people: { lab: [5, 6, 7] } })
    const system = systemOf('lab', [{ name: 'lab', always: true }])
    const all = standingsOf(system, snapshot, now, bookings, 1001)
    expect([choose(all, system)?.machine.name, stateOf(all, system)]).toEqual(['lab', 'ready'])
  })

  it.each([
    ['paused', {}],
    ['in shutdown', {}],
    ['pmsuspended', {}],
    ['running', { runsTwice: ['a', 'b'] }],
  ] as const)('is none that is %s %j', (state, more) => {
    expect(chosen({ machines: [{ name: 'pc1', state, ...more }] })[0]).toBeUndefined()
  })

  it('is none whose name two machines have', () => {
    const machines = [
      { name: 'pc1', state: 'running' },
      { name: 'pc1', state: 'running', host: 'b' },
    ] as const
    expect(chosen({ machines }, { names: ['pc1'] })).toEqual([undefined, undefined, 'none'])
  })

  it('is none of which it is not known whether it runs', () => {
    expect(chosen({ machines: [{ name: 'pc1', mayRunOn: ['b'] }] }, { names: ['pc1'] })).toEqual([
      undefined,
      undefined,
      'unknown',
    ])
    const trouble = { kind: 'unreachable', reason: say`gone`, advice: say``, since: 0 } as const
    const hosts = [host('a', { reachable: false, trouble }), host('b')]
    const machines = [{ name: 'pc1', state: 'running' }] as const
    expect(chosen({ machines, hosts }, { names: ['pc1'] })[2]).toBe('unknown')
    expect(chosen({ machines: [], hosts }, { names: ['pc1'] })[2]).toBe('unknown')
    expect(chosen({ machines: [] }, { names: ['pc1'] })[2]).toBe('none')
    // Its answer is overdue.
    expect(chosen({ machines, seenAt: { a: 1_000 } }, { names: ['pc1'] })[2]).toBe('unknown')
  })

  it('is none that did not come up a short while ago', () => {
    const machines = [{ name: 'pc1', state: 'running' }, { name: 'pc2' }] as const
    expect(chosen({ machines, shunned: ['pc1'] })[0]).toBe('pc2')
    expect(chosen({ machines, shunned: ['pc1'], people: { pc1: [1001] } })[0]).toBe('pc2')
  })
})
