import { describe, expect, it } from 'vitest'
import { clustersOf } from '../../../src/fleet/cluster/cluster.ts'
import { Clusters } from '../../../src/fleet/cluster/clusters.ts'
import { clusterFaults } from '../../../src/fleet/cluster/conditions.ts'
import type { TellerRecord } from '../../../src/fleet/cluster/record.ts'
import { heartbeatTelling } from '../../../src/fleet/cluster/telling.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import type { HeartbeatReading } from '../../../src/services/heartbeat/facts.ts'
import { parseHaresources } from '../../../src/services/heartbeat/parse.ts'

const carried = parseHaresources(
  'hb1 IPaddr2::10.79.0.110/14/eth0 Filesystem::/srv/shared/ldap::/srv/ldap::none::bind slapd',
)
const names = ['hb1', 'hb2'].map(label)

interface Told {
  readonly at?: number
  readonly took?: number
  /** what it hears of the other */
  readonly peer?: string
  readonly has?: readonly string[]
  readonly isRunning?: boolean
  readonly linkUp?: boolean
  /** its scripts say nothing */
  readonly isMute?: boolean
}

const all = ['10.79.0.110', '/srv/ldap', 'slapd']

const told = (
  self: string,
  { at = 10_000, took = 40, peer = 'active', has = [], isRunning = true, linkUp = true, isMute }: Told = {},
): HeartbeatReading => ({
  host: self,
  at,
  took,
  heartbeat: {
    self: label(self),
    isRunning,
    holds: say`local`,
    nodes: names.map((name) => ({
      name,
      ...(isRunning ? { state: name === self ? say`active` : label(peer) } : {}),
      links: name === self ? [] : [{ name: say`eth0`, isUp: linkUp }],
    })),
    carried: carried.map((one) => ({
      ...one,
      ...(isMute && one.kind === 'script' ? {} : { isHere: has.includes(one.name) }),
    })),
  },
})
const teller = (self: string, facts?: Told): TellerRecord => ({
  host: self,
  manager: 'heartbeat',
  reading: heartbeatTelling(told(self, facts)),
})
const silent = (host: string): TellerRecord => ({
  host,
  manager: 'heartbeat',
  trouble: { kind: 'unreachable', reason: say`no route to host`, advice: say``, since: 1 },
})
const only = (tellers: readonly TellerRecord[]) => {
  const clusters = clustersOf(tellers)
  expect(clusters).toHaveLength(1)
  return clusters[0] as NonNullable<(typeof clusters)[0]>
}
const places = (tellers: readonly TellerRecord[]) =>
  only(tellers).resources.map(({ name, places: at }) => `${name}: ${at.map(({ node }) => node).join(' ')}`)
const states = (tellers: readonly TellerRecord[]) =>
  only(tellers).nodes.map(({ name, state }) => `${name} ${state}`)
const texts = (tellers: readonly TellerRecord[]) =>
  clusterFaults(only(tellers)).map(
    ({ concern, condition }) => `${condition.severity} ${concern.name}: ${condition.text}`,
  )

