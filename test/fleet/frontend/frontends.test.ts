import { describe, expect, it } from 'vitest'
import { balancerAlerts } from '../../../src/fleet/balancer/alerts.ts'
import { Balancers } from '../../../src/fleet/balancer/balancers.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { type FrontendRecord, hostsByAddress, isAwaited } from '../../../src/fleet/frontend/frontends.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { parseEvent } from '../../../src/services/ldirectord/log.ts'
import { balancer, ldap, ldirectordReading, lvsReading, standby, vip } from '../../support/balancers.ts'

const hostAt = hostsByAddress([
  { name: 'rs1', address: '10.9.0.11' },
  { name: 'second', address: 'rs2.example.org', serves: ['10.9.0.12'] },
])
const frontends = (...balancers: BalancerRecord[]) => balancedBy(balancers, hostAt).frontends
const serviceOf = (all: readonly FrontendRecord[], name: string, virtual = ldap) =>
  all.find((one) => one.name === name)?.services.find((one) => one.virtual === virtual)

/** The record of a balancer of which the log told this of a real server. */
const told = (line: string, given: Partial<BalancerRecord>) => {
  const event = parseEvent(`[Sun Nov 22 06:53:31 2026|ldirectord|365] ${line}`, 0)
  return balancer('lb1', {
    ...given,
    lastDid: new Map(event ? [[`${event.virtual} ${event.real}`, event]] : []),
  })
}

