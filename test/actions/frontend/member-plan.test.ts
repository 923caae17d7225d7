import { describe, expect, it } from 'vitest'
import {
  addSteps,
  hasChecks,
  memberId,
  type NewMember,
  removeSteps,
  unwritable,
} from '../../../src/actions/frontend/member-plan.ts'
import {
  areIn,
  clones,
  familyOf,
  newcomerWarnings,
  portOf,
  remarksOnNew,
  takenByService,
  whyNotIn,
  wrongAddress,
} from '../../../src/actions/frontend/new-member.ts'
import { entriesOf } from '../../../src/actions/frontend/plan.ts'
import { stepLines, stepText } from '../../../src/actions/step-text.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { hostsByAddress } from '../../../src/fleet/frontend/frontends.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import { say } from '../../../src/hosts/label.ts'
import { parseConfig } from '../../../src/services/ldirectord/config.ts'
import type { Step } from '../../../src/services/step.ts'
import { balancer, ldap, ldirectordReading, lvsReading, standby } from '../../support/balancers.ts'
import { host, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'
import { lb1 } from '../sides/balanced.ts'

const http = 'TCP 10.9.0.100:80'
const hostAt = hostsByAddress([
  { name: 'rs1', address: '10.9.0.11' },
  { name: 'rs2', address: '10.9.0.12' },
])

function shown(...balancers: BalancerRecord[]) {
  const hosts = balancers.map(({ host: name }) => host(name, { roles: ['balancer'] }))
  return { ...snapshot([], hosts), balancers, ...balancedBy(balancers, hostAt) }
}

const member = (id: string, virtual = ldap): NewMember => ({ virtual, id, weight: 3, forward: 'gate' })

/** What is changed, in short: the lines of a configuration and the entries of a table. */
const changesOf = (steps: readonly Step[]) =>
  steps.flatMap((step) => [
    ...stepLines(step).filter((line) => /^ {2}\| [-+] /.test(line)),
    ...(step.argv.includes('ipvsadm') ? [stepText(step)] : []),
  ])

const { config: _, source: __, daemon: ___, ...none } = ldirectordReading('lb1')
const { ldirectord: ____, ...unknown } = balancer('lb3')
const { lvs: _____, ...withoutTable } = standby('lb4')

describe('the name of a member', () => {
  it.each([
    ['10.9.0.13', 389, '10.9.0.13:389'],
    ['10.9.0.13', 0, '10.9.0.13:0'],
    ['10.9.0.13:390', 389, '10.9.0.13:390'],
    ['10.9.0.13:1', 389, '10.9.0.13:1'],
    ['10.9.0.13:65535', 389, '10.9.0.13:65535'],
    ['10.9.0.13:65536', 389, undefined],
    ['10.9.0.13:0', 389, undefined],
    ['10.9.0.13:390x', 389, undefined],
    ['10.9.0.13:390000', 389, undefined],
    ['x10.9.0.13:390', 389, undefined],
    ['10.9.0.300', 389, undefined],
    ['fd00::13', 389, '[fd00::13]:389'],
    ['FD00:0::13', 389, '[fd00::13]:389'],
    ['[fd00::13]', 389, '[fd00::13]:389'],
    ['[fd00::13]:636', 389, '[fd00::13]:636'],
    ['fe80::1%eth0', 389, undefined],
    ['rs3', 389, undefined],
    ['', 389, undefined],
  ])('of %j with the port %i', (text, port, id) => {
    expect(memberId(text, port)).toBe(id)
  })

  it.each([
    ['10.9.0.11:389', 4],
    ['[fd00::11]:636', 6],
    ['fd00::11', 6],
    ['TCP [fd00::100]:636', 6],
    ['TCP 10.9.0.100:389', 4],
    ['FWM 7 IPv6', 6],
    ['FWM 7', 4],
    ['FWM 7 IPv6 x', 4],
  ] as const)('%s is of a family', (place, family) => {
    expect(familyOf(place)).toBe(family)
  })

  it.each([
    ['10.9.0.13', 4, undefined],
    ['fd00::13', 6, undefined],
    ['fd00::13', 4, say`an IPv4 address, as the others of its services`],
    ['10.9.0.13', 6, say`an IPv6 address, as the others of its services`],
    ['::1', 6, say`::1 cannot be the address of a server`],
    ['ff02::1', 6, say`ff02::1 cannot be the address of a server`],
    ['0.1.2.3', 4, say`0.1.2.3 cannot be the address of a server`],
    ['127.9.9.9', 4, say`127.9.9.9 cannot be the address of a server`],
    ['223.255.255.255', 4, undefined],
    ['224.0.0.0', 4, say`224.0.0.0 cannot be the address of a server`],
    ['x', 4, say`an IPv4 or IPv6 address, with a port from 1 to 65535 if any`],
  ] as const)('%s of IPv%i is judged', (address, family, why) => {
    expect(wrongAddress(address, family)).toBe(why)
  })

  it('is not the address of a service, where the tables are known', () => {
    const all = shown(withoutTable, balancer('lb1'))
    expect(takenByService('10.9.0.100', all)).toBe('10.9.0.100 is the address of a virtual service')
    expect(takenByService('10.9.0.101', all)).toBeUndefined()
    expect(takenByService('x', all)).toBeUndefined()
  })

  it('has the port of the others, else of the service', () => {
    const reals = shown(balancer('lb1')).services.find(({ name }) => name === ldap)?.reals ?? []
    expect(portOf({ name: say`TCP 10.9.0.100:390`, reals })).toBe(389)
    expect(portOf({ name: say`TCP 10.9.0.100:390`, reals: [] })).toBe(390)
    expect(portOf({ name: say`TCP 10.9.0.100:390 x`, reals: [] })).toBe(0)
    expect(portOf({ name: say`FWM 7`, reals: [] })).toBe(0)
  })
})

describe('members are added', () => {
  const added = (members: readonly NewMember[], ...balancers: BalancerRecord[]) => {
    const all = shown(...balancers)
    return changesOf(addSteps(members, all, new StillFleet(all)))
  }
  /** The real servers of each service in the configuration as it is written. */
  const written = (steps: readonly Step[]) =>
    parseConfig(steps.find(({ argv }) => argv.includes('conv=fsync'))?.input ?? '').virtuals.map(
      ({ reals }) => reals.map(({ id }) => id),
    )

  it('each in its service, from the bottom up', () => {
    const lines = ['  | +  real=10.9.0.13:389 gate 3', '  | +  real=10.9.0.13:80 gate 3']
    const [one, other] = [member('10.9.0.13:389'), member('10.9.0.13:80', http)]
    expect(added([one, other], balancer('lb1'))).toEqual(lines)
    expect(added([other, one], balancer('lb1'))).toEqual(lines)
    const all = shown(balancer('lb1'))
    for (const members of [
      [one, other],
      [other, one],
    ])
      expect(written(addSteps(members, all, new StillFleet(all)))).toEqual([
        ['10.9.0.11:389', '10.9.0.12:389', '10.9.0.13:389'],
        ['10.9.0.11:80', '10.9.0.12:80', '10.9.0.13:80'],
      ])
  })

  it('not where one is already, in the file or in the table', () => {
    const there = member('10.9.0.12:389')
    const all = shown(balancer('lb1'))
    expect(addSteps([there], all, new StillFleet(all))).toEqual([])
    expect(added([there, member('10.9.0.13:389')], balancer('lb1'))).toEqual([
      '  | +  real=10.9.0.13:389 gate 3',
    ])
    expect(added([there], balancer('lb1', { ldirectord: none }))).toEqual([])
  })

  it('not on one that does not answer, of which nothing is known, or in a service that it does not have', () => {
    const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 1 } as const
    const one = member('10.9.0.13:389')
    expect(added([one], balancer('lb1', { lvsTrouble: trouble }))).toEqual([])
    expect(added([member('10.9.0.13:22', 'TCP 10.9.0.100:22')], balancer('lb1'), standby('lb2'))).toEqual([])
    expect(added([one], unknown)).toEqual(['lb3$ ipvsadm -a -t 10.9.0.100:389 -r 10.9.0.13:389 -g -w 3'])
    expect(added([one], withoutTable)).toEqual(['  | +  real=10.9.0.13:389 gate 3'])
  })
})

