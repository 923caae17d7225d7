import { beforeEach, describe, expect, it } from 'vitest'
import { isStale } from '../../src/fleet/snapshot.ts'
import { FleetStore } from '../../src/fleet/store.ts'
import { HostError } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'
import type { HostReading } from '../../src/services/process/facts.ts'
import { facts, incoming, off, reading, uuid } from '../support/facts.ts'

const host = (name: string) => ({ name, roles: ['hypervisor'] as ['hypervisor'], libvirt: 'qemu:///system' })
const lost = (name: string) => new HostError('unreachable', name, say`no route`, say`check the cable`)

let store: FleetStore
beforeEach(() => {
  store = new FleetStore([host('a'), host('b')], 4000)
})
const machine = (n = 1) => store.snapshot().machines.find((m) => m.uuid === uuid(n))
const hostRecord = (name: string) => store.snapshot().hosts.find((h) => h.name === name)

describe('FleetStore', () => {
  it('begins with the hosts of the configuration, of which nothing is known', () => {
    expect(store.snapshot()).toMatchObject({
      hosts: [{ name: 'a', reachable: false }, { name: 'b' }],
      machines: [],
    })
    expect(isStale(store.snapshot(), 'a', 0)).toBe(true)
  })

  it('does not count the machines of a host that has told of none, as it does where there can be none', () => {
    const lb1 = { ...host('lb1'), roles: ['balancer'] as ['balancer'] }
    store = new FleetStore([host('a'), lb1], 4000)
    store.fail('a', lost('a'), 1000)
    expect(hostRecord('a')).not.toHaveProperty('machines')
    expect(hostRecord('a')).not.toHaveProperty('running')
    expect(hostRecord('lb1')).toMatchObject({ machines: 0, running: 0 })
    store.apply(reading('a', 2000))
    expect(hostRecord('a')).toMatchObject({ machines: 0, running: 0 })
  })

  it('keeps what a host is made of, whatever else is read of it', () => {
    const parts = { disks: [], graphics: [], sound: [], links: [] }
    const hardware = { ...parts, model: say`OptiPlex`, screens: [{ name: say`VGA-1` }] }
    store.hardwareRead('a', hardware)
    expect(hostRecord('a')).toMatchObject({ hardware })
    store.apply(reading('a', 1000))
    expect(hostRecord('a')).toMatchObject({ hardware, reachable: true })
    store.fail('a', lost('a'), 2000)
    expect(hostRecord('a')).toMatchObject({ hardware })
    expect(hostRecord('b')).not.toHaveProperty('hardware')
    const before = store.snapshot()
    store.hardwareRead('a', { ...hardware, screens: [{ name: say`VGA-1` }] })
    store.hardwareRead('nobody', hardware)
    expect(store.snapshot()).toBe(before)
  })

  it('gives the same snapshot until something is read', () => {
    const one = store.snapshot()
    expect(store.snapshot()).toBe(one)
    store.apply(reading('a', 1000))
    expect(store.snapshot()).not.toBe(one)
  })

  it('keeps the records of what has not changed as the same objects', () => {
    store.apply(reading('a', 1000, [facts(), facts({ uuid: uuid(2), name: 'db1' })]))
    const one = store.snapshot()
    const changes = store.apply(
      reading('a', 2000, [facts(), facts({ uuid: uuid(2), name: 'db1', vcpus: 4 })]),
    )
    expect(machine(1)).toBe(one.machines[0])
    expect(machine(2)).not.toBe(one.machines[1])
    expect(hostRecord('a')).toBe(one.hosts[0])
    expect(changes).toMatchObject({
      events: [],
      machines: [{ before: { name: 'db1' }, after: { vcpus: 4 } }],
    })
  })

  it('keeps a record also when its small parts are new objects with the same content', () => {
    const job = () => ({ operation: say`outgoing migration`, percent: 5 })
    store.apply(reading('a', 1000, [facts({ job: job() })]))
    const [one] = store.snapshot().machines
    store.apply(reading('a', 2000, [facts({ job: job() })]))
    expect(machine()).toBe(one)
  })

  it('notices that something is no longer known', () => {
    store.apply(reading('a', 1000, [facts({ vcpus: 2 })]))
    store.apply(reading('a', 2000, [facts()]))
    expect(machine()).not.toHaveProperty('vcpus')
  })

  it('says of the first answer of each host that it is the first', () => {
    expect(store.apply(reading('a', 1000)).first).toBe(true)
    expect(store.apply(reading('a', 2000)).first).toBe(false)
    expect(store.apply(reading('b', 2000)).first).toBe(true)
  })

  it('forgets a machine that its host no longer names', () => {
    store.apply(reading('a', 1000, [facts()]))
    expect(store.apply(reading('a', 2000)).machines).toMatchObject([{ before: { name: 'web1' } }])
    expect(store.snapshot().machines).toEqual([])
  })

  it('pays no heed to a host that is not in the configuration', () => {
    expect(store.apply(reading('z', 1000, [facts()]))).toEqual({ events: [], machines: [], first: false })
    expect(store.fail('z', lost('z'), 1000)).toEqual({ events: [], machines: [], first: false })
    expect(store.applyHost({ host: 'z', at: 1000 } as HostReading)).toEqual({
      events: [],
      machines: [],
      first: false,
    })
    expect(store.snapshot().machines).toEqual([])
  })

  it('makes rates from two readings, and none from two that are too close', () => {
    const at = (time: number, cpuNs: number) => store.apply(reading('a', time, [facts({ vcpus: 1, cpuNs })]))
    at(1000, 0)
    expect(machine()).not.toHaveProperty('cpuPercent')
    at(2000, 5e8)
    expect(machine()?.cpuPercent).toBe(50)
    at(2100, 6e8)
    expect(machine()?.cpuPercent).toBe(50)
    at(3000, 7.5e8)
    expect(machine()?.cpuPercent).toBe(25)
  })

  it('shows no rate right after a migration, and true ones afterwards', () => {
    const at = (name: string, time: number, cpuNs: number, reason = 'booted') =>
      store.apply(reading(name, time, [facts({ vcpus: 1, cpuNs, reason })]))
    at('a', 1000, 9e12)
    at('a', 2000, 9.0005e12)
    store.apply(reading('a', 3000))
    at('b', 3000, 1e6, 'migrated')
    expect(machine()).not.toHaveProperty('cpuPercent')
    at('b', 4000, 1e6 + 1e8, 'migrated')
    expect(machine()?.cpuPercent).toBe(10)
  })

  it('shows no rate after a restart in between two looks', () => {
    const at = (time: number, cpuNs: number) => store.apply(reading('a', time, [facts({ vcpus: 1, cpuNs })]))
    at(1000, 9e12)
    at(2000, 1e6)
    expect(machine()).not.toHaveProperty('cpuPercent')
  })

  it('tells the load of a host between two readings, and nothing after it was booted anew', () => {
    const at = (time: number, busyNs: number, totalNs: number) =>
      store.apply(reading('a', time, [], { hypervisor: { cpu: { busyNs, totalNs } } }))
    at(1000, 0, 1e9)
    expect(hostRecord('a')).not.toHaveProperty('cpuPercent')
    at(2000, 1e9, 3e9)
    expect(hostRecord('a')?.cpuPercent).toBe(50)
    at(2050, 1e9, 3.1e9)
    expect(hostRecord('a')?.cpuPercent).toBe(50)
    at(4000, 5e8, 9e9)
    expect(hostRecord('a')).not.toHaveProperty('cpuPercent')
  })

  it('takes no load of a host from two readings that are too near, however many CPUs it has', () => {
    const at = (time: number, busyNs: number, totalNs: number) =>
      store.apply(reading('a', time, [], { hypervisor: { cpu: { busyNs, totalNs } } }))
    const cpus = 64e9
    at(1000, 0, 0)
    at(2000, 0.5 * cpus, cpus)
    // A tenth of a second, which is more than six seconds of all CPUs together.
    at(2100, 0.6 * cpus, 1.1 * cpus)
    expect(hostRecord('a')?.cpuPercent).toBe(50)
    at(3000, 0.7 * cpus, 2 * cpus)
    expect(hostRecord('a')?.cpuPercent).toBe(20)
  })

  it('knows the load of a host again after it was booted anew', () => {
    const at = (time: number, busyNs: number, totalNs: number) =>
      store.apply(reading('a', time, [], { hypervisor: { cpu: { busyNs, totalNs } } }))
    at(1000, 5e12, 9e12)
    at(2000, 1e9, 2e9)
    at(3000, 2e9, 4e9)
    expect(hostRecord('a')?.cpuPercent).toBe(50)
  })

  it('counts the machines of a host, and those that run', () => {
    store.apply(reading('a', 1000, [facts(), off({ uuid: uuid(2) })]))
    expect(hostRecord('a')).toMatchObject({ machines: 2, running: 1, reachable: true })
  })

  it('keeps what a silent host told, with the age of it, and says since when it is silent', () => {
    store.apply(reading('a', 1000, [facts()], { hypervisor: { memoryKiB: 5 } }))
    store.fail('a', lost('a'), 3000)
    store.fail('a', lost('a'), 9000)
    expect(hostRecord('a')).toMatchObject({
      reachable: false,
      memoryKiB: 5,
      machines: 1,
      trouble: { kind: 'unreachable', reason: 'no route', advice: 'check the cable', since: 1000 },
    })
    expect(machine()).toMatchObject({ state: 'running', host: 'a' })
    expect(store.snapshot().seenAt.get('a')).toBe(1000)
    expect(isStale(store.snapshot(), 'a', 5000)).toBe(false)
    expect(isStale(store.snapshot(), 'a', 5001)).toBe(true)
  })

  it('takes the trouble away when the host answers', () => {
    store.fail('a', lost('a'), 1000)
    store.apply(reading('a', 2000))
    expect(hostRecord('a')).toMatchObject({ reachable: true })
    expect(hostRecord('a')).not.toHaveProperty('trouble')
  })

  it('changes nothing when a host fails again in the same way', () => {
    store.fail('a', lost('a'), 1000)
    expect(store.fail('a', lost('a'), 2000).events).toEqual([])
  })

  it('shows a migration from both sides, whichever is read first', () => {
    store.apply(reading('b', 900, [incoming()]))
    expect(machine()).toMatchObject({ host: 'b', state: 'paused' })
    store.apply(reading('a', 1000, [facts()]))
    expect(machine()).toMatchObject({ host: 'a', state: 'migrating', migration: { from: 'a', to: 'b' } })
    store.apply(reading('b', 2000, [facts({ reason: 'migrated' })]))
    store.apply(reading('a', 2000, []))
    expect(machine()).toMatchObject({ host: 'b', state: 'running', alsoOn: [] })
  })

  it('shows a migration also when the target was seen while its process was still starting up', () => {
    store.apply(reading('a', 1000, [facts()]))
    store.apply(reading('b', 1000, [incoming({ reason: 'starting up' })]))
    expect(machine()).toMatchObject({ host: 'a', state: 'running' })
    store.apply(reading('b', 2000, [incoming()]))
    expect(machine()).toMatchObject({ host: 'a', state: 'migrating', migration: { from: 'a', to: 'b' } })
  })

  it('takes the paused source at the very end of a migration for the source, not for a target', () => {
    store.apply(reading('a', 1000, [facts()]))
    store.apply(reading('b', 1000, [incoming()]))
    store.apply(reading('b', 2000, [facts({ reason: 'migrated' })]))
    store.apply(reading('a', 2000, [incoming()]))
    expect(machine()).toMatchObject({ host: 'b', state: 'running' })
    expect(machine()).not.toHaveProperty('migration')
  })

  it('does not call a hand-over a machine that runs twice', () => {
    store.apply(reading('b', 500))
    store.apply(reading('a', 1000, [facts()]))
    for (let at = 1000; at < 8000; at += 1000) {
      store.apply(reading('b', at, [facts({ reason: 'migrated' })]))
      store.apply(reading('a', at, [facts()]))
      expect(machine()).not.toHaveProperty('runsTwice')
    }
    store.apply(reading('a', 8100, [off({ reason: 'migrated' })]))
    store.apply(reading('b', 60_000, [facts({ reason: 'migrated' })]))
    expect(machine()).not.toHaveProperty('runsTwice')
  })

  it('says that a machine runs twice when a hand-over lasts for 8 seconds', () => {
    store.apply(reading('b', 500))
    for (let at = 1000; at <= 9000; at += 1000) {
      store.apply(reading('a', at, [facts()]))
      store.apply(reading('b', at, [facts({ reason: 'migrated' })]))
      expect(machine()?.runsTwice).toEqual(at < 9000 ? undefined : ['a', 'b'])
    }
  })

  it('says at once that a machine runs twice', () => {
    store.apply(reading('a', 1000, [facts()]))
    expect(machine()).not.toHaveProperty('runsTwice')
    store.apply(reading('b', 1050, [facts({ reason: 'migrated' })]))
    expect(machine()).toMatchObject({ runsTwice: ['a', 'b'] })
    store.apply(reading('b', 2000, [off()]))
    expect(machine()).not.toHaveProperty('runsTwice')
  })

  it('waits for the other host to be read again where the machine may have been moved between two looks', () => {
    store.apply(reading('a', 1000, [facts()]))
    store.apply(reading('b', 1000, [off()]))
    store.apply(reading('b', 2000, [facts()]))
    expect(machine()).not.toHaveProperty('runsTwice')
    store.apply(reading('a', 2001, [facts()]))
    expect(machine()?.runsTwice).toEqual(['a', 'b'])
    store.apply(reading('a', 3000, [off()]))
    store.apply(reading('b', 3000, [facts()]))
    expect(machine()).not.toHaveProperty('runsTwice')
  })

  it('is not told that a machine runs twice by a source that has been switched to its target', () => {
    store.apply(reading('b', 500))
    store.apply(reading('a', 1000, [facts()]))
    for (let at = 2000; at < 30_000; at += 1000) {
      store.apply(reading('b', at, [facts({ reason: 'post-copy' })]))
      store.apply(reading('a', at, [facts({ state: 'paused', reason: 'post-copy' })]))
      expect(machine()).not.toHaveProperty('runsTwice')
    }
  })

  it('keeps what the other hosts say, and where a silent one may still run it', () => {
    store.apply(reading('a', 1000, [facts({ autostart: true })]))
    store.apply(reading('b', 1000, [off()]))
    expect(machine()?.others).toMatchObject([{ host: 'b', state: 'shut off', autostart: false }])
    expect(machine()).not.toHaveProperty('mayRunOn')
    store.apply(reading('b', 20_000, [facts()]))
    expect(machine()).toMatchObject({ host: 'b', mayRunOn: ['a'] })
    store.apply(reading('b', 21_000, [off()]))
    expect(machine()).not.toHaveProperty('mayRunOn')
    store.apply(reading('b', 22_000, [facts()]))
    store.apply(reading('a', 22_000, [off()]))
    expect(machine()).not.toHaveProperty('mayRunOn')
  })

  it('does not say that it runs twice when one of the hosts has long been silent', () => {
    store.apply(reading('a', 1000, [facts()]))
    store.apply(reading('b', 20_000, [facts()]))
    store.apply(reading('b', 40_000, [facts()]))
    expect(machine()).toMatchObject({ host: 'b' })
    expect(machine()).not.toHaveProperty('runsTwice')
  })

  it('takes a new age of what is stale at once', () => {
    store.apply(reading('a', 1000))
    expect(isStale(store.snapshot(), 'a', 10_000)).toBe(true)
    store.staleAfter = 20_000
    expect(isStale(store.snapshot(), 'a', 10_000)).toBe(false)
  })
})
