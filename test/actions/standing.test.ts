import { describe, expect, it } from 'vitest'
import { standingIn, stateWords } from '../../src/actions/standing.ts'
import type { Subject } from '../../src/actions/subjects.ts'
import type { DisplayRecord } from '../../src/fleet/display/record.ts'
import { displayRecord } from '../../src/fleet/display/record.ts'
import type { FrontendService } from '../../src/fleet/frontend/frontends.ts'
import { type SessionRecord, sessionsOf } from '../../src/fleet/session/record.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { label, say } from '../../src/hosts/label.ts'
import type { Display } from '../../src/services/display/facts.ts'
import { ldirectordReading } from '../support/balancers.ts'
import { channels, displayServer, displaysOf } from '../support/displays.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { seen } from '../support/sight.ts'

/** What is told of one before and after. */
function told(subject: Subject, before: Snapshot, after: Snapshot, target: object) {
  const [was, is] = [standingIn(subject, target, before), standingIn(subject, target, after)]
  return [was?.words(is), is?.words(was)]
}

const served = (real: string, weight: number): FrontendService => ({
  virtual: 'TCP 10.9.0.100:389',
  real,
  balancer: 'lb1',
  duty: weight ? 'in service' : 'weight 0',
  weight,
  active: 0,
  inactive: 0,
})

