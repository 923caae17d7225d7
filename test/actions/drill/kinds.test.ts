import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { About, Drill, DrillKind } from '../../../src/actions/drill/kind.ts'
import { drillKinds } from '../../../src/actions/drill/kinds.ts'
import type { TellerRecord } from '../../../src/fleet/cluster/record.ts'
import { keepalivedTelling } from '../../../src/fleet/cluster/telling.ts'
import type { Fleet } from '../../../src/fleet/fleet.ts'
import { kinds } from '../../../src/fleet/kinds.ts'
import { targetOf } from '../../../src/fleet/load/targets.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { clusterWorld } from '../../support/clusters.ts'
import { type Demo, demo } from '../../support/demo.ts'
import { host } from '../../support/records.ts'
import { until } from '../../support/until.ts'

/** What would be done to what is called so; or why not. */
function planned(kind: string, name: string, how: string, about: About): Drill | string {
  const found = drillKinds.find((one) => one.name === kind) as DrillKind
  const subject = kinds[found.subject].all(about.snapshot).find((one) => one.name === name)
  if (!subject) throw new Error(`no ${name}`)
  return found.plan(subject as never, how, about)
}

const told = (plan: Drill | string) =>
  typeof plan === 'string' ? plan : `${plan.host}: ${plan.breaking.title}; ${plan.breaking.back}`

describe('in the demo', () => {
  let shown: Demo
  let about: About
  beforeAll(async () => {
    shown = await demo()
    const { fleet } = shown
    await until('its services, directories and processes', () => {
      const { services, directories, processes, radius, clusters } = fleet.snapshot()
      const areRead = [...directories, ...radius, ...clusters].every(({ reading }) => reading)
      return services.length > 0 && areRead && processes.size > 2
    })
    const snapshot = fleet.snapshot()
    const targets = snapshot.services
      .map((one) => targetOf(one, fleet))
      .filter((one) => typeof one !== 'string')
    about = { fleet, snapshot, targets }
  })
  afterAll(() => shown.end())
  const only = (speaks: string) => ({
    ...about,
    targets: about.targets.filter((one) => one.speaks === speaks),
  })

  it('a front end loses what answers behind the service on which there is load', () => {
    const ldap = planned('frontend', 'fe2', 'kill', only('LDAP'))
    const radius = planned('frontend', 'fe2', 'stop', only('RADIUS'))
    expect([ldap, radius].map(told)).toEqual([
      expect.stringMatching(/^fe2: kills slapd \(SIGKILL\), process \d+; starts it as it was started$/),
      expect.stringMatching(
        /^fe2: stops freeradius where it is \(SIGSTOP\), process \d+; lets it go on \(SIGCONT\)$/,
      ),
    ])
    expect(radius).toMatchObject({ target: { speaks: 'RADIUS' }, sight: { looks: [{ host: 'lb1' }] } })
    expect(planned('frontend', 'fe2', 'kill', { ...about, targets: [] })).toBe(
      'fe2 serves nothing on which load could be put',
    )
  })

  it('not where nobody else would serve, or it does not serve itself', () => {
    const services = about.targets.map((one) => ({
      ...one,
      service: {
        ...one.service,
        reals: one.service.reals.filter(({ name }) => name === 'fe2'),
      },
    }))
    expect(planned('frontend', 'fe2', 'kill', { ...about, targets: services })).toMatch(
      /^nobody else serves TCP .* now: without fe2 nobody gets in$/,
    )
    const silent = { ...about.snapshot, directories: [] }
    expect(planned('frontend', 'fe2', 'kill', { ...only('LDAP'), snapshot: silent })).toBe(
      'its slapd does not answer vdd',
    )
  })

  it('a front end is cut off by the address by which the balancers know it', () => {
    const plan = planned('link', 'fe2', 'cut', about)
    const { address } = about.snapshot.frontends.find(({ name }) => name === 'fe2') ?? {}
    expect(told(plan)).toBe(
      `fe2: cuts the link that has ${address}: nothing comes in or goes out by it; mends it`,
    )
    const silent = { ...about, snapshot: { ...about.snapshot, frontends: [] } }
    expect(planned('link', 'fe2', 'cut', silent)).toBe('no balancer that answers has fe2')
    const { name = '' } = about.snapshot.hosts.find(({ roles }) => roles.includes('hypervisor')) ?? {}
    expect(planned('link', name, 'cut', about)).toBe(
      `${name} is neither a front end nor a node of heartbeat or keepalived: nobody would take its place`,
    )
  })

  it('of a node of Pacemaker everything is taken by the others, and it is neither cut off nor ended', () => {
    const plan = planned('node', 'lb1', 'standby', about)
    expect(plan).toMatchObject({
      host: 'lb1',
      target: { service: { balancer: 'lb1' } },
      breaking: {
        breaks: '/usr/sbin/crm_standby --node lb1 --update on --lifetime reboot',
        putsBack: '/usr/sbin/crm_standby --node lb1 --delete --lifetime reboot',
      },
    })
    expect(planned('node', 'lb2', 'standby', about)).toBe('lb2 has nothing that others would take')
    expect(planned('balancer', 'lb1', 'stop', about)).toBe('Pacemaker runs lb1: vdd drill node lb1')
    expect(planned('link', 'lb1', 'cut', about)).toBe(
      'its cluster would fence lb1, which nothing puts back: not cut off',
    )
    expect(planned('balancer', 'fe1', 'stop', about)).toBe(
      'no heartbeat or keepalived is known on fe1: nobody would take its address',
    )
  })
})

