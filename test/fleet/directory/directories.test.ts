import { beforeEach, describe, expect, it } from 'vitest'
import { directoryAlerts } from '../../../src/fleet/directory/alerts.ts'
import { Directories } from '../../../src/fleet/directory/directories.ts'
import type { DirectoryRecord } from '../../../src/fleet/directory/record.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import type { LdapReading, MonitorFacts } from '../../../src/services/ldap/facts.ts'
import { parseCsns } from '../../../src/services/ldap/parse.ts'
import { behindText, directoryNote, directoryState } from '../../../src/views/directory/facts.ts'

const second = 1_000
const start = Date.UTC(2026, 10, 22, 12, 0, 0)
/** A moment, in seconds after the start. */
const at = (seconds: number) => start + seconds * second

/** The change sequence number of a change that was made then, by a clock that is ahead. */
function csn(seconds: number, ahead = 0, server = 0): string {
  const time = new Date(at(seconds + ahead))
    .toISOString()
    .replace(/[-:T]/g, '')
    .replace(/\.\d+Z$/, '')
  return `${time}.000000Z#000000#${server.toString(16).padStart(3, '0')}#000000`
}

let directories: Directories
beforeEach(() => {
  directories = new Directories([
    { name: 'ldap1', roles: ['directory'] },
    { name: 'fe1', roles: ['frontend'] },
  ])
})

const monitorOf = (isShadow: boolean, rest: Partial<MonitorFacts> = {}): MonitorFacts => ({
  connections: 3,
  connectionsTotal: 10,
  operations: new Map([['search', { initiated: 5, completed: 5 }]]),
  threads: { max: 4, active: 1, pending: 0 },
  waiters: { read: 0, write: 0 },
  isShadow,
  ...rest,
})

function read(host: string, seconds: number, csns: readonly string[], rest: Partial<LdapReading> = {}) {
  const answer = { ok: true, ms: 1 } as const
  return directories.reading({
    host,
    at: at(seconds),
    base: 'dc=example,dc=org',
    check: answer,
    fresh: { ...answer, triedAt: at(seconds) },
    csns: parseCsns(csns).csns,
    monitor: monitorOf(host !== 'ldap1'),
    ...rest,
  })
}

const of = (host: string) => directories.records.find((one) => one.host === host)
const texts = (events: readonly { text: string }[]) => events.map(({ text }) => text)

