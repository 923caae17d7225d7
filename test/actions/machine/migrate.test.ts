import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { migrate } from '../../../src/actions/machine/migrate.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import { defaultOf } from '../../../src/actions/question.ts'
import type { HostRecord } from '../../../src/fleet/host/record.ts'
import type { MachineRecord } from '../../../src/fleet/machine/record.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const action: Change<MachineRecord> = migrate
const target = machine({ memoryKiB: 2 ** 20 })
const GiB = 2 ** 20

/** What is offered as target `b`, and what a plan to it says. */
function offer(b: HostRecord, seenAt = 10_000, of = target) {
  const shown = snapshot([of], [host('a'), b], { b: seenAt })
  const choices = action.asks[0]?.choices?.(of, shown, 10_000, {}, [of])
  const prepared = prepare(action, of, { to: 'b' }, new StillFleet(shown))
  return { choices, choice: choices?.[0], refused: 'refused' in prepared ? prepared.refused : undefined }
}

describe('the targets of a migration', () => {
  it('are the other hypervisors, with what helps to choose', () => {
    const shown = snapshot([target], [host('a'), host('b'), host('c', { roles: ['frontend'] })])
    expect(action.asks[0]?.choices?.(target, shown, 10_000, {}, [target])).toEqual([
      { value: 'b', title: 'b', note: ['32.0 GiB free', 'CPU 12%', '3 running'] },
    ])
  })

  it('say what is not known of a host', () => {
    const { memoryFreeKiB: _, cpuPercent: __, ...unknown } = host('b')
    expect(offer(unknown).choice?.note).toEqual(['memory unknown', 'CPU unknown', '3 running'])
    expect(offer(unknown).refused).toBeUndefined()
  })

  it.each([
    ['has too little memory', host('b', { memoryFreeKiB: GiB / 2 }), 'only 512 MiB free, it needs 1.0 GiB'],
    ['is of another hypervisor', host('b', { driver: 'xen' }), 'another hypervisor (xen)'],
    ['is not reached yet', host('b', { reachable: false }), 'not reached yet'],
    [
      'does not answer',
      host('b', {
        reachable: false,
        trouble: { kind: 'unreachable', reason: say`no route`, advice: say``, since: 1 },
      }),
      'no route',
    ],
  ])('leave out a host that %s, and say why', (_what, b, reason) => {
    const { choice, refused } = offer(b)
    expect(choice?.disabled).toBe(reason)
    expect(refused).toContain(reason)
  })

  it('are judged by the host on which the machine is, and by the memory that is known', () => {
    const xen = snapshot([target], [host('c', { driver: 'xen' }), host('a'), host('b')])
    const why = (to: string, shown = xen, of = target) =>
      action.asks[0]?.choices?.(of, shown, 10_000, {}, [of]).find(({ value }) => value === to)?.disabled
    expect([why('b'), why('c')]).toEqual([undefined, 'another hypervisor (xen)'])
    const { memoryKiB: _, memoryMaxKiB: __, ...unknown } = target
    expect(
      why('b', snapshot([unknown], [host('a'), host('b', { memoryFreeKiB: 0 })]), unknown),
    ).toBeUndefined()
    const { memoryFreeKiB: ___, ...roomy } = host('b')
    expect(why('b', snapshot([target], [host('a'), roomy]))).toBeUndefined()
    expect(why('b', snapshot([target], [host('b')]))).toMatch(/^another hypervisor/)
  })

  it('leave out a host whose last answer is old', () => {
    expect(offer(host('b'), 6000).choice).not.toHaveProperty('disabled')
    expect(offer(host('b'), 5999)).toMatchObject({
      choice: { disabled: 'no fresh answer' },
      refused: 'To which host: no fresh answer',
    })
  })

  it('let a machine go where its memory just fits', () => {
    expect(offer(host('b', { memoryFreeKiB: GiB })).choice).not.toHaveProperty('disabled')
    expect(offer(host('b', { memoryFreeKiB: GiB - 1 })).choice).toHaveProperty('disabled')
  })

  it('go by the most that it may have where it is not known what it has', () => {
    const { memoryKiB: _, ...unknown } = machine({ memoryMaxKiB: 2 * GiB })
    expect(offer(host('b', { memoryFreeKiB: GiB }), 10_000, unknown).choice?.disabled).toContain(
      'it needs 2.0 GiB',
    )
  })

  const proposed = (shown: Snapshot) => {
    const [where] = action.asks
    return where && defaultOf(where, target, shown, 10_000, {})
  }

  it('prefer the host with the most room of those that are possible', () => {
    const hosts = [
      host('a', { memoryFreeKiB: 90 * GiB }),
      host('b', { memoryFreeKiB: 5 * GiB }),
      host('c', { memoryFreeKiB: 8 * GiB }),
      host('d', { memoryFreeKiB: 99 * GiB, driver: 'xen' }),
    ]
    expect(proposed(snapshot([target], hosts))).toBe('c')
    expect(proposed(snapshot([target], hosts.toReversed()))).toBe('c')
  })

  it('have no default where none is possible, and the plan says so', () => {
    const shown = snapshot([target], [host('a'), host('b', { reachable: false })])
    expect(proposed(shown)).toBeUndefined()
    expect(prepare(action, target, {}, new StillFleet(shown))).toEqual({
      refused: 'To which host: no answer',
      wrong: { id: 'to', why: 'no answer', isNoAnswer: true },
    })
  })

  it('are not the host itself, no host that runs no machines, and not one that nobody knows', () => {
    const fleet = new StillFleet(
      snapshot([target], [host('a'), host('b'), host('lb1', { roles: ['balancer'] })]),
    )
    expect(prepare(action, target, { to: 'lb1' }, fleet)).toMatchObject({
      wrong: { why: 'it is no hypervisor', isNoAnswer: false },
    })
    expect(prepare(action, target, { to: 'a' }, fleet)).toEqual({
      refused: 'To which host: it is there',
      wrong: { id: 'to', why: 'it is there', isNoAnswer: false },
    })
    expect(prepare(action, target, { to: '$(x)' }, fleet)).toEqual({
      refused: 'To which host: no host $(x) in the configuration',
      wrong: { id: 'to', why: 'no host $(x) in the configuration', isNoAnswer: true },
    })
  })
})

