import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { balancerAlerts } from '../../../src/fleet/balancer/alerts.ts'
import { loadShareOf } from '../../../src/fleet/balancer/balance.ts'
import { Balancers } from '../../../src/fleet/balancer/balancers.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { amissText, servingOf } from '../../../src/fleet/balancer/serving.ts'
import { hostsByAddress } from '../../../src/fleet/frontend/frontends.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label } from '../../../src/hosts/label.ts'
import { parseConfig } from '../../../src/services/ldirectord/config.ts'
import { parseTable } from '../../../src/services/lvs/parse.ts'
import { textOf } from '../../../src/text/part.ts'
import { dutyText, frontendNote } from '../../../src/views/frontend/facts.ts'
import { balancersText } from '../../../src/views/service/page.ts'
import { balancer, ldap, ldirectordReading, lvsReading, standby, vip } from '../../support/balancers.ts'
import { snapshot } from '../../support/records.ts'

const hostAt = hostsByAddress([
  { name: 'rs1', address: '10.9.0.11' },
  { name: 'rs2', address: '10.9.0.12' },
])
const without = { addresses: new Set<string>() }
/** Its table is as ldirectord left it, and the address is gone. */
const lost = (host: string) => balancer(host, { lvs: lvsReading(host, 'loaded', without) })
/** The address was put on it by hand. */
const taken = (host: string) => ({ ...standby(host), lvs: lvsReading(host, 'forms/empty') })
const trouble = { kind: 'unreachable', reason: label('no route'), advice: label(''), since: 0 } as const

function shown(balancers: readonly BalancerRecord[]): Snapshot {
  return { ...snapshot([], []), balancers, ...balancedBy(balancers, hostAt) }
}

function told(...balancers: readonly BalancerRecord[]) {
  const all = shown(balancers)
  const [service] = all.services.filter(({ name }) => name === ldap)
  const [rs1] = all.frontends
  if (!service || !rs1) throw new Error('nothing')
  const state = dutyText(rs1, all, 10_000)
  return {
    said: service.amiss && amissText(service.amiss),
    counts: service.balancer,
    state: textOf(state),
    note: frontendNote(rs1, all, 10_000),
    balancers: balancersText(service, balancers),
    share: rs1.services.map((one) => loadShareOf(one, balancers)).filter(Boolean).length,
    alerts: balancerAlerts(balancers, all.frontends, 10_000).map(
      ({ severity, name, text }) => `${severity} ${name}: ${text}`,
    ),
  }
}