describe('replication', () => {
  it('is in step with the same change sequence number, however old that is', () => {
    read('ldap1', 0, [csn(-5000)])
    read('fe1', 0.1, [csn(-5000)])
    expect(of('fe1')?.replication).toEqual({ state: 'in step' })
  })

  it('is behind since the oldest change that it lacks, not since the newest', () => {
    for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10)])
    read('ldap1', 3, [csn(2)])
    read('ldap1', 7, [csn(6)])
    read('fe1', 7.5, [csn(-10)])
    expect(of('fe1')?.replication).toEqual({ state: 'behind', since: at(2), atLeast: false })
    read('fe1', 8, [csn(2)])
    expect(of('fe1')?.replication).toMatchObject({ since: at(6) })
    read('fe1', 9, [csn(6)])
    expect(of('fe1')?.replication).toEqual({ state: 'in step' })
  })

  it('says that it is only the least that is known, when it was behind before anybody looked', () => {
    read('ldap1', 0, [csn(-60)])
    read('fe1', 0, [csn(-900)])
    expect(of('fe1')?.replication).toEqual({ state: 'behind', since: at(-60), atLeast: true })
  })

  it('goes by when its content was asked for, however late the answer came', () => {
    for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10)])
    read('ldap1', 4, [csn(-10)], { askedAt: at(1) })
    read('ldap1', 5, [csn(2)])
    read('fe1', 6, [csn(-10)], { askedAt: at(1.5) })
    expect(of('fe1')?.replication).toEqual({ state: 'in step' })
    read('fe1', 7, [csn(-10)])
    expect(of('fe1')?.replication).toEqual({ state: 'behind', since: at(2), atLeast: false })
  })

  it('takes no server for behind because it was read before the change was made', () => {
    for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10)])
    expect(read('fe1', 1, [csn(0)]).hasNews).toBe(false)
    expect(read('ldap1', 1.5, [csn(1)]).hasNews).toBe(true)
    read('fe1', 1.6, [csn(1)])
    expect(of('ldap1')?.replication).toEqual({ state: 'in step' })
  })

  it.each([-3600, 3600])(
    'dates changes by the clock here, when that of the provider is %d s off',
    (ahead) => {
      const monitor = (host: string, seconds: number) => ({
        monitor: monitorOf(host !== 'ldap1', { clock: at(seconds + ahead) }),
      })
      for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10, ahead)], monitor(host, 0))
      read('ldap1', 5, [csn(4, ahead)], monitor('ldap1', 5))
      read('fe1', 6, [csn(-10, ahead)], monitor('fe1', 6))
      expect(of('fe1')?.replication).toEqual({ state: 'behind', since: at(4), atLeast: false })
    },
  )

  it('compares the clock of a provider with the moment at which it was told', () => {
    const monitor = monitorOf(false, { clock: at(0) })
    for (const seconds of [0, 1, 2.5]) read('ldap1', seconds, [csn(-10)], { monitor, monitorAt: at(0) })
    read('fe1', 2.6, [csn(-10)])
    read('ldap1', 3, [csn(2.5)], { monitor, monitorAt: at(0) })
    read('fe1', 4, [csn(-10)])
    expect(of('fe1')?.replication).toMatchObject({ state: 'behind', since: at(2.5) })
  })

  it.each([
    ['a provider', { isShadow: false }, 60],
    ['one of several', { isShadow: true, isMultiProvider: true }, 60],
    ['a provider that is a little ahead', { isShadow: false }, 1.9],
    ['a consumer', { isShadow: true }, 60],
    ['a consumer that is one alone', { isShadow: true, isMultiProvider: false }, 60],
  ])('believes the clock of %s, if anybody', (what, given, ahead) => {
    read('fe1', 0, [csn(-10)], { monitor: monitorOf(true) })
    read('ldap1', 0, [csn(-10)], { monitor: monitorOf(false) })
    read('ldap1', 4, [csn(-10)], { monitor: monitorOf(false, { ...given, clock: at(4 + ahead) }) })
    read('ldap1', 9, [csn(8)], { monitor: monitorOf(false) })
    read('fe1', 10, [csn(-10)], { monitor: monitorOf(true) })
    // By a clock that is a minute ahead it was made before the last look but one.
    const since = /consumer|little/.test(what) ? at(8) : at(4)
    expect(of('fe1')?.replication).toMatchObject({ state: 'behind', since })
  })

  it('knows several providers by their server ids', () => {
    const old = [csn(-9, 0, 1), csn(-8, 0, 2)]
    for (const host of ['ldap1', 'fe1']) read(host, 0, old)
    read('ldap1', 3, [csn(-9, 0, 1), csn(2, 0, 2)])
    read('fe1', 4, [csn(3, 0, 1), csn(-8, 0, 2)])
    read('ldap1', 5, [csn(-9, 0, 1), csn(2, 0, 2)])
    expect(of('fe1')?.replication).toMatchObject({ state: 'behind', since: at(2) })
    expect(of('ldap1')?.replication).toMatchObject({ state: 'behind', since: at(3) })
  })

  it('compares servers of one suffix with each other, however that is written, and with no others', () => {
    const other = { base: 'dc=other,dc=org' }
    read('ldap1', 0, [csn(-10)])
    read('fe1', 1, [csn(-5000)], other)
    // With nobody to compare it with, nothing is known of it.
    expect([of('fe1'), of('ldap1')].map((one) => one?.replication.state)).toEqual(['unknown', 'in step'])
    read('fe1', 2, [csn(-10)], { base: 'DC=Example, dc=org' })
    expect(of('fe1')?.replication).toEqual({ state: 'in step' })
  })

  it('is in step with nobody while no provider answers, and what is known to be missing still is', () => {
    for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10)])
    const gone = new HostError('unreachable', 'ldap1', label('LDAP: connection refused'))
    directories.failed('ldap1', gone, at(1))
    expect(of('fe1')?.replication).toEqual({ state: 'unknown' })
    read('fe1', 2, [csn(-10)])
    expect(of('fe1')?.replication).toEqual({ state: 'unknown' })
    read('ldap1', 3, [csn(2)])
    read('fe1', 4, [csn(-10)])
    directories.failed('ldap1', gone, at(5))
    read('fe1', 6, [csn(-10)])
    expect(of('fe1')?.replication).toMatchObject({ state: 'behind', since: at(2) })
  })

  describe('of several providers', () => {
    const multi = { monitor: monitorOf(true, { isMultiProvider: true, provides: true }) }

    it('each is one, and in step with those that are heard', () => {
      for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10, 0, 1)], multi)
      for (const host of ['ldap1', 'fe1'])
        expect(of(host)).toMatchObject({ role: 'provider', replication: { state: 'in step' } })
    })

    it('none is in step while another one is silent, which may have a change that it lacks', () => {
      for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10, 0, 1)], multi)
      directories.failed('fe1', new HostError('unreachable', 'fe1', label('LDAP: connection refused')), at(1))
      expect(of('ldap1')?.replication).toEqual({ state: 'unknown' })
      read('ldap1', 2, [csn(1, 0, 1)], multi)
      expect(of('ldap1')?.replication).toEqual({ state: 'unknown' })
      expect(directoryState(of('ldap1') as DirectoryRecord)).toBe('answers')
      expect(behindText(of('ldap1') as DirectoryRecord, at(2))).toBe('-')
    })

    it('one that never answered leaves the other one unknown, too', () => {
      read('ldap1', 0, [csn(-10, 0, 1)], multi)
      expect(of('ldap1')?.replication).toEqual({ state: 'unknown' })
    })

    it('is told by the configuration before OpenLDAP 2.5, which does not tell', () => {
      const old = { monitor: monitorOf(true, { provides: true }) }
      for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10)], old)
      expect([of('ldap1')?.role, of('fe1')?.role]).toEqual(['provider', 'consumer'])
    })
  })

  it('does not wait for a provider that stands by: of such a pair only one has the content', () => {
    directories = new Directories([
      { name: 'ldap1', roles: ['directory'] },
      { name: 'ldap2', roles: ['directory'] },
      { name: 'fe1', roles: ['frontend'] },
    ])
    directories.failed(
      'ldap2',
      new HostError('unreachable', 'ldap2', label('LDAP: connection refused')),
      at(0),
    )
    for (const host of ['ldap1', 'fe1']) read(host, 1, [csn(-10)])
    expect(of('fe1')?.replication).toEqual({ state: 'in step' })
  })

  it('is none of one that neither copies nor is copied, whatever others have', () => {
    read('ldap1', 0, [csn(-10)])
    read('fe1', 1, [], { monitor: monitorOf(false, { provides: false }) })
    expect(of('fe1')).toMatchObject({ role: 'standalone', replication: { state: 'none' } })
    expect(directoryAlerts(directories.records, at(900))).toEqual([])
    expect(directoryNote(of('fe1') as DirectoryRecord, at(900))).toBe('')
    expect(directoryState(of('fe1') as DirectoryRecord)).toBe('answers')
  })

  it('is not known where the account may not see whether it copies', () => {
    read('ldap1', 0, [csn(-10)])
    directories.reading({
      host: 'fe1',
      at: at(1),
      base: 'dc=example,dc=org',
      check: { ok: true, ms: 1 },
      fresh: { ok: true, ms: 1, triedAt: at(1) },
      csns: new Map(),
    })
    expect(of('fe1')?.replication).toEqual({ state: 'unknown' })
    expect(directoryNote(of('fe1') as DirectoryRecord, at(2))).toContain('no contextCSN')
  })

  it('is known as soon as the provider is heard, whoever was asked first', () => {
    read('fe1', 0, [csn(-10)])
    expect(of('fe1')?.replication).toEqual({ state: 'unknown' })
    read('ldap1', 0.1, [csn(-10)])
    expect(of('fe1')?.replication).toEqual({ state: 'in step' })
  })

  it('changes its role where its database says so', () => {
    read('fe1', 0, [csn(0)], { monitor: monitorOf(false) })
    expect(of('fe1')?.role).toBe('provider')
    read('fe1', 1, [csn(0)], { monitor: monitorOf(true) })
    expect(of('fe1')?.role).toBe('consumer')
  })

  it('is filling while there is none at all', () => {
    read('ldap1', 0, [csn(-1)])
    read('fe1', 0, [])
    expect(of('fe1')?.replication).toEqual({ state: 'filling' })
    expect(directoryAlerts(directories.records, at(1))).toMatchObject([
      { severity: 'warning', text: expect.stringContaining('first copy') },
    ])
  })

  it('is not known where the number is none', () => {
    read('ldap1', 0, [csn(-1)])
    read('fe1', 0, [], { csnTrouble: say`malformed contextCSN: x` })
    expect(of('fe1')?.replication).toEqual({ state: 'unknown' })
  })

  it('remembers no more than it needs, and still dates the oldest', () => {
    for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10)])
    for (let i = 1; i <= 10_000; i++) {
      read('ldap1', i + 0.5, [csn(i)])
      if (i % 100 === 2) read('fe1', i + 0.7, [csn(-10)])
    }
    expect(of('fe1')?.replication).toEqual({ state: 'behind', since: at(1), atLeast: false })
  })
})