describe('front ends', () => {
  it('are the addresses of real servers, by the names of the configuration', () => {
    const all = frontends(balancer('lb1', { lvs: lvsReading('lb1', 'loaded') }))
    expect(all.map(({ name, address, host }) => [name, address, host])).toEqual([
      ['rs1', '10.9.0.11', 'rs1'],
      ['second', '10.9.0.12', 'second'],
    ])
    expect(serviceOf(all, 'rs1')).toEqual({
      virtual: ldap,
      real: '10.9.0.11:389',
      balancer: 'lb1',
      duty: 'in service',
      weight: 4,
      configuredWeight: 4,
      active: 4,
      inactive: 0,
    })
    expect(balancedBy([balancer('lb1')], () => undefined).frontends[0]).toMatchObject({ name: '10.9.0.11' })
  })

  it('are told of by the balancer that holds the address', () => {
    const other = balancer('lb2', { lvs: lvsReading('lb2', 'loaded', { addresses: new Set() }) })
    const all = frontends(other, balancer('lb1'))
    expect(all.flatMap(({ services }) => services.map((one) => one.balancer))).not.toContain('lb2')
    expect(serviceOf(frontends(other, standby('lb1')), 'rs1')?.balancer).toBe('lb2')
  })

  it('are not what only answers when they all fail: then the service has nobody, and that is said', () => {
    const fallback: [string, string] = ['\tservice=ldap', '\tfallback=127.0.0.1:389 gate\n\tservice=ldap']
    const idle = lvsReading('lb1', 'idle')
    const services = idle.services.map((service) => {
      const [first] = service.reals
      if (service.id !== ldap || !first) return service
      const out = service.reals.map((real) => ({ ...real, weight: 0 }))
      return {
        ...service,
        reals: [...out, { ...first, id: '127.0.0.1:389', address: '127.0.0.1', weight: 1 }],
      }
    })
    const one = balancer('lb1', {
      lvs: { ...idle, services },
      ldirectord: ldirectordReading('lb1', {}, fallback),
    })
    const all = frontends(one)
    expect(all.map(({ name }) => name)).toEqual(['rs1', 'second'])
    expect(balancerAlerts([one], all, 10_000)).toContainEqual(
      expect.objectContaining({
        what: 'no front end',
        text: 'all front ends are out: its fallback 127.0.0.1:389 answers',
      }),
    )
    const [service] = balancedBy([one], hostAt).services.filter(({ name }) => name === ldap)
    expect(service).toMatchObject({ fallback: '127.0.0.1:389', reals: [{ weight: 0 }, { weight: 0 }] })
  })

  it('are in maintenance by a file of whatever name ldirectord takes', () => {
    for (const file of ['10.9.0.11', '10.9.0.11:389', 'rs1', 'rs1:389', 'rs1.lab.test', 'rs1.lab.test:389']) {
      const lvs = lvsReading('lb1', 'maintenance-quiescent-yes')
      const all = frontends(
        balancer('lb1', { lvs, ldirectord: ldirectordReading('lb1', { maintenance: [file] }) }),
      )
      expect([file, serviceOf(all, 'rs1')?.duty]).toEqual([file, 'maintenance'])
    }
    for (const file of ['10.9.0.11:ldap', 'RS1', '10.9.0.11.conf', 'rs1.lab', '10.9.0.11:80']) {
      const lvs = lvsReading('lb1', 'maintenance-quiescent-yes')
      const all = frontends(
        balancer('lb1', { lvs, ldirectord: ldirectordReading('lb1', { maintenance: [file] }) }),
      )
      expect([file, serviceOf(all, 'rs1')?.duty]).toEqual([file, 'weight 0'])
    }
  })

  it('have failed when ldirectord took them out and no file did', () => {
    const lvs = lvsReading('lb1', 'check-failed')
    const out = told('Quiescent real server: 10.9.0.12:389 (10.9.0.100:389) (Weight set to 0)', { lvs })
    expect(serviceOf(frontends(out), 'second')).toMatchObject({
      duty: 'failed',
      weight: 0,
      configuredWeight: 2,
    })
    const gone = lvsReading('lb1', 'check-failed-quiescent-no')
    const deleted = told('Deleted real server: 10.9.0.12:389 (10.9.0.100:389)', { lvs: gone })
    expect(serviceOf(frontends(deleted), 'second')).toMatchObject({ duty: 'failed', active: 0 })
  })

  it('have weight 0 by hand when nothing explains it, and are missing when only the configuration has them', () => {
    const byHand = balancer('lb1', { lvs: lvsReading('lb1', 'manual-weight-0') })
    expect(serviceOf(frontends(byHand), 'rs1')?.duty).toBe('weight 0')
    const missing = balancer('lb1', { lvs: lvsReading('lb1', 'check-failed-quiescent-no') })
    expect(serviceOf(frontends(missing), 'second')).toMatchObject({ duty: 'missing', configuredWeight: 2 })
  })

  it('have weight 0 by hand also where no ldirectord runs: nobody looks at its files', () => {
    const lvs = lvsReading('lb1', 'maintenance-quiescent-yes')
    const { daemon: _, ...stopped } = ldirectordReading('lb1', { maintenance: ['10.9.0.11'] })
    expect(serviceOf(frontends(balancer('lb1', { lvs, ldirectord: stopped })), 'rs1')?.duty).toBe('weight 0')
    const { ldirectord: __, ...unread } = balancer('lb1', { lvs })
    const service = serviceOf(frontends(unread), 'rs1')
    expect(service?.duty).toBe('weight 0')
    // What is not configured has no weight there.
    expect(service).not.toHaveProperty('configuredWeight')
  })

  it('are in maintenance also where ldirectord takes them out of the table for it', () => {
    const lvs = lvsReading('lb1', 'check-failed-quiescent-no')
    const ldirectord = ldirectordReading('lb1', { maintenance: ['10.9.0.12'] })
    const all = frontends(balancer('lb1', { lvs, ldirectord }))
    expect(serviceOf(all, 'second')).toMatchObject({ duty: 'maintenance', weight: 0 })
  })

  it('that answer in place of all others are front ends all the same where they are configured as such', () => {
    const edit: [string, string] = ['\tservice=ldap', '\tfallback=10.9.0.11:389 gate\n\tservice=ldap']
    const one = balancer('lb1', { ldirectord: ldirectordReading('lb1', {}, edit) })
    expect(serviceOf(frontends(one), 'rs1')?.duty).toBe('in service')
    expect(balancedBy([one], hostAt).services.find(({ name }) => name === ldap)).not.toHaveProperty(
      'fallback',
    )
  })

  it('have the traffic of the table, where it is known', () => {
    const rate = { connections: 1, packetsIn: 2, bytesIn: 3 }
    const lvs = lvsReading('lb1', 'idle')
    const services = lvs.services.map((one) => ({
      ...one,
      reals: one.reals.map((real) => (real.address === '10.9.0.11' ? { ...real, rate } : real)),
    }))
    const all = frontends(balancer('lb1', { lvs: { ...lvs, services } }))
    expect(serviceOf(all, 'rs1')).toMatchObject({ rate })
    expect(serviceOf(all, 'second')).not.toHaveProperty('rate')
  })

  it('are also those of the configuration that no balancer knows, among the others by their names', () => {
    const configured = [
      { name: 'second', address: 'rs2.example.org' },
      { name: 'rs10', address: '10.9.0.20' },
      { name: 'rs3' },
    ]
    const all = balancedBy([balancer('lb1')], hostAt, configured).frontends
    expect(all.map(({ name, address, host, services }) => [name, address, host, services.length])).toEqual([
      ['rs1', '10.9.0.11', 'rs1', 2],
      ['rs3', 'rs3', 'rs3', 0],
      ['rs10', '10.9.0.20', 'rs10', 0],
      ['second', '10.9.0.12', 'second', 2],
    ])
  })

  it.each([
    ['Quiescent real server: 10.9.0.12:389 (10.9.0.100:389) (Weight set to 0)', true],
    ['Deleted real server: 10.9.0.12:389 (10.9.0.100:389)', true],
    ['Restored real server: 10.9.0.12:389 (10.9.0.100:389) (Weight set to 2)', false],
  ])('will be brought back by ldirectord if it took them out: %s', (line, isIt) => {
    expect(isAwaited(ldap, '10.9.0.12:389', told(line, {}))).toBe(isIt)
    expect(isAwaited(ldap, '10.9.0.11:389', told(line, {}))).toBe(false)
  })
})