describe('how it stood before a change and after it', () => {
  const one = machine()
  const other = (given: Parameters<typeof machine>[0]) => snapshot([machine(given)])

  it.each([
    ['running (booted) on a', 'shut off on a', { state: 'shut off', reason: label('unknown') }],
    ['running (booted) on a, 2 vCPUs', 'running (booted) on a, 4 vCPUs', { vcpus: 4 }],
    ['running (booted) on a, 2 vCPUs', 'running (booted) on a, 1 vCPU', { vcpus: 1 }],
    ['running (booted) on a, 1.0G', 'running (booted) on a, 2.0G', { memoryKiB: 2 ** 21 }],
    [
      'running (booted) on a',
      'running (booted) on a, 3 vCPUs from its next start on, 4.0G from its next start on',
      { nextStart: { vcpus: 3, memoryKiB: 2 ** 22 } },
    ],
    [
      'running (booted) on a, does not start with its host',
      'running (booted) on a, starts with its host',
      { autostart: true },
    ],
    ['running (booted) on a, defined', 'running (booted) on a, not defined', { persistent: false }],
    ['running (booted) on a', 'running (booted) on a', { cpuPercent: 99 }],
  ] as const)('is for a machine its state and what differs: %s, %s', (was, is, given) => {
    expect(told('machine', snapshot([one]), other(given), one)).toEqual([was, is])
  })

  it('is not told of a machine that has gone, or is not there yet', () => {
    expect(told('machine', snapshot([one]), snapshot([]), one)).toEqual(['running (booted) on a', undefined])
  })

  it('is for a session who works where', () => {
    const before = { ...snapshot([]), displays: [displayServer(channels(seen()))] }
    const [one] = sessionsOf(before) as [SessionRecord]
    expect(standingIn('session', one, before)).toMatchObject({
      facts: { user: 'anna', terminal: 'term3', machine: 'web1', desktop: 'Plasma' },
    })
    expect(stateWords('session', one, before)).toBe('anna at term3 on web1')
  })

  it('is for a display who is on which machine, and its size where that differs', () => {
    const shown = (given: Parameters<typeof seen>[1], size?: { width: number; height: number }) => {
      const displays = channels(seen({ fullScreen: !size, size }, given))
      return { ...snapshot([]), displays: [displayServer(displays)] }
    }
    const [one] = channels(seen()) as [DisplayRecord]
    const [full, small] = [shown({}), shown({}, { width: 1024, height: 768 })]
    const who = `${one.user} on ${one.channel?.machine.name}`
    expect(told('display', full, full, one)).toEqual([who, who])
    expect(told('display', full, small, one)).toEqual([`${who}, full`, `${who}, 1024x768`])
    expect(standingIn('display', one, full)?.facts).toEqual({
      channel: one.channel?.id,
      fate: one.channel?.fate,
      user: one.user,
      machine: one.channel?.machine.name,
      size: 'full',
    })
    const login = displayRecord(
      'd1',
      displaysOf([], { others: [{ display: 0, program: 'Xorg' }] })[0] as Display,
    )
    const other = { ...snapshot([]), displays: [displayServer([login])] }
    expect(standingIn('display', login, other)?.facts).toEqual({
      channel: null,
      fate: null,
      user: login.user ?? null,
      machine: null,
      size: null,
    })
  })

  it('is for a host how many machines it has, where it is a hypervisor', () => {
    const having = (machines: number) => snapshot([], [host('a', { machines })])
    expect(told('host', having(0), having(1), host('a'))).toEqual(['0 machines', '1 machine'])
    expect(told('host', having(5), having(6), host('a'))).toEqual(['5 machines', '6 machines'])
    const { machines: _, ...bare } = host('a')
    expect(standingIn('host', bare, snapshot([], [bare]))?.words()).toBeUndefined()
  })

  it('is for a front end what it does in its services', () => {
    const frontend = (weight: number) => ({
      address: '10.9.0.11',
      name: label('fe1'),
      services: [served('10.9.0.11:389', weight)],
    })
    const having = (weight: number) => ({ ...snapshot([]), frontends: [frontend(weight)] })
    expect(told('frontend', having(4), having(0), frontend(4))).toEqual([
      'in service, weight 4',
      'weight 0, weight 0',
    ])
    const doing = (...services: readonly FrontendService[]) => {
      const one = { ...frontend(4), services }
      return standingIn('frontend', one, { ...snapshot([]), frontends: [one] })?.words()
    }
    const other = (virtual: string) => ({ ...served('10.9.0.11:12', 0), virtual })
    expect(doing(served('10.9.0.11:389', 4), other('UDP 10.9.0.100:1812'), other('FWM 7'))).toBe(
      '389: in service, weight 4; 1812: weight 0, weight 0; FWM 7: weight 0, weight 0',
    )
    expect(doing()).toBeUndefined()
  })

  it('is for a virtual service how many real servers it has, and those that differ; of thousands a hundred are kept', () => {
    const service = (...reals: readonly FrontendService[]) => ({
      name: label('TCP 10.9.0.100:389'),
      balancer: 'lb1',
      scheduler: say`sed`,
      flags: say``,
      reals: reals.map((one) => ({ ...one, address: '', name: say`` })),
    })
    const having = (...reals: readonly FrontendService[]) => ({
      ...snapshot([]),
      services: [service(...reals)],
    })
    const both = having(served('10.9.0.11:389', 4), served('10.9.0.12:389', 2))
    expect(told('service', having(served('10.9.0.11:389', 4)), both, service())).toEqual([
      '1 real server',
      '2 real servers, 10.9.0.12:389 in service with weight 2',
    ])
    const many = having(...Array.from({ length: 2000 }, (_, i) => served(`10.9.0.11:${i}`, 1)))
    const { facts } = standingIn('service', service(), many) ?? {}
    expect(facts).toMatchObject({ count: 2000, reals: { length: 100 } })
  })

  it('is for a balancer whether its ldirectord runs, and with the configuration that is there', () => {
    const balancer = host('lb1', { roles: ['balancer'] })
    const having = (ldirectord?: Partial<ReturnType<typeof ldirectordReading>>) => ({
      ...snapshot([], [balancer]),
      balancers: [
        { host: 'lb0', lastDid: new Map() },
        {
          host: 'lb1',
          lastDid: new Map(),
          ...(ldirectord && { ldirectord: { ...ldirectordReading('lb1'), ...ldirectord } }),
        },
      ],
    })
    expect(told('balancer', having({ notLoaded: true }), having({ notLoaded: false }), balancer)).toEqual([
      'configuration changed and not loaded',
      'configuration loaded',
    ])
    const { daemon: _, ...stopped } = ldirectordReading('lb1')
    const off = { ...having(), balancers: [{ host: 'lb1', lastDid: new Map(), ldirectord: stopped }] }
    expect(told('balancer', off, having(), balancer)).toEqual(['ldirectord stopped', undefined])
  })
})
