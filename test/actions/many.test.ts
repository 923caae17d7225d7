import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { planLines, rowOf } from '../../src/actions/listing.ts'
import { confirmation, type Prepared, prepareAll } from '../../src/actions/prepare.ts'
import type { Answers } from '../../src/actions/question.ts'
import { actionsOf } from '../../src/actions/table.ts'
import type { HostRecord } from '../../src/fleet/host/record.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'

// The same done to many at once.

const GiB = 2 ** 20
const migrate = actionsOf.machine.find((one) => one.verb === 'migrate') as Change<MachineRecord>

/** So many machines of 4 GiB on a. */
function machines(count: number, given: Partial<MachineRecord> = {}): MachineRecord[] {
  return Array.from({ length: count }, (_, i) =>
    machine({ uuid: uuid(i + 1), name: `web${i + 1}`, memoryKiB: 4 * GiB, hasDisks: false, ...given }),
  )
}

function all(targets: readonly MachineRecord[], hosts: readonly HostRecord[], answers: Answers) {
  return prepareAll(migrate, targets, answers, new StillFleet(snapshot(targets, hosts)))
}

const a = host('a', { memoryFreeKiB: 1 * GiB })
const b = host('b', { memoryFreeKiB: 9 * GiB })
const c = host('c', { memoryFreeKiB: 6 * GiB })

describe('the memory of a target', () => {
  it('is counted for all that go there together', () => {
    expect(all(machines(2), [a, host('b', { memoryFreeKiB: 8 * GiB })], { to: 'b' }).leftOut).toEqual([])
    const { prepared, leftOut } = all(machines(3), [a, b], { to: 'b' })
    expect(prepared).toEqual([])
    expect(leftOut.map(({ refused }) => refused)).toEqual(
      Array(3).fill('To which host: only 9.0 GiB free, the 3 together need 12.0 GiB'),
    )
  })

  it('is counted for those with the same target, where each has its own', () => {
    const targets = machines(2)
    const fleet = new StillFleet(snapshot(targets, [a, host('b', { memoryFreeKiB: 5 * GiB }), c]))
    const own = (...to: readonly string[]) => new Map(to.map((one, i) => [uuid(i + 1), { to: one }]))
    expect(prepareAll(migrate, targets, {}, fleet, own('b', 'c')).prepared.map((p) => p.answers.to)).toEqual([
      'b',
      'c',
    ])
    expect(prepareAll(migrate, targets, {}, fleet, own('b', 'b')).prepared).toEqual([])
  })

  it('is not counted for those that are there, or cannot go at all', () => {
    const there = machine({ uuid: uuid(8), name: 'there', host: 'b', memoryKiB: 4 * GiB })
    const off = machine({ uuid: uuid(9), name: 'off', state: 'shut off', memoryKiB: 4 * GiB })
    const { prepared, leftOut } = all([...machines(2), there, off], [a, b], { to: 'b' })
    expect(prepared).toHaveLength(2)
    expect(leftOut.map(({ target, refused }) => [target.name, refused])).toEqual([
      ['there', 'To which host: it is there'],
      ['off', 'it is shut off'],
    ])
  })
})

