import { describe, expect, it } from 'vitest'
import { clustersOf } from '../../../src/fleet/cluster/cluster.ts'
import { Clusters } from '../../../src/fleet/cluster/clusters.ts'
import { clusterFaults, nodeConditions } from '../../../src/fleet/cluster/conditions.ts'
import type { TellerRecord } from '../../../src/fleet/cluster/record.ts'
import { keepalivedTelling } from '../../../src/fleet/cluster/telling.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import type { KeepalivedReading, VrrpState } from '../../../src/services/keepalived/facts.ts'

const told = (
  self: string,
  state: VrrpState | undefined,
  { at = 10_000, isRunning = true, name = 'VI_1', isHere = state === 'master' } = {},
): KeepalivedReading => ({
  host: self,
  at,
  took: 40,
  keepalived: {
    self: label(self),
    isRunning,
    isTold: state !== undefined,
    instances: [
      {
        name,
        routerId: 51,
        priority: self === 'lb1' ? 140 : 130,
        addresses: ['10.77.0.100'],
        isHere,
        ...(state ? { state, since: 5_000 } : {}),
      },
    ],
  },
})
const teller = (...about: Parameters<typeof told>): TellerRecord => ({
  host: about[0],
  manager: 'keepalived',
  reading: keepalivedTelling(told(...about)),
})
const only = (tellers: readonly TellerRecord[]) => {
  const clusters = clustersOf(tellers)
  expect(clusters).toHaveLength(1)
  return clusters[0] as NonNullable<(typeof clusters)[0]>
}
const texts = (tellers: readonly TellerRecord[]) =>
  clusterFaults(only(tellers)).map(({ concern, condition }) => `${concern.name}: ${condition.text}`)
const trouble = { kind: 'unreachable', reason: say`gone`, advice: say``, since: 1 } as const

describe('a pair under keepalived', () => {
  it('is known by the virtual router that both are of, whatever each calls it', () => {
    const cluster = only([teller('lb1', 'master'), teller('lb2', 'backup', { name: 'other' })])
    expect(cluster.nodes.map(({ name, state }) => `${name} ${state}`)).toEqual(['lb1 online', 'lb2 online'])
    expect(cluster.resources).toMatchObject([
      {
        name: 'VI_1',
        agent: 'VRRP 51',
        places: [{ node: 'lb1', role: 'Master' }],
        priorities: [
          { node: 'lb1', priority: 140 },
          { node: 'lb2', priority: 130 },
        ],
        since: 5_000,
      },
    ])
    expect(texts([teller('lb1', 'master'), teller('lb2', 'backup')])).toEqual([])
  })

  it('is taken over by the other one also where the lost one was given up before', () => {
    const clusters = new Clusters([
      { host: 'lb1', manager: 'keepalived' },
      { host: 'lb2', manager: 'keepalived' },
    ])
    clusters.reading(keepalivedTelling(told('lb1', 'master', { at: 10_000 })))
    clusters.reading(keepalivedTelling(told('lb2', 'backup', { at: 10_100 })))
    clusters.failed('lb1', new HostError('unreachable', 'lb1', say`gone`), 11_000)
    expect(only(clusters.records).id).toBe('lb1+lb2')
    const events = clusters.reading(keepalivedTelling(told('lb2', 'master', { at: 13_000 })))
    expect(events.map(({ text }) => text)).toEqual(['went from lb1 to lb2; it ran nowhere for at most 3.0 s'])
  })

  it('is where it was seen last, and not where a look that began before had it', () => {
    const clusters = new Clusters([
      { host: 'lb1', manager: 'keepalived' },
      { host: 'lb2', manager: 'keepalived' },
    ])
    for (const [self, state, at] of [
      ['lb1', 'master', 10_000],
      ['lb2', 'backup', 10_000],
      ['lb2', 'master', 11_000],
      // It took 40 ms, and had begun before.
      ['lb1', 'master', 11_020],
    ] as const)
      clusters.reading(keepalivedTelling(told(self, state, { at })))
    const places = () => only(clusters.records).resources[0]?.places.map(({ node }) => node)
    expect(places()).toEqual(['lb2'])
    clusters.reading(keepalivedTelling(told('lb1', 'master', { at: 11_050 })))
    expect(places()).toEqual(['lb1', 'lb2'])
  })

  it('is in trouble where both are master, none is, one is in FAULT, or keepalived is stopped', () => {
    expect(texts([teller('lb1', 'master'), teller('lb2', 'master')])).toEqual([
      'VI_1: runs on lb1 and lb2 at once',
    ])
    expect(texts([teller('lb1', 'backup'), teller('lb2', 'backup')])).toEqual(['VI_1: runs nowhere'])
    expect(texts([teller('lb1', 'fault'), teller('lb2', 'master')])).toEqual([
      'lb1: VI_1 is in state FAULT: it takes nothing over',
    ])
    expect(texts([teller('lb1', undefined, { isRunning: false }), teller('lb2', 'master')])).toEqual([
      'lb1: keepalived is stopped: it takes nothing over',
      'lb1: offline',
    ])
  })

  it('in FAULT and no longer so are two words', () => {
    const [node] = only([teller('lb1', 'fault'), teller('lb2', 'master')]).nodes
    expect(node && nodeConditions(node).map(({ types }) => types)).toEqual([
      ['failover.failed', 'failover.back'],
    ])
  })

  it('is known by the addresses where this account may not ask keepalived', () => {
    const cluster = only([teller('lb1', undefined), teller('lb2', undefined, { isHere: true })])
    expect(cluster.resources[0]?.places).toMatchObject([{ node: 'lb2' }])
  })

  it('is not said to serve nowhere while one that may serve cannot be asked', () => {
    const tellers = [{ ...teller('lb1', 'master'), trouble }, teller('lb2', 'backup')]
    expect(texts(tellers)).toEqual([])
    expect(only(tellers).nodes.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'lb1 not known',
      'lb2 online',
    ])
    expect(only(tellers).resources[0]).toMatchObject({ places: [], unsure: ['lb1'] })
  })

  it('is told of once both have told, or could not: until then one that stands by is not nowhere', () => {
    const of = (...names: string[]) => new Clusters(names.map((host) => ({ host, manager: 'keepalived' })))
    const telling = (...about: Parameters<typeof told>) => keepalivedTelling(told(...about))
    const both = of('lb1', 'lb2')
    expect(both.reading(telling('lb2', 'backup'))).toEqual([])
    expect(both.reading(telling('lb1', 'master'))).toEqual([])
    const neither = of('lb1', 'lb2')
    expect(neither.reading(telling('lb2', 'backup'))).toEqual([])
    expect(neither.reading(telling('lb1', 'backup'))).toMatchObject([{ type: 'resource.stopped' }])
  })

  it('tells of a take-over, and for how long nobody was master', () => {
    const clusters = new Clusters(['lb1', 'lb2'].map((host) => ({ host, manager: 'keepalived' })))
    const take = (...about: Parameters<typeof told>) =>
      clusters.reading(keepalivedTelling(told(...about))).map(({ name, text }) => `${name}: ${text}`)
    take('lb1', 'master', { at: 1_000 })
    take('lb2', 'backup', { at: 1_200 })
    expect(take('lb2', 'master', { at: 4_200 })).toEqual([
      'VI_1: went from lb1 to lb2; it ran nowhere for at most 3.2 s',
    ])
  })
})
