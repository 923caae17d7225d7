import { beforeEach, describe, expect, it } from 'vitest'
import { alertsOf } from '../../src/fleet/alerts/alerts.ts'
import { eventsOf } from '../../src/fleet/changes.ts'
import { severityOf, stateText } from '../../src/fleet/machine/conditions.ts'
import { FleetStore } from '../../src/fleet/store.ts'
import { HostError } from '../../src/hosts/host.ts'
import { label, say } from '../../src/hosts/label.ts'
import type { MachineFacts } from '../../src/services/libvirt/facts.ts'
import { facts, incoming, off, reading, uuid } from '../support/facts.ts'

const host = (name: string) => ({ name, roles: ['hypervisor'] as ['hypervisor'], libvirt: 'qemu:///system' })

let store: FleetStore
let now = 0
beforeEach(() => {
  store = new FleetStore([host('a'), host('b')], 4000)
  now = 1000
  looks('a', facts())
  looks('b')
})

/** What is told after a host was read. */
function looks(name: string, ...machines: MachineFacts[]) {
  now += 1000
  return eventsOf(store.apply(reading(name, now, machines)))
}

function fails(reason = 'no route') {
  now += 1000
  return eventsOf(store.fail('a', new HostError('unreachable', 'a', label(reason)), now))
}

