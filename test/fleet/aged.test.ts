import { describe, expect, it } from 'vitest'
import { staleText } from '../../src/components/StatusBar.tsx'
import { agedAt, lastSeenAt } from '../../src/fleet/aged.ts'
import { alertsOf } from '../../src/fleet/alerts/alerts.ts'
import { hostsByAddress } from '../../src/fleet/frontend/frontends.ts'
import { balancedBy } from '../../src/fleet/service/virtual-services.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { label } from '../../src/hosts/label.ts'
import { dutyText } from '../../src/views/frontend/facts.ts'
import { balancer } from '../support/balancers.ts'
import { host, snapshot } from '../support/records.ts'

const balancers = [balancer('lb1')]
const readAt = balancers[0]?.lvs?.at ?? 0
const slapd = { name: label('slapd'), pid: 7, owner: label('openldap'), open: 1000, softLimit: 1024 }
const hosts = [host('lb1', { roles: ['balancer'] }), host('rs1', { roles: ['frontend'] })]
const known = {
  ...snapshot([], hosts, { lb1: readAt + 60_000, rs1: readAt }),
  balancers,
  ...balancedBy(balancers, hostsByAddress([{ name: 'rs1', address: '10.9.0.11' }])),
  processes: new Map([['rs1', [slapd]]]),
} as unknown as Snapshot

describe('what is known, a while later', () => {
  const at = (later: number) => agedAt(known, readAt + later).snapshot
  const said = (later: number) => {
    const [first] = known.frontends
    const text = first && dutyText(first, at(later), readAt + later)
    return typeof text === 'string' ? text : text?.[0]
  }

  it('counts until it is overdue, and the moment of that is told', () => {
    expect(said(4_000)).toBe('in service')
    expect(agedAt(known, readAt + 1_000).until).toBe(readAt + 4_000)
    expect(agedAt(known, readAt + 4_001).until).toBe(Number.POSITIVE_INFINITY)
  })

  it('is not overdue because this console was stopped, or its machine slept', () => {
    const woken = (later: number) =>
      agedAt(known, readAt + 60_000 + later, undefined, readAt + 60_000).snapshot
    const silent = (later: number) =>
      alertsOf(woken(later), readAt + 60_000 + later)
        .filter(({ text }) => text.includes('no answer'))
        .map(({ name, text }) => `${name} ${text}`)
    expect(silent(4_000)).toEqual([])
    expect(silent(4_001)).toContain('rs1 no answer, last seen 1 min ago')
    expect(silent(4_001)).toContain('lb1 virtual services: no answer, for 1 min')
  })

  it('is not shown as how things are, also where the host of the balancer answers', () => {
    expect(said(14_000)).toBe('not seen 14s')
    const texts = alertsOf(at(14_000), readAt + 14_000).map(({ name, text }) => `${name} ${text}`)
    expect(texts).toContain('lb1 virtual services: no answer, for 14 s')
    // The table, what ldirectord does, and a host.
    expect(staleText({ now: readAt + 14_000 } as never, at(14_000))).toBe('3 stale')
  })

  it('counts longer where a look takes long, as the next one will', () => {
    const slow = balancers.map((one) => ({ ...one, lvs: one.lvs && { ...one.lvs, took: 3_000 } }))
    const aged = (later: number) => agedAt({ ...known, balancers: slow } as Snapshot, readAt + later).snapshot
    expect(aged(9_900).balancers[0]).not.toHaveProperty('lvsTrouble')
    expect(aged(10_100).balancers[0]).toMatchObject({ lvsTrouble: { reason: 'no answer' } })
  })

  it('is the same of the look at ldirectord, which is another one than that at the table', () => {
    const [one] = balancers
    const of = (ldirectordAt: number, given: object = {}) => {
      const ldirectord = { ...one?.ldirectord, at: ldirectordAt }
      const all = [
        { ...one, ldirectord, ...given },
        balancer('lb2', { lvs: { ...one?.lvs, at: readAt + 9_000 } } as never),
      ]
      return agedAt({ ...known, balancers: all } as unknown as Snapshot, readAt + 4_001).snapshot.balancers
    }
    const late = { kind: 'timeout', reason: 'no answer' }
    expect(of(readAt + 1_000)[0]).toMatchObject({ lvsTrouble: { ...late, since: readAt } })
    expect(of(readAt + 1_000)[0]).not.toHaveProperty('ldirectordTrouble')
    const [onlyState, other] = of(readAt - 1, { lvs: { ...one?.lvs, at: readAt + 4_000 } })
    expect(onlyState).toMatchObject({ ldirectordTrouble: { ...late, since: readAt - 1 } })
    expect(onlyState).not.toHaveProperty('lvsTrouble')
    expect(other).not.toHaveProperty('lvsTrouble')
    // What failed keeps the reason that it had.
    const ldirectordTrouble = { kind: 'exec', reason: label('no'), advice: label(''), since: 1 }
    expect(of(readAt - 1, { ldirectordTrouble })[0]).toMatchObject({ ldirectordTrouble })
    // One that was never read is not late: that it does not answer is told at once.
    expect(of(readAt + 4_000, { lvs: undefined })[0]).not.toHaveProperty('lvsTrouble')
  })

  it('is the same object as long as nothing is overdue, and what hangs on balancers is not made anew', () => {
    let made = 0
    const make = () => {
      made++
      return { frontends: [], services: [] }
    }
    const whole = agedAt(known, readAt + 4_000, make).snapshot
    expect(whole.balancers).toBe(known.balancers)
    expect([whole.frontends, made]).toEqual([known.frontends, 0])
    expect(agedAt(known, readAt + 4_001, make).snapshot).toMatchObject({ frontends: [], services: [] })
    // Without somebody who makes them they stay.
    expect(agedAt(known, readAt + 4_001).snapshot.frontends).toBe(known.frontends)
  })

  it('is made anew where one of several balancers is overdue', () => {
    const fresh = balancer('lb2', { lvs: { ...balancers[0]?.lvs, at: readAt + 4_000 } as never })
    const both = {
      ...known,
      balancers: [{ ...fresh, ldirectord: undefined }, ...balancers],
    } as unknown as Snapshot
    const { snapshot } = agedAt(both, readAt + 4_001, () => ({ frontends: [] }))
    expect(snapshot.frontends).toEqual([])
    expect(snapshot.balancers[0]).toBe(both.balancers[0])
  })

  it('says nothing of the descriptors of a host that is silent', () => {
    expect(at(3_000).processes.get('rs1')).toHaveLength(1)
    expect(at(5_000).processes.has('rs1')).toBe(false)
    expect(alertsOf(at(60_000), readAt + 60_000).some(({ text }) => text.includes('descriptors'))).toBe(false)
  })
})

