import { describe, expect, it } from 'vitest'
import { alertsOf } from '../../../src/fleet/alerts/alerts.ts'
import { conditionOf } from '../../../src/fleet/snapshot.ts'
import { FleetStore } from '../../../src/fleet/store.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { duration } from '../../../src/text/duration.ts'
import { facts, reading, uuid } from '../../support/facts.ts'
import { entry, incidentsOf } from '../incident/support.ts'

const host = (name: string) => ({ name, roles: ['hypervisor'] as ['hypervisor'], libvirt: 'qemu:///system' })
const storeOf = (...names: string[]) => new FleetStore(names.map(host), 4000)

describe('alertsOf', () => {
  it('has nothing to say of a cluster that is well, or not yet asked', () => {
    const store = storeOf('a', 'b')
    store.apply(reading('a', 1000, [facts()]))
    expect(alertsOf(store.snapshot(), 2000)).toEqual([])
  })

  it('says why a host does not answer, how old its facts are, and what to do', () => {
    const store = storeOf('a', 'b')
    store.apply(reading('a', 1000))
    store.fail('a', new HostError('unreachable', 'a', say`no route`, say`check the cable`), 2000)
    store.fail('b', new HostError('auth', 'b', say`permission denied`), 2000)
    expect(alertsOf(store.snapshot(), 16_000)).toMatchObject([
      {
        host: 'a',
        name: 'a',
        severity: 'bad',
        text: 'no route, last seen 15 s ago',
        advice: 'check the cable',
      },
      { host: 'b', name: 'b', severity: 'bad', text: 'permission denied, never seen', advice: '' },
    ])
  })

  it('say of an incident what is to be done about what fails in it', () => {
    const store = storeOf('hv1', 'hv2')
    store.fail('hv1', new HostError('auth', 'hv1', say`permission denied`, say`look at its keys`), 2000)
    store.fail('hv2', new HostError('unreachable', 'hv2', say`no route`, say`check the cable`), 2000)
    const incidents = incidentsOf(entry(2, 'host.lost', { host: 'hv2' }))
    const [first] = alertsOf({ ...store.snapshot(), incidents }, 16_000)
    expect(first).toMatchObject({ about: { kind: 'incident' }, advice: 'check the cable' })
  })

  it('does not call a host down of which only libvirt is silent, and forgets none of its machines', () => {
    const store = storeOf('a')
    store.apply(reading('a', 1000, [facts()]))
    const hung = new HostError(
      'timeout',
      'a',
      say`libvirtd hangs; the host answers: its machines may be running`,
    )
    store.fail('a', hung, 2000, true)
    const snapshot = store.snapshot()
    expect(alertsOf(snapshot, 16_000)).toMatchObject([
      {
        what: 'no libvirt',
        severity: 'bad',
        text: 'libvirtd hangs; the host answers: its machines may be running, they were last seen 15 s ago',
      },
    ])
    expect(snapshot.hosts.map((one) => conditionOf(snapshot, one, 16_000))).toEqual(['unknown'])
    expect(snapshot.machines).toMatchObject([{ host: 'a', state: 'running' }])
    store.fail('a', new HostError('unreachable', 'a', say`no route`), 17_000)
    expect(alertsOf(store.snapshot(), 17_000)).toMatchObject([{ what: 'unreachable' }])
  })

  it('warns of a host that fell silent without an error', () => {
    const store = storeOf('a')
    store.apply(reading('a', 1000))
    expect(alertsOf(store.snapshot(), 5000)).toEqual([])
    expect(alertsOf(store.snapshot(), 5001)).toMatchObject([{ text: 'no answer, last seen 4 s ago' }])
  })

  it('puts the worst first, hosts before machines', () => {
    const store = storeOf('a', 'b', 'c')
    store.apply(reading('a', 1000, [facts({ state: 'crashed', reason: 'panicked' })]))
    store.apply(reading('b', 1000, [facts({ uuid: uuid(2), name: 'db1' })], { partial: 'a guest hangs' }))
    store.fail('c', new HostError('timeout', 'c', say`no answer in 3 s`), 1000)
    expect(alertsOf(store.snapshot(), 1500).map(({ name, severity }) => [name, severity])).toEqual([
      ['c', 'bad'],
      ['web1', 'bad'],
      ['b', 'warning'],
    ])
  })

  it('names the machine that crashed, failed to start, or was stopped by a fault', () => {
    const store = storeOf('a')
    store.apply(
      reading('a', 1000, [
        facts({ state: 'crashed', reason: 'crashed', name: 'one' }),
        facts({ uuid: uuid(2), name: 'two', state: 'shut off', reason: 'failed' }),
        facts({ uuid: uuid(3), name: 'three', state: 'paused', reason: 'I/O error' }),
        facts({ uuid: uuid(4), name: 'four', state: 'paused', reason: 'user' }),
      ]),
    )
    expect(alertsOf(store.snapshot(), 1000).map(({ name, text }) => `${name}: ${text}`)).toEqual([
      'one: crashed on a',
      'two: shut off (failed) on a',
      'three: paused (I/O error) on a',
    ])
  })

  it('says that a machine that runs twice is in danger', () => {
    const store = storeOf('a', 'b')
    for (let at = 1000; at <= 9000; at += 1000)
      for (const name of ['a', 'b']) store.apply(reading(name, at, [facts()]))
    expect(alertsOf(store.snapshot(), 9000)).toMatchObject([
      {
        severity: 'bad',
        about: { kind: 'machine', id: uuid(1) },
        text: 'runs on a and b at once: its disks are in danger',
        advice: 'force off the wrong one',
      },
    ])
  })
})

describe('duration', () => {
  const second = 1000
  const minute = 60 * second
  const hour = 60 * minute
  it.each([
    [-5, '0 s'],
    [999, '0 s'],
    [14 * second, '14 s'],
    [59.9 * second, '59 s'],
    [minute, '1 min'],
    [59 * minute + 59 * second, '59 min'],
    [hour, '1 h 00 min'],
    [2 * hour + 5 * minute, '2 h 05 min'],
    [24 * hour - 1, '23 h 59 min'],
    [24 * hour, '1 d 0 h'],
    [12 * 24 * hour + 4 * hour, '12 d 4 h'],
  ])('shows %i ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(label(text))
  })
})