describe('events and alerts', () => {
  const refused = new HostError('unreachable', 'fe1', label('LDAP: connection refused'), label('start it'))

  it('has failed since its connection was lost, where that is known', () => {
    const directories = new Directories([{ name: 'fe1', roles: ['frontend'] }])
    const gone = new HostError('unreachable', 'fe1', label('LDAP: connection refused'))
    expect(directories.failed('fe1', gone, at(2), at(1) + 700)).toMatchObject([
      { type: 'directory.failed', at: at(1) + 700 },
    ])
  })

  it('say that it is LDAP which fails, also where its host is not reached', () => {
    read('fe1', 0, [])
    const unreached = new HostError('unreachable', 'fe1', label('no route to host'))
    expect(texts(directories.failed('fe1', unreached, at(1)))).toEqual(['LDAP: no route to host'])
  })

  it('tell once that a slapd does not answer, and how long that was', () => {
    read('fe1', 0, [])
    expect(texts(directories.failed('fe1', refused, at(1)))).toEqual(['LDAP: connection refused'])
    expect(directories.failed('fe1', refused, at(2))).toEqual([])
    expect(directoryAlerts(directories.records, at(9))[0]).toMatchObject({
      severity: 'bad',
      text: 'LDAP: connection refused, for 8 s',
      advice: 'start it',
    })
    expect(texts(read('fe1', 11, []).events)).toEqual(['LDAP: answers again, after 10 s'])
    expect(of('fe1')).not.toHaveProperty('failingSince')
  })

  it('do not say that it answers rightly again while it does not answer', () => {
    const check = { ok: false as const, why: say`no entry` }
    read('fe1', 0, [csn(0)])
    read('fe1', 1, [csn(0)], { check })
    expect(texts(directories.failed('fe1', refused, at(2)))).toEqual(['LDAP: connection refused'])
    expect(texts(read('fe1', 5, [csn(0)], { check }).events)).toEqual(['LDAP: answers again, after 3 s'])
    expect(texts(read('fe1', 9, [csn(0)]).events)).toEqual(['LDAP: answers correctly again, after 8 s'])
  })

  it('tell that it answers wrongly, although it answers', () => {
    read('fe1', 0, [csn(0)])
    const check = { ok: false, why: say`uid=x is not there` } as const
    expect(texts(read('fe1', 1, [csn(0)], { check }).events)).toEqual([
      'LDAP: answers wrongly: uid=x is not there',
    ])
    expect(of('fe1')?.failingSince).toBe(at(1))
    expect(read('fe1', 2, [csn(0)], { check }).events).toEqual([])
    expect(of('fe1')?.failingSince).toBe(at(1))
    expect(texts(read('fe1', 3, [csn(0)]).events)).toEqual(['LDAP: answers correctly again, after 2 s'])
  })

  it('tell a lag when it has lasted, and its end', () => {
    for (const host of ['ldap1', 'fe1']) read(host, 0, [csn(-10)])
    read('ldap1', 2, [csn(1)])
    expect(read('fe1', 3, [csn(-10)]).events).toEqual([])
    expect(directoryAlerts(directories.records, at(3))).toEqual([])
    expect(texts(read('fe1', 7, [csn(-10)]).events)).toEqual(['LDAP: 6 s behind'])
    expect(directoryAlerts(directories.records, at(7))).toMatchObject([{ severity: 'warning' }])
    expect(directoryAlerts(directories.records, at(70))).toMatchObject([{ severity: 'bad' }])
    expect(texts(read('fe1', 66, [csn(-10)]).events)).toEqual(['LDAP: 1 min behind'])
    expect(read('fe1', 67, [csn(-10)]).events).toEqual([])
    expect(texts(read('fe1', 68, [csn(1)]).events)).toEqual(['LDAP: in step again, after 1 min'])
  })

  it('tell that a consumer is cut off although it lacks nothing yet', () => {
    read('fe1', 0, [csn(0)], {
      monitor: monitorOf(true, { replication: { connected: false, phase: label('refresh') } }),
    })
    expect(directoryAlerts(directories.records, at(1))).toMatchObject([
      { severity: 'warning', text: 'LDAP: not connected to its provider' },
    ])
  })

  it('give operations a second from two answers, and none after a restart', () => {
    const counted = (seconds: number, connectionsTotal: number, completed: number) =>
      read('fe1', seconds, [], {
        monitor: monitorOf(true, {
          connectionsTotal,
          operations: new Map([['search', { initiated: completed, completed }]]),
        }),
      })
    counted(0, 10, 100)
    counted(2, 11, 150)
    expect(of('fe1')?.rates?.get('search')).toBe(25)
    counted(2.25, 11, 160)
    expect(of('fe1')?.rates?.get('search')).toBe(25)
    counted(2.5, 11, 175)
    expect(of('fe1')?.rates?.get('search')).toBe(50)
    counted(3, 1, 3)
    expect(of('fe1')).not.toHaveProperty('rates')
    counted(4, 2, 7)
    expect(of('fe1')?.rates?.get('search')).toBe(4)
  })

  it('are measured between the moments at which cn=Monitor was read, which is not at each answer', () => {
    const counted = (seconds: number, monitorSeconds: number, completed: number) =>
      read('fe1', seconds, [], {
        monitor: monitorOf(true, { operations: new Map([['search', { initiated: completed, completed }]]) }),
        monitorAt: at(monitorSeconds),
      })
    counted(0, 0, 100)
    for (const seconds of [3, 4, 5]) {
      counted(seconds, 3, 160)
      expect(of('fe1')?.rates?.get('search')).toBe(20)
    }
    counted(6, 6, 190)
    expect(of('fe1')?.rates?.get('search')).toBe(10)
  })
})