describe('a migration', () => {
  const can = (of: MachineRecord, hosts = [host('a'), host('b')]) => {
    const shown = snapshot([of], hosts)
    return action.available(of, { fleet: new StillFleet(shown), snapshot: shown })
  }

  it('is possible for what runs or is paused, where there is another host', () => {
    expect(can(machine())).toBe(true)
    expect(can(machine({ state: 'paused' }))).toBe(true)
    expect(can(machine({ state: 'shut off' }))).toBe('it is shut off')
    expect(can(machine(), [host('a')])).toBe('there is no other hypervisor')
  })

  it('is not possible for a PV guest of Xen', () => {
    expect(can(machine({ osType: label('linux') }))).toBe('a Xen PV guest cannot be moved live by this Xen')
    expect(can(machine({ osType: label('xenpvh') }))).toBe(true)
  })

  it('asks about disks only where there are some, or where that is not known', () => {
    const asks = (of: MachineRecord) => action.asks[1]?.when?.(of, {}, snapshot([of]))
    expect(asks(machine({ hasDisks: false }))).toBe(false)
    expect(asks(machine({ hasDisks: true }))).toBe(true)
    expect(asks(machine())).toBe(true)
    const choices = action.asks[1]?.choices?.(target, snapshot([target]), 10_000, {}, [target])
    expect(choices?.map(({ value }) => value)).toEqual(['shared', 'copy', 'unsafe'])
  })

  const settled = (now: Parameters<typeof machine>[0] | undefined) =>
    action.settled?.(target, { to: 'b' }, snapshot(now ? [machine(now)] : []), 0) ?? false

  it('is done when the machine is seen at its target', () => {
    expect(settled({ host: 'b', reason: label('migrated') })).toBe(true)
    expect(settled({ host: 'a' })).toBe(false)
    expect(settled({ host: 'a', state: 'migrating', migration: { from: 'a', to: 'b' } })).toBe(false)
    expect(settled({ host: 'b', state: 'crashed' })).toBe(false)
    expect(settled(undefined)).toBe(false)
  })

  it('of a paused machine is done when it is paused at its target, and not before', () => {
    expect(settled({ host: 'b', state: 'paused', reason: label('migrating') })).toBe(false)
    expect(settled({ host: 'b', state: 'paused', reason: label('user') })).toBe(true)
  })

  it('that libvirt finds unsafe is offered without the check', () => {
    const next = (failure: string) =>
      action.next?.(target, { to: 'b', storage: 'shared' }, label(failure), [])
    expect(next('Unsafe migration: Migration without shared storage is unsafe')).toMatchObject({
      verb: 'migrate',
      answers: { to: 'b', storage: 'unsafe' },
    })
    expect(next('No route to host')).toBeUndefined()
  })
})
