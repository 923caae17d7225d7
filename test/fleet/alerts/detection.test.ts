import { describe, expect, it } from 'vitest'
import { takenOutAt, withDelay } from '../../../src/fleet/alerts/detection.ts'
import { FleetStore } from '../../../src/fleet/store.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label } from '../../../src/hosts/label.ts'
import type { LdapReading } from '../../../src/services/ldap/facts.ts'
import { parseCsns } from '../../../src/services/ldap/parse.ts'
import type { LdirectordEvent } from '../../../src/services/ldirectord/facts.ts'

const start = Date.UTC(2026, 10, 22, 12, 0, 0)
const at = (seconds: number) => start + seconds * 1_000

const reading = (host: string, seconds: number, change: string): LdapReading => ({
  host,
  at: at(seconds),
  base: 'dc=example,dc=org',
  check: { ok: true, ms: 1 },
  fresh: { ok: true, ms: 1, triedAt: at(seconds) },
  csns: parseCsns([change]).csns,
})

describe('what this console and ldirectord both see', () => {
  const hosts = [
    { name: 'lb1', roles: ['balancer' as const], libvirt: '' },
    { name: 'ldap1', roles: ['directory' as const], libvirt: '' },
    { name: 'fe1', roles: ['frontend' as const], libvirt: '', address: '10.9.0.11' },
  ]
  const old = '20261122115900.000000Z#000000#000#000000'
  const made = '20261122120000.000000Z#000000#000#000000'
  function storeWithOneOut(): FleetStore {
    const store = new FleetStore(hosts, 4000, { ldap: ['ldap1', 'fe1'], radius: [] })
    for (const host of ['ldap1', 'fe1']) store.directoryAnswered(reading(host, -10, old))
    store.ldirectordDid('lb1', {
      at: at(0),
      kind: 'quiescent',
      virtual: '10.9.0.100:389',
      real: '10.9.0.11:389',
    })
    return store
  }

  it('is told with how much later the second of them saw it', () => {
    const error = new HostError('unreachable', 'fe1', label('LDAP: connection refused'))
    expect(storeWithOneOut().directoryFailed('fe1', error, at(2))).toMatchObject([
      { text: 'LDAP: connection refused, 2.0 s after ldirectord took it out' },
    ])
  })

  it('is told also where ldirectord is the second', () => {
    const store = new FleetStore(hosts, 4000, { ldap: ['ldap1', 'fe1'], radius: [] })
    for (const host of ['ldap1', 'fe1']) store.directoryAnswered(reading(host, -10, old))
    store.directoryFailed('fe1', new HostError('unreachable', 'fe1', label('refused')), at(0))
    const did = (real: string) =>
      store
        .ldirectordDid('lb1', { at: at(3), kind: 'quiescent', virtual: '10.9.0.100:389', real })
        .map(({ text }) => text)
    expect(did('10.9.0.11:389')).toEqual([expect.stringMatching(/, 3\.0 s after its LDAP failed here$/)])
    expect(did('10.9.0.12:389')).toEqual([expect.not.stringContaining('failed here')])
  })

  it('is not that a replica is behind: that is no outage', () => {
    const store = storeWithOneOut()
    store.directoryAnswered(reading('ldap1', 1, made))
    const { events } = store.directoryAnswered(reading('fe1', 7, old))
    expect(events.map(({ text }) => text)).toEqual(['LDAP: 7 s behind'])
  })
})

describe('the later of two reports', () => {
  const event = { severity: 'bad', about: { kind: 'host', id: 'a' }, host: 'a', text: label('out') } as const
  const text = (at: number, earlier: number | undefined, severity: 'bad' | 'info' = 'bad') =>
    withDelay([{ ...event, severity }], at, earlier, label('the other saw it'))[0]?.text

  it('says how much later, where both may tell of the same', () => {
    expect(text(31_000, 1000)).toBe('out, 30.0 s after the other saw it')
    expect(text(31_001, 1000)).toBe('out')
    expect(text(1000, 1000)).toBe('out, 0.0 s after the other saw it')
    expect(text(999, 1000)).toBe('out')
    expect(text(1000, undefined)).toBe('out')
  })

  it('says nothing of what is over', () => {
    expect(text(2000, 1000, 'info')).toBe('out')
  })
})

describe('when ldirectord took a server out', () => {
  it('is the last time that it did, and unknown where it did not', () => {
    const did = (kind: LdirectordEvent['kind'], seconds: number, real?: string): LdirectordEvent => ({
      kind,
      at: seconds,
      virtual: 'v',
      ...(real === undefined ? {} : { real }),
    })
    const isOf = (real: string) => real === 'r'
    expect(takenOutAt([did('quiescent', 3, 'r'), did('deleted', 5, 'r'), did('added', 9, 'r')], isOf)).toBe(5)
    expect(takenOutAt([did('quiescent', 3, 'other'), did('quiescent', 4)], isOf)).toBeUndefined()
  })
})