describe('each to the host with the most room', () => {
  const goes = (prepared: readonly Prepared<MachineRecord>[]) =>
    prepared.map(({ target, answers }) => [target.name, answers.to])

  it('is a choice of several, which says how many go where', () => {
    const targets = machines(3)
    const shown = snapshot(targets, [a, b, c])
    const [first] = targets as [MachineRecord]
    const choices = migrate.asks.find(({ id }) => id === 'to')?.choices?.(first, shown, 10_000, {}, targets)
    expect(choices?.map(({ value, note, disabled }) => [value, disabled ?? note])).toEqual([
      ['b', 'only 9.0 GiB free, the 3 together need 12.0 GiB'],
      ['c', 'only 6.0 GiB free, the 3 together need 12.0 GiB'],
      ['each', '2 to b, 1 to c'],
    ])
    expect(
      migrate.asks
        .find(({ id }) => id === 'to')
        ?.choices?.(first, shown, 10_000, {}, [first])
        .map(({ value }) => value),
    ).toEqual(['b', 'c'])
  })

  it('lets each go where room is left, and leaves out who has none', () => {
    const { prepared, leftOut } = all(machines(4), [a, b, c], { to: 'each' })
    expect(goes(prepared)).toEqual([
      ['web1', 'b'],
      ['web2', 'c'],
      ['web3', 'b'],
    ])
    expect(leftOut.map(({ target, refused }) => [target.name, refused])).toEqual([
      ['web4', 'To which host: no host has room for it'],
    ])
  })

  it('offers also the host where some of them are, to the others', () => {
    const targets = [...machines(1), machine({ uuid: uuid(2), name: 'web2', host: 'b', memoryKiB: 1 })]
    const shown = snapshot(targets, [host('a'), b])
    const [first] = targets as [MachineRecord]
    const choices =
      migrate.asks.find(({ id }) => id === 'to')?.choices?.(first, shown, 10_000, {}, targets) ?? []
    expect(choices.map(({ value, note, disabled }) => [value, note?.at(-1), disabled])).toEqual([
      ['a', '1 of 2 can go', undefined],
      ['b', '1 of 2 can go', undefined],
      ['each', expect.anything(), undefined],
    ])
  })

  it('lets the largest go first, to where it just fits', () => {
    const [small, large] = machines(2) as [MachineRecord, MachineRecord]
    const sized = [small, { ...large, memoryKiB: 9 * GiB }]
    expect(goes(all(sized, [a, b, c], { to: 'each' }).prepared)).toEqual([
      ['web1', 'c'],
      ['web2', 'b'],
    ])
  })

  it('takes a host of which the memory is not known only where no other has room', () => {
    const { memoryFreeKiB: _, ...unknown } = host('d')
    expect(goes(all(machines(2), [a, unknown, c], { to: 'each' }).prepared)).toEqual([
      ['web1', 'c'],
      ['web2', 'd'],
    ])
  })

  it('is not to be chosen where none has room for any', () => {
    const targets = machines(2)
    const shown = snapshot(targets, [a, host('b', { memoryFreeKiB: 1 * GiB })])
    const [first] = targets as [MachineRecord]
    const choices = migrate.asks.find(({ id }) => id === 'to')?.choices?.(first, shown, 10_000, {}, targets)
    expect(choices?.at(-1)).toEqual({
      value: 'each',
      title: 'each to the host with the most room',
      disabled: 'none has room for one of them',
    })
  })

  it('is no word for a host that is called so', () => {
    const named = host('each', { memoryFreeKiB: 5 * GiB })
    expect(goes(all(machines(1), [a, b, named], { to: 'each' }).prepared)).toEqual([['web1', 'each']])
  })
})

describe('many at once', () => {
  const pause = actionsOf.machine.find((one) => one.verb === 'pause') as Change<MachineRecord>
  const many = (count: number, above?: number) => {
    const targets = machines(count)
    const fleet = new StillFleet(snapshot(targets), above === undefined ? {} : { typeCountAbove: above })
    const { prepared } = prepareAll(pause, targets, {}, fleet)
    return { prepared: prepared as readonly Prepared[], fleet }
  }
  const typed = (count: number, above?: number) => {
    const { prepared, fleet } = many(count, above)
    return confirmation(prepared, fleet)
  }

  it('want their number typed above what the configuration says', () => {
    expect(typed(5)).toBeUndefined()
    expect(typed(6)).toBe('6')
    expect(typed(2, 1)).toBe('2')
    expect(typed(6, 10)).toBeUndefined()
    expect(typed(1, 0)).toBeUndefined()
  })

  it('are listed by name, place and state; each command says whose it is', () => {
    const { prepared } = many(2)
    expect(prepared.map((one) => rowOf(one, 10_000).slice(0, 3))).toEqual([
      ['web1', 'a', 'running (booted)'],
      ['web2', 'a', 'running (booted)'],
    ])
    expect(planLines(prepared)[1]).toBe(`a$ virsh -c qemu:///system suspend ${uuid(2)}  # web2`)
    expect(planLines(prepared.slice(0, 1))[0]).toBe(`a$ virsh -c qemu:///system suspend ${uuid(1)}`)
  })
})