describe('members are removed', () => {
  const removed = (address: string, ...balancers: BalancerRecord[]) => {
    const all = shown(...balancers)
    const frontend = all.frontends?.find((one) => one.address === address)
    if (!frontend) throw new Error(`no ${address}`)
    return changesOf(removeSteps(entriesOf(frontend, {}, all), new StillFleet(all)))
  }
  const lines = ['  | -  real=10.9.0.12:389 gate 2', '  | -  real=10.9.0.12:80 gate 2']
  const commands = [
    'lb1$ ipvsadm -d -t 10.9.0.100:389 -r 10.9.0.12:389',
    'lb1$ ipvsadm -d -t 10.9.0.100:80 -r 10.9.0.12:80',
  ]

  it('from the file where ldirectord runs, else from the table as well', () => {
    expect(removed('10.9.0.12', balancer('lb1'))).toEqual(lines)
    const { daemon: _, ...stopped } = ldirectordReading('lb1')
    expect(removed('10.9.0.12', balancer('lb1', { ldirectord: stopped })).toSorted()).toEqual([
      ...lines,
      ...commands,
    ])
    expect(removed('10.9.0.12', balancer('lb1', { ldirectord: none })).toSorted()).toEqual(commands)
  })

  it('from the table where the file does not have them', () => {
    const other = ldirectordReading('lb1', {}, ['real=10.9.0.12:389 gate 2', 'real=10.9.0.13:389 gate 2'])
    expect(removed('10.9.0.12', balancer('lb1', { ldirectord: other })).toSorted()).toEqual([
      lines[1],
      commands[0],
    ])
  })

  it('from the bottom up, also where several of one stand in one service', () => {
    const both = ldirectordReading('lb1', {}, [
      'real=10.9.0.12:389 gate 2',
      'real=10.9.0.12:389 gate 2\n\treal=10.9.0.12:390 masq 2\n\treal=10.9.0.13:389 gate 5',
    ])
    const all = shown(balancer('lb1', { ldirectord: both }))
    const frontend = all.frontends.find(({ address }) => address === '10.9.0.12')
    const entries = frontend ? entriesOf(frontend, {}, all) : []
    for (const some of [entries, entries.toReversed()])
      expect(changesOf(removeSteps(some, new StillFleet(all)))).toEqual([
        '  | -  real=10.9.0.12:389 gate 2',
        '  | -  real=10.9.0.12:390 masq 2',
        '  | -  real=10.9.0.12:80 gate 2',
      ])
  })

  it('however often they stand there', () => {
    const twice = ldirectordReading('lb1', {}, [
      'real=10.9.0.12:389 gate 2',
      'real=10.9.0.12:389 gate 2\n\treal=10.9.0.12->10.9.0.13:389 gate 5',
    ])
    expect(removed('10.9.0.12', balancer('lb1', { ldirectord: twice }))).toEqual([
      '  | -  real=10.9.0.12:389 gate 2',
      '  | -  real=10.9.0.12->10.9.0.13:389 gate 5',
      '  | +  real=10.9.0.13:389 gate 5',
      '  | -  real=10.9.0.12:80 gate 2',
    ])
  })

  it('with their checks, which cannot be told again', () => {
    const checksOf = (record: BalancerRecord) => {
      const all = shown(record)
      const frontend = all.frontends?.find(({ address }) => address === '10.9.0.12')
      return frontend && entriesOf(frontend, {}, all).map(hasChecks)
    }
    const own: [string, string] = ['10.9.0.12:389 gate 2', '10.9.0.12:389 gate 2 "uid=a", "ok"']
    expect(checksOf(balancer('lb1'))).toEqual([false, false])
    expect(checksOf(balancer('lb1', { ldirectord: ldirectordReading('lb1', {}, own) }))).toEqual([
      false,
      true,
    ])
    expect(checksOf(balancer('lb1', { ldirectord: none }))).toEqual([false, false])
    const { source: _, ...unread } = ldirectordReading('lb1', {}, own)
    expect(checksOf(balancer('lb1', { ldirectord: unread }))).toEqual([false, false])
  })
})