describe('what is wrong with balancers', () => {
  const alerts = (...balancers: BalancerRecord[]) =>
    balancerAlerts(balancers, frontends(...balancers), 10_000).map(
      ({ severity, name, text }) => `${severity} ${name}: ${text}`,
    )

  it('is nothing where all is well, also on the one that stands by', () => {
    expect(alerts(balancer('lb1'), standby('lb2'))).toEqual([])
  })

  it('is a front end that failed, once for all its services', () => {
    const lvs = lvsReading('lb1', 'check-failed')
    const out = told('Quiescent real server: 10.9.0.12:389 (10.9.0.100:389) (Weight set to 0)', { lvs })
    expect(alerts(out)).toEqual([
      'warning TCP 10.9.0.100:389: only 10.9.0.11:389 of 2 is in service: the next failure leaves nobody',
      `bad second: failed its check, taken out of ${ldap}`,
    ])
  })

  it('is a service that nobody serves', () => {
    expect(alerts(balancer('lb1', { lvs: lvsReading('lb1', 'all-reals-gone') }))).toContain(
      `bad TCP ${vip}:389: has no front end: nobody gets in`,
    )
  })

  it('is an address that nobody holds, if all balancers answer', () => {
    const lost = (host: string) => balancer(host, { lvs: lvsReading(host, 'idle', { addresses: new Set() }) })
    expect(alerts(lost('lb1'), lost('lb2'))).toContain(`bad ${vip}: held by no balancer: nobody gets in`)
    const trouble = { kind: 'unreachable', reason: label('x'), advice: label(''), since: 0 } as const
    expect(alerts(lost('lb1'), { ...balancer('lb2'), lvsTrouble: trouble }).join()).not.toContain('held by')
  })

  it('is a pair whose configurations differ: a failover would change who serves', () => {
    const other: [string, string] = ['10.9.0.12:389 gate 2', '10.9.0.19:389 gate 2']
    const less = { ...standby('lb2'), ldirectord: ldirectordReading('lb2', {}, other) }
    expect(alerts(balancer('lb1'), less)).toContain(
      `warning lb2: its configuration lacks 10.9.0.12:389 in ${ldap}, which lb1 has`,
    )
    const { ldirectord: _, ...unknown } = standby('lb2')
    expect(alerts(balancer('lb1'), unknown)).toEqual([])
  })

  it('is a table that ldirectord emptied when it was stopped', () => {
    const { daemon: _, ...ldirectord } = ldirectordReading('lb1')
    const lvs = lvsReading('lb1', 'forms/empty', { addresses: new Set([vip]) })
    expect(alerts(balancer('lb1', { lvs, ldirectord }))).toEqual([
      `bad ${vip}: lb1 has it and its table is empty: nobody serves`,
      'bad lb1: ldirectord does not run: nobody checks the front ends',
    ])
  })

  it('is a service that is configured and not in the table, and a real server that is not', () => {
    const idle = lvsReading('lb1', 'idle')
    const services = idle.services.filter(({ port }) => port === 389)
    expect(alerts(balancer('lb1', { lvs: { ...idle, services } }))).toEqual([
      `bad lb1: TCP ${vip}:80 is configured and not in the table: nobody gets in`,
    ])
    const { daemon: _, ...ldirectord } = ldirectordReading('lb1', { maintenance: ['10.9.0.12'] })
    const one = balancer('lb1', { lvs: lvsReading('lb1', 'check-failed-quiescent-no'), ldirectord })
    // Nobody looks for the file.
    expect(alerts(one)).toContain(`warning second: configured in ${ldap} and not in the table`)
  })

  it('is a front end that is out although no file says so', () => {
    const lvs = lvsReading('lb1', 'manual-weight-0')
    expect(alerts(balancer('lb1', { lvs }))).toEqual([
      'warning TCP 10.9.0.100:389: only 10.9.0.12:389 of 2 is in service: the next failure leaves nobody',
      `warning rs1: out of ${ldap}, not by a maintenance file`,
    ])
  })

  it('is not what a dead balancer held before another took it', () => {
    const trouble = { kind: 'unreachable', reason: label('no route'), advice: label(''), since: 0 } as const
    const dead = { ...balancer('lb1'), lvsTrouble: trouble }
    expect(alerts(dead, balancer('lb2')).join()).not.toContain('at once')
    expect(serviceOf(frontends(dead, balancer('lb2')), 'rs1')?.balancer).toBe('lb2')
  })

  it('is an address that two hold', () => {
    expect(alerts(balancer('lb1'), balancer('lb2'))).toContain(`bad ${vip}: held by lb1 and lb2 at once`)
  })

  it('is ldirectord: not running, not loaded, with a wrong line, with a file for nobody', () => {
    const { daemon: _, ...stopped } = ldirectordReading('lb1')
    expect(alerts(balancer('lb1', { ldirectord: stopped }))[0]).toMatch(/ldirectord does not run/)
    const edited = ldirectordReading('lb1', { notLoaded: true, maintenance: ['rs9'] }, [
      'checkinterval=5',
      'checkinterval=x',
    ])
    expect(alerts(balancer('lb1', { ldirectord: edited }))).toEqual([
      'warning lb1: /etc/ha.d/ldirectord.cf was changed and is not loaded',
      'bad lb1: /etc/ha.d/ldirectord.cf line 3: checkinterval is no number: x',
      'warning lb1: maintenance file rs9 belongs to no real server',
    ])
  })

  it('is told by the first of many files and lines, and the rest is counted', () => {
    const maintenance = Array.from({ length: 1_000 }, (_, i) => `file${i}`)
    const wrong = ['checkinterval=5', `${'nonsense\n'.repeat(30)}checkinterval=5`] as const
    const told = alerts(balancer('lb1', { ldirectord: ldirectordReading('lb1', { maintenance }, wrong) }))
    expect(told.filter((text) => text.includes('maintenance file '))).toHaveLength(20)
    expect(told).toContain('warning lb1: 980 more maintenance files belong to no real server')
    expect(told).toContainEqual(
      expect.stringMatching(/^bad lb1: \/etc\/ha.d\/ldirectord.cf: \d+ more lines are wrong$/),
    )
    expect(told.length).toBeLessThan(50)
  })
})