describe('an answer of a directory or of RADIUS', () => {
  const supply = (kind: string, hostName: string, at = readAt) => ({
    host: hostName,
    kind,
    used: 1,
    most: 2,
    at,
  })
  const all = {
    ...snapshot([], hosts, { lb1: readAt + 60_000, rs1: readAt + 60_000 }),
    directories: [
      { host: 'rs1', reading: { at: readAt } },
      { host: 'lb1', reading: { at: readAt + 60_000 } },
    ],
    radius: [{ host: 'rs1', reading: { at: readAt } }, { host: 'lb1' }],
    supplies: [supply('pages', 'rs1'), supply('pages', 'lb1'), supply('file system', 'rs1')],
  } as unknown as Snapshot
  const at = (later: number, given: object = {}) =>
    agedAt({ ...all, ...given } as Snapshot, readAt + later).snapshot

  it('is none when it is overdue, and what is known by it neither', () => {
    expect(at(4_000)).toMatchObject({ directories: all.directories, radius: all.radius })
    expect(at(4_000).supplies).toEqual(all.supplies)
    const late = { kind: 'timeout', since: readAt }
    expect(at(4_001).directories).toMatchObject([{ trouble: { ...late, reason: 'LDAP: no answer' } }, {}])
    expect(at(4_001).directories[1]).not.toHaveProperty('trouble')
    expect(at(4_001).radius).toMatchObject([{ trouble: { ...late, reason: 'no answer' } }, {}])
    expect(at(4_001).radius[1]).not.toHaveProperty('trouble')
    expect(at(4_001).supplies.map((one) => `${one.kind} of ${one.host}`)).toEqual([
      'pages of lb1',
      'file system of rs1',
    ])
  })

  it('that failed has the trouble that it had', () => {
    const trouble = { kind: 'auth', reason: label('no'), advice: label(''), since: 1 }
    const failed = [{ host: 'rs1', reading: { at: readAt }, trouble }]
    expect(at(60_000, { directories: failed, radius: failed })).toMatchObject({
      directories: failed,
      radius: failed,
    })
  })

  it('says nothing of the file systems of a host in trouble', () => {
    const troubled = hosts.map((one) => (one.name === 'rs1' ? { ...one, trouble: {} } : one))
    expect(at(0, { hosts: troubled }).supplies.map(({ kind }) => kind)).toEqual(['pages', 'pages'])
  })
})

describe('services of which the balancer is silent', () => {
  const trouble = { kind: 'timeout', reason: label('no answer'), advice: label(''), since: 1 } as const
  const silent = (name: string, seen?: number) => ({
    host: name,
    ...(seen === undefined ? {} : { lvs: { at: seen } }),
    lvsTrouble: trouble,
  })
  const of = (services: string[], all: object[]) =>
    lastSeenAt(
      services.map((one) => ({ balancer: one })),
      { balancers: all } as unknown as Snapshot,
    )

  it('were last seen when the oldest was', () => {
    expect(of(['lb1', 'lb2'], [silent('lb1', 7), silent('lb2', 5), silent('lb3', 1)])).toBe(5)
    expect(of(['lb1'], [silent('lb1')])).toBe(0)
    expect(of(['lb1'], [{ host: 'lb1', lvs: { at: 7 } }, silent('lb2', 5)])).toBeUndefined()
    expect(of(['lb2'], [{ host: 'lb1', lvs: { at: 7 } }, silent('lb2', 5)])).toBe(5)
    expect(of([], [silent('lb1', 7)])).toBeUndefined()
  })
})