describe('a configuration', () => {
  it('that cannot be written stops only what it has', () => {
    const broken = (where: string) =>
      balancer(where, { ldirectord: ldirectordReading(where, {}, ['checktimeout=3', 'checktimeout=x']) })
    expect(unwritable([http], shown(unknown, withoutTable, broken('lb1')))).toMatch(/^lb1: .*line 1 would be/)
    expect(unwritable([ldap, 'TCP 10.9.0.100:22'], shown(broken('lb1')))).toMatch(/would be refused/)
    expect(unwritable(['TCP 10.9.0.100:22'], shown(broken('lb1')))).toBeUndefined()
    expect(unwritable([ldap], shown(balancer('lb1'), standby('lb2')))).toBeUndefined()
    const { source: _, ...unread } = ldirectordReading('lb1')
    expect(unwritable([ldap], shown(balancer('lb1', { ldirectord: unread })))).toBeUndefined()
  })
})

describe('a new member', () => {
  it('is in when it serves where it is wanted, and every configuration has it', () => {
    const has = (id: string, virtual = ldap, weight = 1) =>
      areIn([{ ...member(id, virtual), weight }], shown(balancer('lb1')))
    expect(has('10.9.0.12:389')).toBe(true)
    expect(has('10.9.0.12:80', http)).toBe(true)
    expect(has('10.9.0.12:80')).toBeUndefined()
    expect(has('10.9.0.13:389')).toBeUndefined()
    expect(areIn([member('10.9.0.12:389'), member('10.9.0.13:389')], shown(balancer('lb1')))).toBeUndefined()
    const lacking = ldirectordReading('lb2', {}, ['\treal=10.9.0.12:389 gate 2\n', ''])
    const { daemon: _, ...passive } = lacking
    expect(
      areIn([member('10.9.0.12:389')], shown(balancer('lb1'), { ...standby('lb2'), ldirectord: passive })),
    ).toBeUndefined()
  })

  it('is not in by what is configured alone, or by the same server in another service', () => {
    const missing = shown(lb1({ '10.9.0.12:389': null }))
    const one = member('10.9.0.12:389')
    expect(areIn([one], missing)).toBeUndefined()
    expect(areIn([{ ...one, weight: 0 }], missing)).toBeUndefined()
    expect(whyNotIn([one], missing)).toBeUndefined()
    expect(areIn([member('10.9.0.12:80')], shown(balancer('lb1', { ldirectord: none })))).toBeUndefined()
  })

  it('waits for the first check of the balancer that serves', () => {
    const lastDid = new Map([['10.9.0.100:389 10.9.0.12:389', { at: 0, kind: 'added' as const }]])
    const one = member('10.9.0.12:389')
    expect(areIn([one], shown(standby('lb2'), balancer('lb1', { lastDid })))).toBeUndefined()
    expect(areIn([one], shown({ ...standby('lb2'), lastDid }, balancer('lb1')))).toBe(true)
  })

  it('is trusted before its first check only by an ldirectord that has one of its services', () => {
    const warned = (...members: NewMember[]) => newcomerWarnings(members, shown(balancer('lb1'))).length
    expect(warned(member('10.9.0.13:389'))).toBe(1)
    expect(warned(member('10.9.0.13:389'), member('10.9.0.13:22', 'TCP 10.9.0.100:22'))).toBe(1)
    expect(warned(member('10.9.0.13:22', 'TCP 10.9.0.100:22'))).toBe(0)
  })

  it('is said to be in no configuration of vdd where that has it not', () => {
    const rs1Alone = hostsByAddress([{ name: 'rs1', address: '10.9.0.11' }])
    const all = { ...shown(balancer('lb1')), ...balancedBy([balancer('lb1')], rs1Alone) }
    expect(remarksOnNew([member('10.9.0.12:389')], all)).toBe('10.9.0.12 is not in the configuration of vdd')
    expect(remarksOnNew([member('10.9.0.11:389')], all)).toBeUndefined()
  })

  it('with weight 0 is in with that, and otherwise waits for its check', () => {
    const out = shown(balancer('lb1', { lvs: lvsReading('lb1', 'maintenance-quiescent-yes') }))
    const real = out.frontends?.flatMap(({ services }) => services).find(({ weight }) => weight === 0)
    const one = { ...member(real?.real ?? '', real?.virtual), weight: 0 }
    expect(areIn([one], out)).toBe(true)
    expect(areIn([{ ...one, weight: 2 }], out)).toBeUndefined()
    expect(whyNotIn([one], out)).toMatch(/ldirectord lets nobody in/)
    expect(whyNotIn([one, member('10.9.0.99:389')], out)).toBeUndefined()
  })

  it('like another has its way of forwarding and its weight', () => {
    const all = shown(
      balancer('lb1', {
        ldirectord: ldirectordReading('lb1', {}, ['10.9.0.12:389 gate 2', '10.9.0.12:389 masq 7']),
      }),
    )
    const frontend = all.frontends?.find(({ address }) => address === '10.9.0.12')
    const like = (answers: Record<string, string>) => frontend && clones(frontend, answers, all)
    expect(like({ address: '10.9.0.13' })).toEqual([
      { virtual: http, id: '10.9.0.13:80', model: '10.9.0.12:80', forward: 'gate', weight: 2 },
      { virtual: ldap, id: '10.9.0.13:389', model: '10.9.0.12:389', forward: 'gate', weight: 7 },
    ])
    expect(like({ address: '10.9.0.13', service: http })).toHaveLength(1)
    expect(like({ address: 'x' })).toEqual([])
    expect(like({})).toEqual([])
  })
})