describe('who serves a virtual service', () => {
  it('is who holds its address now, whatever is left in the tables of others', () => {
    expect(told(balancer('lb1'), standby('lb2'))).toMatchObject({ counts: 'lb1', state: 'in service' })
    expect(told(standby('lb1'), balancer('lb2'))).toMatchObject({ counts: 'lb2', state: 'in service' })
    expect(told(lost('lb1'), balancer('lb2'))).toMatchObject({ counts: 'lb2', alerts: [] })
  })

  it('is nobody where the one that has taken the address has an empty table, and that is said first', () => {
    const said = `${vip}: lb2 has it and its table is empty: nobody serves`
    expect(told(lost('lb1'), taken('lb2'))).toEqual({
      said,
      counts: 'lb2',
      state: 'missing',
      note: `${said}; missing in TCP 10.9.0.100:80, ${ldap}`,
      balancers: `${said}; lb1 stands by; lb2 holds the address`,
      share: 0,
      alerts: [`bad ${said}`, 'bad lb2: ldirectord does not run: nobody checks the front ends'],
    })
  })

  it('is nobody also where the one that has the address knows nothing of the service', () => {
    const { ldirectord: _, ...bare } = taken('lb2')
    expect(told(lost('lb1'), bare)).toMatchObject({
      said: `${vip}: lb2 has it and its table is empty: nobody serves`,
      state: 'missing',
    })
    const http = lvsReading('lb2', 'idle').services.filter(({ port }) => port === 80)
    const partly = { ...bare, lvs: lvsReading('lb2', 'idle', { services: http }) }
    expect(told(lost('lb1'), partly)).toMatchObject({
      said: `lb2: ${ldap} is not in the table: nobody gets in`,
      state: 'missing 1/2',
    })
  })

  it('is nobody with the real servers that another has, in its table or in its configuration alone', () => {
    const { ldirectord: _, ...bare } = taken('lb2')
    const { ldirectord: __, ...tableOnly } = lost('lb1')
    for (const other of [tableOnly, standby('lb1')]) {
      const [service] = servingOf([other, bare]).filter(({ id }) => id === ldap)
      expect(service?.elsewhere).toEqual(['10.9.0.11:389', '10.9.0.12:389'])
    }
    expect(servingOf([lost('lb1'), balancer('lb2')])[0]?.elsewhere).toEqual([])
  })

  it('is nobody where no balancer holds the address: no share, nobody in service', () => {
    const said = `${vip}: held by no balancer: nobody gets in`
    expect(told(lost('lb1'), standby('lb2'))).toMatchObject({
      said,
      state: 'no holder',
      balancers: `${said}; lb1 stands by; lb2 stands by`,
      share: 0,
      alerts: [`bad ${said}`],
    })
  })

  it('is not known for sure where several hold the address', () => {
    expect(told(balancer('lb1'), taken('lb2'))).toMatchObject({
      said: `${vip}: held by lb1 and lb2 at once, and the table of lb2 is empty`,
      counts: 'lb1',
      state: 'held twice',
    })
  })

  it('is not known where the one that may have the address does not answer', () => {
    const asked = { host: 'lb2', lastDid: new Map() }
    expect(told(lost('lb1'), asked)).toMatchObject({
      said: `${vip}: lb2 may have it, and cannot be read: who serves is not known`,
      state: 'not known',
      alerts: [],
    })
    expect(told({ ...balancer('lb1'), lvsTrouble: trouble }, standby('lb2'))).toMatchObject({
      counts: 'lb1',
      said: undefined,
    })
  })

  it('is what was read last: in a failover nobody is told to hold it twice, nor nobody', () => {
    const all = new Balancers(['lb1', 'lb2'])
    const read = (host: string, at: number, has: boolean) =>
      all.table(lvsReading(host, 'idle', { at, took: 300, ...(has ? {} : without) }))
    const now = () => {
      const [first] = servingOf(all.records)
      return [first?.balancer.host, first?.amiss?.word]
    }
    read('lb1', 1_000, true)
    read('lb2', 1_200, false)
    expect(now()).toEqual(['lb1', undefined])
    // Lost here, and the other was read before.
    expect(read('lb1', 2_000, false)).toMatchObject([{ text: `has given up the address ${vip}` }])
    expect(now()).toEqual(['lb1', undefined])
    read('lb2', 2_200, false)
    expect(now()).toEqual(['lb1', undefined])
    expect(read('lb2', 3_200, false)).toMatchObject([
      { host: 'lb1', severity: 'bad', text: `${vip}: held by no balancer: nobody gets in` },
    ])
    expect(now()).toEqual(['lb1', 'no holder'])
    expect(read('lb2', 4_200, true)).toMatchObject([
      {
        host: 'lb2',
        severity: 'warning',
        text: `has taken the address ${vip} from lb1; nobody had it for 0.9 to 3.2 s`,
      },
      { severity: 'info', text: `${vip}: held by a balancer again, after 1 s` },
    ])
    expect(now()).toEqual(['lb2', undefined])
    // Taken here, while the other was last seen to have it too.
    read('lb1', 4_300, true)
    read('lb2', 4_400, true)
    expect(now()[1]).toBeUndefined()
    expect(read('lb2', 5_400, true)).toMatchObject([
      { severity: 'bad', text: `${vip}: held by lb1 and lb2 at once` },
    ])
    expect(read('lb1', 5_500, true)).toEqual([])
    expect(now()[1]).toBe('held twice')
    // Of one that is silent nobody knows whether it still does.
    all.failed('lb1', 'lvs', new HostError('unreachable', 'lb1', label('no route')), 6_000)
    expect(read('lb2', 6_400, true)).toEqual([])
    expect(read('lb1', 7_400, false)).toMatchObject([
      { text: `has given up the address ${vip}` },
      { text: 'virtual services: read again, after 1 s' },
      { severity: 'info', text: `${vip}: no longer held by several, after 2 s` },
    ])
  })

  it('is recorded also of a balancer whose table is empty: the journal tells who took what', () => {
    const all = new Balancers(['lb1', 'lb2'])
    all.table(lvsReading('lb1', 'idle', { at: 1_000 }))
    all.table(lvsReading('lb2', 'forms/empty', { at: 1_000, ...without }))
    expect(all.table(lvsReading('lb2', 'forms/empty', { at: 1_900 }))).toMatchObject([
      {
        host: 'lb2',
        severity: 'warning',
        text: `has taken the address ${vip} from lb1; nobody had it for at most 0.9 s`,
      },
      { host: 'lb2', severity: 'bad', text: `${vip}: lb2 has it and its table is empty: nobody serves` },
    ])
    all.table(lvsReading('lb1', 'idle', { at: 2_000, ...without }))
    // Of an address that is none of a service nobody wants to know.
    expect(
      all.table(lvsReading('lb2', 'forms/empty', { at: 3_000, addresses: new Set([vip, '10.1.1.1']) })),
    ).toEqual([])
  })
})

