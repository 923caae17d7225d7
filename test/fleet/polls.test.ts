import { describe, expect, it } from 'vitest'
import { isAsking, pollsOf } from '../../src/fleet/polls.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { say } from '../../src/hosts/label.ts'
import { host, snapshot } from '../support/records.ts'

const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const
const hosts = [host('hv1'), host('lb1', { roles: ['balancer'] })]

/** One of each: neither has answered. */
const nothing = {
  ...snapshot([], hosts),
  balancers: [{ host: 'lb1', lastDid: new Map() }],
  directories: [{ host: 'ldap1' }],
  displays: [{ host: 'ds1', displays: [] }],
  radius: [{ host: 'fe1' }],
  storage: [{ host: 'hv1' }],
  clocks: [{ host: 'hv1' }],
} as unknown as Snapshot

const all = {
  ...nothing,
  balancers: [{ host: 'lb1', lastDid: new Map(), lvs: {}, ldirectord: {} }],
  directories: [{ host: 'ldap1', reading: { monitor: {} }, rates: new Map() }],
  displays: [{ host: 'ds1', displays: [], reading: {} }],
  radius: [{ host: 'fe1', reading: {} }],
  storage: [{ host: 'hv1', at: 0 }],
  clocks: [{ host: 'hv1', reading: {} }],
  pools: new Map([['hv1', []]]),
} as unknown as Snapshot

const polls = (of: Snapshot) =>
  pollsOf(of).map(({ host, what, ...rest }) => [`${host} ${what}`, rest] as const)
const asked = [
  'hv1 storage pools',
  'lb1 virtual services',
  'lb1 ldirectord',
  'ldap1 LDAP',
  'ds1 displays',
  'fe1 RADIUS',
  'hv1 file systems',
  'hv1 clock',
].sort()

describe('what hosts are asked besides how they are', () => {
  it('is known by its kind', () => {
    expect(
      polls(all)
        .map(([what]) => what)
        .sort(),
    ).toEqual(asked)
    expect(polls(snapshot([], [host('fe1', { roles: ['frontend'] })]))).toEqual([])
  })

  it('is answered by a host that cannot say what time it is', () => {
    const cannot = { ...trouble, kind: 'refused' } as const
    const clock = (of: typeof trouble | typeof cannot) =>
      pollsOf({ ...all, clocks: [{ host: 'hv1', trouble: of }] } as Snapshot).filter(
        ({ facts }) => facts === 'clocks',
      )
    expect(clock(trouble)).toMatchObject([{ isAnswered: false, trouble }])
    expect(clock(cannot)).toMatchObject([{ isAnswered: true }])
    expect(clock(cannot)[0]?.trouble).toBeUndefined()
  })

  it('is awaited until it answers, or fails', () => {
    const awaited = (of: Snapshot) =>
      pollsOf(of)
        .filter(isAsking)
        .map(({ host, what }) => `${host} ${what}`)
        .sort()
    expect(awaited(nothing)).toEqual(asked)
    expect(awaited(all)).toEqual([])
    const failed = {
      ...nothing,
      hosts: hosts.map((one) => ({ ...one, trouble })),
      balancers: [{ host: 'lb1', lastDid: new Map(), lvsTrouble: trouble, ldirectordTrouble: trouble }],
      ...Object.fromEntries(
        (['directories', 'displays', 'radius', 'storage', 'clocks'] as const).map((kind) => [
          kind,
          nothing[kind].map((one) => ({ ...one, trouble })),
        ]),
      ),
    } as unknown as Snapshot
    expect(awaited(failed)).toEqual([])
    expect(pollsOf(failed).map((one) => one.trouble)).toEqual(asked.map(() => trouble))
    for (const one of pollsOf(all)) expect(one).not.toHaveProperty('trouble')
  })

  it('has its rates with the first answer, but for what a directory counts', () => {
    const rateless = (of: Snapshot) => pollsOf(of).filter(({ hasRates }) => !hasRates)
    const directory = (given: object) =>
      rateless({ ...all, directories: [{ host: 'ldap1', ...given }] } as unknown as Snapshot)
    expect(rateless(all)).toEqual([])
    expect(rateless(nothing)).toEqual([])
    expect(directory({ reading: { monitor: {} } }).map(({ host }) => host)).toEqual(['ldap1'])
    // A directory without cn=Monitor counts nothing.
    expect(directory({ reading: {} })).toEqual([])
  })

  it('is tried again before it counts as failed on balancers, and seldom asked where it seldom changes', () => {
    const which = (is: (poll: ReturnType<typeof pollsOf>[number]) => unknown) =>
      pollsOf(all)
        .filter(is)
        .map(({ what }) => `${what}`)
        .sort()
    expect(which(({ patience }) => patience === 3_000)).toEqual(['ldirectord', 'virtual services'])
    expect(which(({ patience }) => patience !== undefined)).toHaveLength(2)
    expect(which(({ isSeldom }) => isSeldom)).toEqual(['file systems', 'storage pools'])
  })

  it('is tried again where a server was silent, which may have been busy, and not where it said no', () => {
    const patient = (kind: 'timeout' | 'refused') =>
      pollsOf({
        ...all,
        ...Object.fromEntries(
          (['directories', 'displays', 'radius'] as const).map((facts) => [
            facts,
            all[facts].map((one) => ({ ...one, trouble: { ...trouble, kind } })),
          ]),
        ),
      } as unknown as Snapshot)
        .filter(({ patience, trouble }) => trouble && patience === 3_000)
        .map(({ what }) => `${what}`)
    expect(patient('timeout')).toEqual(['LDAP', 'displays', 'RADIUS'])
    expect(patient('refused')).toEqual([])
  })
})