describe('a pair under heartbeat', () => {
  it('is one cluster, of which each node tells what it has itself', () => {
    const tellers = [teller('hb1', { has: all }), teller('hb2')]
    expect(only(tellers)).toMatchObject({ id: 'hb1+hb2', manager: 'heartbeat' })
    expect(states(tellers)).toEqual(['hb1 online', 'hb2 online'])
    expect(places(tellers)).toEqual(['10.79.0.110: hb1', '/srv/ldap: hb1', 'slapd: hb1'])
    expect(only(tellers).resources[0]).toMatchObject({
      agent: 'IPaddr2',
      prefers: 'hb1',
      within: [{ kind: 'group', id: 'hb1' }],
    })
    expect(only(tellers).nodes.map(({ runs }) => runs)).toEqual([3, 0])
    expect(texts(tellers)).toEqual([])
  })

  it('is told where the address is, wherever both believe that they hold it', () => {
    expect(places([teller('hb1'), teller('hb2', { has: all })])[0]).toBe('10.79.0.110: hb2')
  })

  it('is in trouble where nobody has a resource, or both have it', () => {
    expect(texts([teller('hb1', { has: ['/srv/ldap', 'slapd'] }), teller('hb2')])).toEqual([
      'bad 10.79.0.110: runs nowhere',
    ])
    expect(texts([teller('hb1', { has: all }), teller('hb2', { has: ['10.79.0.110'] })])).toEqual([
      'bad 10.79.0.110: runs on hb1 and hb2 at once',
    ])
  })

  it('is split where neither hears the other', () => {
    const tellers = [
      teller('hb1', { has: all, peer: 'dead', linkUp: false }),
      teller('hb2', { has: all, peer: 'dead', linkUp: false }),
    ]
    expect(texts(tellers)).toEqual([
      'bad hb1: split brain: hb1 | hb2 do not see each other, and each runs the cluster',
      'bad 10.79.0.110: runs on hb1 and hb2 at once',
      'bad /srv/ldap: runs on hb1 and hb2 at once',
      'bad slapd: runs on hb1 and hb2 at once',
    ])
  })

  it('has a dead link although the nodes hear each other by another', () => {
    expect(texts([teller('hb1', { has: all, linkUp: false }), teller('hb2')])).toEqual([
      'warning hb2: link eth0 is dead',
    ])
  })

  it('whose heartbeat is stopped says so, and what it still has is seen', () => {
    const stopped = teller('hb1', { has: ['10.79.0.110'], isRunning: false })
    expect(texts([stopped, teller('hb2', { has: all, peer: 'dead' })])).toEqual([
      'bad hb1: heartbeat is stopped: it takes nothing over',
      'bad hb1: offline',
      'bad 10.79.0.110: runs on hb1 and hb2 at once',
    ])
    const both = [stopped, teller('hb2', { isRunning: false })]
    expect(states(both)).toEqual(['hb1 not known', 'hb2 not known'])
    expect(texts(both).filter((text) => text.includes('nowhere'))).toEqual([
      'bad /srv/ldap: runs nowhere',
      'bad slapd: runs nowhere',
    ])
  })

  it('is not said to run something nowhere where the one that may run it cannot be asked', () => {
    const tellers = [silent('hb1'), teller('hb2')]
    expect(texts(tellers)).toEqual([])
    expect(only(tellers).resources[0]).toMatchObject({ places: [], unsure: ['hb1'] })
    const mute = [teller('hb1', { has: all, isMute: true }), teller('hb2')]
    expect(texts(mute)).toEqual([])
    expect(only(mute).resources.map(({ unsure }) => unsure)).toEqual([[], [], ['hb1']])
    expect(texts([silent('hb1'), teller('hb2', { peer: 'dead' })])).toContain('bad 10.79.0.110: runs nowhere')
  })
})

describe('Clusters', () => {
  const lines = (events: ReturnType<Clusters['reading']>) =>
    events.map(({ name, host, text }) => `${name ?? host}: ${text}`)
  const pair = () => new Clusters(['hb1', 'hb2'].map((host) => ({ host, manager: 'heartbeat' })))
  const take = (clusters: Clusters, self: string, facts: Told) =>
    lines(clusters.reading(heartbeatTelling(told(self, facts))))
  const isOfAddress = (line: string) => /^(hb|10)/.test(line)

  it('tells of a take-over once, although the two are not read at the same moment', () => {
    const clusters = pair()
    expect(take(clusters, 'hb1', { at: 1_000, has: all })).toEqual([])
    expect(take(clusters, 'hb2', { at: 1_200 })).toEqual([])
    expect(take(clusters, 'hb2', { at: 2_200, has: all })).toEqual([
      '10.79.0.110: went from hb1 to hb2; it ran nowhere for at most 1.2 s',
      '/srv/ldap: went from hb1 to hb2; it ran nowhere for at most 1.2 s',
      'slapd: went from hb1 to hb2; it ran nowhere for at most 1.2 s',
    ])
    expect(take(clusters, 'hb1', { at: 2_300 })).toEqual([])
  })

  it('tells nothing of an address that was given up before the other could be asked', () => {
    const clusters = pair()
    take(clusters, 'hb1', { at: 1_000, has: all })
    take(clusters, 'hb2', { at: 1_200 })
    expect(take(clusters, 'hb1', { at: 2_000 })).toEqual([])
    expect(take(clusters, 'hb2', { at: 2_200, has: all }).filter(isOfAddress)).toEqual([
      '10.79.0.110: went from hb1 to hb2; it ran nowhere for at most 1.2 s',
    ])
  })

  it('tells a power cut, and for how long nobody held the address', () => {
    const clusters = pair()
    take(clusters, 'hb1', { at: 1_000, has: all })
    take(clusters, 'hb2', { at: 1_200 })
    expect(lines(clusters.failed('hb1', new HostError('unreachable', 'hb1', say`gone`), 2_500))).toEqual([])
    expect(take(clusters, 'hb2', { at: 4_200, peer: 'dead' }).filter(isOfAddress)).toEqual([
      'hb1: offline',
      '10.79.0.110: runs nowhere',
    ])
    expect(take(clusters, 'hb2', { at: 4_900, peer: 'dead' })).toEqual([])
    expect(take(clusters, 'hb2', { at: 5_200, peer: 'dead', has: all }).filter(isOfAddress)).toEqual([
      '10.79.0.110: runs again, after 1 s',
      '10.79.0.110: went from hb1 to hb2; it ran nowhere for 0.7 to 4.2 s',
    ])
  })
})