describe('Balancers', () => {
  it('tell a weight that was set by hand, and not twice what the log of ldirectord tells', () => {
    const balancers = new Balancers(['lb1'])
    expect(balancers.table(lvsReading('lb1', 'idle'))).toEqual([])
    const texts = (reading: Parameters<Balancers['table']>[0]) =>
      balancers.table(reading).map(({ text }) => text)
    expect(texts(lvsReading('lb1', 'manual-weight-0', { at: 10_000 }))).toEqual([
      '10.9.0.11:389 in 10.9.0.100:389: weight 4 to 0',
    ])
    const line =
      '[Sun Nov 22 06:55:34 2026|ldirectord|365] Restored real server: 10.9.0.11:389 (10.9.0.100:389) (Weight set to 4)'
    const event = parseEvent(line, 0)
    if (!event) throw new Error('no event')
    expect(balancers.did('lb1', { ...event, at: 20_000 })).toMatchObject([
      { text: '10.9.0.11:389 back in 10.9.0.100:389, weight 4 (ldirectord)' },
    ])
    expect(texts(lvsReading('lb1', 'idle', { at: 20_500 }))).toEqual([])
  })

  it('do not take for failed what comes back from maintenance', () => {
    const balancers = new Balancers(['lb1'])
    balancers.table(lvsReading('lb1', 'maintenance-quiescent-yes'))
    balancers.state(ldirectordReading('lb1', { maintenance: ['rs1:389'] }))
    const event = {
      at: 0,
      kind: 'quiescent' as const,
      virtual: `${vip}:389`,
      real: '10.9.0.11:389',
      weight: 0,
    }
    balancers.did('lb1', event)
    balancers.state(ldirectordReading('lb1'))
    const duty = () => serviceOf(balancedBy(balancers.records, hostAt).frontends, 'rs1')?.duty
    expect(duty()).toBe('returning')
    balancers.did('lb1', event)
    expect(duty()).toBe('failed')
  })

  it('tell a failover from both sides', () => {
    const balancers = new Balancers(['lb1', 'lb2'])
    const lost = { addresses: new Set<string>() }
    balancers.table(lvsReading('lb1', 'idle', { at: 1_000 }))
    balancers.table(lvsReading('lb2', 'idle', { at: 1_500, ...lost }))
    expect(balancers.table(lvsReading('lb1', 'idle', { at: 2_000, ...lost }))).toMatchObject([
      { host: 'lb1', severity: 'warning', text: `has given up the address ${vip}` },
    ])
    expect(balancers.table(lvsReading('lb2', 'idle', { at: 2_500 }))).toMatchObject([
      {
        host: 'lb2',
        severity: 'warning',
        text: `has taken the address ${vip} from lb1; nobody had it for at most 1.5 s`,
      },
    ])
  })

  it('keep the last table when one cannot be read, say it once, and forget the trouble afterwards', () => {
    const balancers = new Balancers(['lb1'])
    balancers.table(lvsReading('lb1', 'idle'))
    const error = new HostError('refused', 'lb1', say`ip_vs is not loaded`, label('modprobe ip_vs'))
    expect(balancers.failed('lb1', 'lvs', error, 5000)).toMatchObject([{ severity: 'bad' }])
    expect(balancers.failed('lb1', 'lvs', error, 6000)).toEqual([])
    expect(balancers.records[0]).toMatchObject({ lvsTrouble: { since: 5000, advice: 'modprobe ip_vs' } })
    expect(balancers.records[0]?.lvs?.services).toHaveLength(2)
    expect(balancers.table(lvsReading('lb1', 'idle', { at: 9000 }))).toMatchObject([
      { host: 'lb1', severity: 'info', text: 'virtual services: read again, after 4 s' },
    ])
    expect(balancers.records[0]).not.toHaveProperty('lvsTrouble')
  })

  it('tell what is wrong with them as the alerts do, and its end', () => {
    const balancers = new Balancers(['lb1'])
    balancers.table(lvsReading('lb1', 'idle'))
    const told = () =>
      balancerAlerts(balancers.records, [], 2000).map(({ severity, host, text }) => ({
        severity,
        host,
        text,
      }))
    const { daemon: _, ...stopped } = ldirectordReading('lb1', { notLoaded: true })
    expect(balancers.state(stopped)).toMatchObject(told())
    expect(told()).toHaveLength(2)
    expect(balancers.state(stopped)).toEqual([])
    expect(balancers.state(ldirectordReading('lb1', { at: 3000 }))).toMatchObject([
      { host: 'lb1', severity: 'info', text: 'ldirectord is no longer missing, after 2 s' },
      { host: 'lb1', severity: 'info', text: '/etc/ha.d/ldirectord.cf is loaded, after 2 s' },
    ])
    const error = new HostError('refused', 'lb1', say`permission denied`)
    expect(balancers.failed('lb1', 'ldirectord', error, 4000)).toMatchObject([
      { host: 'lb1', severity: 'warning', text: 'ldirectord: permission denied' },
    ])
  })

  it('miss no ldirectord on one that stands by', () => {
    const balancers = new Balancers(['lb1'])
    balancers.table(lvsReading('lb1', 'idle', { addresses: new Set(['10.9.0.1']) }))
    const { daemon: _, ...stopped } = ldirectordReading('lb1')
    expect(balancers.state(stopped)).toEqual([])
    expect(balancers.table(lvsReading('lb1', 'idle', { at: 2000 }))).toContainEqual({
      about: { kind: 'host', id: 'lb1' },
      host: 'lb1',
      severity: 'bad',
      type: 'ldirectord.stopped',
      text: 'ldirectord does not run: nobody checks the front ends',
    })
  })
})