describe('eventsOf', () => {
  it('tells nothing of what is found at the first look', () => {
    const fresh = new FleetStore([host('a')], 4000)
    expect(
      eventsOf(fresh.apply(reading('a', 1, [facts(), facts({ uuid: uuid(2), state: 'crashed' })]))),
    ).toEqual([])
  })

  it('tells nothing of the same again', () => {
    expect(looks('a', facts({ vcpus: 3 }))).toEqual([])
  })

  it('tells of a crash, as something bad', () => {
    expect(looks('a', facts({ state: 'crashed', reason: 'crashed' }))).toEqual([
      {
        severity: 'bad',
        host: 'a',
        about: { kind: 'machine', id: uuid(1) },
        name: 'web1',
        type: 'machine.crashed',
        text: 'crashed, was running',
      },
    ])
  })

  it('tells of a failed start and of a pause by a fault, as something bad', () => {
    expect(looks('a', facts({ state: 'paused', reason: 'I/O error' }))).toMatchObject([
      { severity: 'bad', text: 'paused (I/O error), was running' },
    ])
    expect(looks('a', off({ reason: 'failed' }))).toMatchObject([
      { severity: 'bad', text: 'shut off (failed), was paused' },
    ])
  })

  it('tells of the day’s work as it is', () => {
    expect(looks('a', off())).toMatchObject([{ severity: 'info', text: 'shut off (shutdown), was running' }])
    expect(looks('a', facts())).toMatchObject([{ severity: 'info', text: 'running (booted), was shut off' }])
  })

  it('tells of a machine that is new, and of one that has gone', () => {
    expect(looks('a', facts(), off({ uuid: uuid(2), name: 'db1' }))).toMatchObject([
      { name: 'db1', text: 'defined, shut off (shutdown)' },
    ])
    expect(looks('a', facts())).toMatchObject([{ name: 'db1', text: 'gone, was shut off (shutdown)' }])
  })

  it('tells a migration from its beginning to its end', () => {
    expect(looks('b', incoming())).toMatchObject([
      { type: 'machine.migrating', host: 'a', text: 'migrating to b' },
    ])
    expect(looks('b', facts({ reason: 'migrated' }))).toMatchObject([
      { severity: 'info', type: 'machine.moved', host: 'b', text: 'moved from a to b, running (migrated)' },
    ])
    expect(looks('a', off({ reason: 'migrated' }))).toEqual([])
  })

  it.each([
    ['shut off', 'running', 'machine.started'],
    ['paused', 'shut off', 'machine.stopped'],
    ['running', 'paused', 'machine.paused'],
    ['pmsuspended', 'running', 'machine.resumed'],
    ['running', 'in shutdown', 'machine.changed'],
    ['running', 'crashed', 'machine.crashed'],
  ] as const)('calls the way from %s to %s %s, for rules and scripts', (was, is, type) => {
    looks('a', facts({ state: was, reason: label('') }))
    expect(looks('a', facts({ state: is, reason: label('') }))).toMatchObject([{ type }])
  })

  it('tells of a migration that came to nothing', () => {
    looks('b', incoming())
    expect(looks('b')).toMatchObject([
      { type: 'machine.stayed', text: 'not moved to b, running (booted) here' },
    ])
  })

  it('tells once that a host does not answer, and once that it does again', () => {
    expect(fails()).toMatchObject([{ severity: 'bad', host: 'a', text: 'no route' }])
    expect(fails()).toEqual([])
    expect(fails('another reason')).toEqual([])
    expect(looks('a', facts())).toMatchObject([
      { severity: 'info', host: 'a', text: 'answers again, after 5 s' },
    ])
    expect(fails()).toHaveLength(1)
  })

  it('tells once that a host answers only in part', () => {
    const part = () => {
      now += 1000
      return eventsOf(store.apply(reading('a', now, [facts()], { partial: 'a guest hangs' })))
    }
    expect(part()).toMatchObject([{ severity: 'warning', host: 'a', text: 'a guest hangs' }])
    expect(part()).toEqual([])
    expect(looks('a', facts())).toMatchObject([
      { severity: 'info', text: 'answers in full again, after 2 s' },
    ])
  })

  it('tells of a link of a bond as its alert does, and of its end, but not while the host is silent', () => {
    const front = { ...host('f'), roles: ['frontend'] as ['frontend'] }
    const fleet = new FleetStore([front], 4000)
    const vitals = { host: 'f', cpus: 1, cpu: { busy: 0, total: 1 }, load: 0, processes: [] }
    const bond = (down: string[], isUp = true) => {
      now += 1000
      const bonds = [{ name: label('bond0'), isUp, down: down.map((one) => label(one)) }]
      return eventsOf(fleet.applyHost({ ...vitals, at: now, bonds }))
    }
    const lost = () => {
      now += 1000
      return eventsOf(fleet.fail('f', new HostError('unreachable', 'f', say`no route`), now))
    }
    const told = () =>
      alertsOf(fleet.snapshot(), now).map(({ severity, host, text }) => ({ severity, host, text }))
    expect(bond([])).toEqual([])
    expect(bond(['eth1'])).toMatchObject([{ severity: 'warning', host: 'f', text: 'bond0: no link on eth1' }])
    expect(bond(['eth1'])).toEqual([])
    expect(bond(['eth1', 'eth0'], false)).toMatchObject(told())
    expect(lost()).toMatchObject([{ text: 'no route' }])
    expect(bond([])).toMatchObject([
      { severity: 'info', text: 'bond0: all links are up again, after 4 s' },
      { text: 'answers again, after 2 s' },
    ])
  })

  it('tells of a silent libvirt as what it is, and of what comes of it', () => {
    const hung = new HostError('timeout', 'a', say`libvirtd hangs; the host answers`)
    const silent = (hostAnswers: boolean) => {
      now += 1000
      return eventsOf(store.fail('a', hung, now, hostAnswers)).map(({ text }) => text)
    }
    expect(silent(true)).toEqual(['libvirtd hangs; the host answers'])
    expect(silent(true)).toEqual([])
    expect(fails()).toMatchObject([{ severity: 'bad', text: 'no route' }])
    // That libvirt hangs was told, and nobody has seen it end.
    expect(silent(true)).toEqual(['answers again, after 1 s'])
    expect(looks('a', facts())).toMatchObject([{ text: 'libvirt answers again, after 4 s' }])
  })

  it('tells of a machine that runs twice, as something bad', () => {
    const all = Array.from({ length: 12 }, () => [...looks('a', facts()), ...looks('b', facts())]).flat()
    const text = 'runs on a and b at once: its disks are in danger'
    expect(all).toMatchObject([
      { severity: 'bad', host: 'a', about: { kind: 'machine', id: uuid(1) }, name: 'web1', text },
    ])
    expect(alertsOf(store.snapshot(), now)).toMatchObject([
      { severity: 'bad', host: 'a', name: 'web1', text },
    ])
    expect(looks('b', off())).toMatchObject([{ severity: 'info', text: 'no longer runs twice' }])
  })

  it('tells of a machine that may run twice, in the words of its alert', () => {
    fails()
    now += 5000
    const events = looks('b', facts({ reason: 'booted' }))
    expect(events).toMatchObject([
      { severity: 'warning', name: 'web1', text: 'runs on b, and ran on a when that last answered' },
      { text: 'moved from a to b, running (booted)' },
    ])
    expect(alertsOf(store.snapshot(), now).map(({ text }) => text)).toContain(events[0]?.text)
    expect(looks('a', off())).toMatchObject([
      { host: 'a', text: 'answers again, after 9 s' },
      { severity: 'info', name: 'web1', text: 'known again where it runs' },
    ])
  })
})

describe('stateText and severityOf', () => {
  it('leaves out reasons that say nothing', () => {
    expect(stateText({ state: 'running', reason: say`unknown` })).toBe('running')
    expect(stateText({ state: 'crashed', reason: say`crashed` })).toBe('crashed')
    expect(stateText({ state: 'running', reason: say`` })).toBe('running')
    expect(stateText({ state: 'paused', reason: say`user` })).toBe('paused (user)')
  })

  it.each([
    ['crashed', 'crashed', 'bad'],
    ['crashed', 'panicked', 'bad'],
    ['shut off', 'failed', 'bad'],
    ['paused', 'I/O error', 'bad'],
    ['paused', 'watchdog', 'bad'],
    ['paused', 'post-copy failed', 'bad'],
    ['paused', 'API error', 'bad'],
    ['paused', 'user', 'info'],
    ['paused', 'migrating', 'info'],
    ['shut off', 'destroyed', 'info'],
    ['running', 'booted', 'info'],
  ] as const)('judges %s (%s) as %s', (state, reason, severity) => {
    expect(severityOf({ state, reason: label(reason) })).toBe(severity)
  })
})