describe('a balancer with firewall marks only', () => {
  const config = parseConfig(readFileSync('fixtures/cases/L13.cf', 'utf8'))
  const mark = (host: string, table: string, given: Partial<BalancerRecord> = {}): BalancerRecord => {
    return {
      host,
      lvs: lvsReading(host, 'forms/empty', { ...without, services: parseTable(table) }),
      ldirectord: { ...ldirectordReading(host), config },
      lastDid: new Map(),
      ...given,
    }
  }
  const stopped = (host: string) => {
    const { daemon: _, ...ldirectord } = { ...ldirectordReading(host), config }
    return mark(host, '', { ldirectord })
  }
  const alerts = (...balancers: BalancerRecord[]) =>
    balancerAlerts(balancers, balancedBy(balancers, hostAt).frontends, 0).map(
      ({ name, text }) => `${name}: ${text}`,
    )
  const full = `FWM  5 wrr\n  -> 172.16.0.7:80                Masq    2      0          0\n  -> 172.16.0.8:80                Masq    1      0          0\n`

  it('is told of when its table is empty and its ldirectord does not run (L21)', () => {
    expect(alerts(stopped('lb1'))).toEqual([
      'lb1: FWM 5 is configured and not in the table: nobody gets in',
      'lb1: ldirectord does not run: nobody checks the front ends',
    ])
  })

  it('has its fallback with the port that was given to it, and that is no front end (L13)', () => {
    const table = `${full.split('\n')[0]}\n  -> 127.0.0.1:80                 Local   1      0          0\n`
    expect(alerts(mark('lb1', table))).toContain('FWM 5: has no front end: its fallback 127.0.0.1:80 answers')
    const [service] = balancedBy([mark('lb1', table)], hostAt).services
    expect(service).toMatchObject({
      fallback: '127.0.0.1:80',
      reals: [{ real: '172.16.0.7:80', duty: 'missing' }, { real: '172.16.0.8:80' }],
    })
  })

  it.each<[what: string, given: Partial<BalancerRecord>]>([
    ['has the address of another service', {}],
    ['answers, whatever the other held', { lvsTrouble: trouble }],
  ])('is the active one where it %s', (_what, given) => {
    // Both run ldirectord and have the mark in their tables.
    const addressed = parseConfig('virtual=10.9.0.100:80\n\treal=10.9.0.11:80 gate\n')
    const lb1 = mark('lb1', full, given)
    const held = given.lvsTrouble ? without : { addresses: new Set(['10.9.0.100']) }
    const lb2 = mark('lb2', full, {
      lvs: { ...lvsReading('lb2', 'forms/empty', held), services: parseTable(full) },
    })
    const third = balancer('lb3', {
      lvs: lvsReading('lb3', 'forms/empty', without),
      ldirectord: { ...ldirectordReading('lb3'), config: addressed },
    })
    const [service] = servingOf([lb1, lb2, third])
    expect([service?.id, service?.balancer.host]).toEqual(['FWM 5', 'lb2'])
  })

  it('is the active one also where nobody has asked for its ldirectord', () => {
    const { ldirectord: _, ...unasked } = mark('lb1', full)
    expect(servingOf([unasked])[0]).toMatchObject({ id: 'FWM 5', takers: [{ host: 'lb1' }] })
  })

  it('is active when its ldirectord runs, and the other one stands by', () => {
    const pair = [stopped('lb1'), mark('lb2', full)]
    expect(alerts(...pair)).toEqual([])
    const [service] = balancedBy(pair, hostAt).services
    if (!service) throw new Error('no service')
    expect([service.balancer, balancersText(service, pair)]).toEqual(['lb2', 'lb1 stands by; lb2 serves'])
  })
})