describe('a pair under keepalived', () => {
  const teller = (self: string, isHere: boolean, isRunning = true): TellerRecord => ({
    host: self,
    manager: 'keepalived',
    reading: keepalivedTelling({
      host: self,
      at: 10_000,
      took: 40,
      keepalived: {
        self: label(self),
        isRunning,
        isTold: true,
        instances: [{ name: 'VI_1', routerId: 51, priority: 100, addresses: ['10.0.0.100'], isHere }],
      },
    }),
  })
  const world = (clusters: readonly TellerRecord[]): About => {
    const hosts = ['kl1', 'kl2'].map((name) => host(name, { roles: ['keepalived'] }))
    const member = (name: string) => ({ config: { address: name === 'kl1' ? '10.0.0.21' : 'kl2.example' } })
    const snapshot: Snapshot = { ...clusterWorld({}), hosts, clusters }
    return { fleet: { member } as unknown as Fleet, snapshot, targets: [] }
  }
  const both = world([teller('kl1', true), teller('kl2', false)])

  it('loses the one that has the address: it is ended, or cut off', () => {
    expect(told(planned('balancer', 'kl1', 'stop', both))).toBe(
      'kl1: ends keepalived (SIGTERM); starts it as it was started',
    )
    const cut = 'kl1: cuts the link that has 10.0.0.21: nothing comes in or goes out by it; mends it'
    expect(told(planned('balancer', 'kl1', 'cut', both))).toBe(cut)
    expect(told(planned('link', 'kl1', 'cut', both))).toBe(cut)
    const plan = planned('balancer', 'kl1', 'stop', both)
    expect(plan).toMatchObject({ sight: { looks: [{ host: 'kl1' }, { host: 'kl2' }] } })
    expect(plan).not.toHaveProperty('target')
  })

  it('not where the other would not take it', () => {
    expect(planned('balancer', 'kl2', 'stop', both)).toBe('kl2 has nothing that others would take')
    const ended = world([teller('kl1', true), teller('kl2', false, false)])
    expect(planned('balancer', 'kl1', 'stop', ended)).toBe(
      'keepalived on kl2 does not answer, or does not run',
    )
    const lost = { kind: 'unreachable', reason: say`gone`, advice: say``, since: 1 } as const
    const silent = world([teller('kl1', true), { ...teller('kl2', false), trouble: lost }])
    expect(planned('balancer', 'kl1', 'stop', silent)).toBe(
      'keepalived on kl2 does not answer, or does not run',
    )
    const twice = world([teller('kl1', true), teller('kl2', true)])
    expect(planned('balancer', 'kl1', 'stop', twice)).toBe('VI_1 does not run as it should: mend that first')
  })

  it('is cut off by an address alone, and not by a name', () => {
    const turned = world([teller('kl1', false), teller('kl2', true)])
    expect(planned('link', 'kl2', 'cut', turned)).toBe(
      'kl2 has no IP address in the configuration by which its link is known',
    )
  })
})

describe('a node of Pacemaker without fencing', () => {
  it('is not cut off from what would run twice then, and may be put on standby', () => {
    const snapshot = clusterWorld({ scene: 'online' })
    const about = { fleet: {} as Fleet, snapshot, targets: [] }
    const holder = kinds.node.all(snapshot).find(({ runs }) => runs > 1)?.name ?? ''
    expect(planned('link', holder, 'cut', about)).toMatch(
      /^without fencing directory-storage would run twice, on ha\d and on another: not cut off$/,
    )
    expect(told(planned('node', holder, 'standby', about))).toBe(
      `${holder}: puts ${holder} on standby; brings it back`,
    )
  })
})
