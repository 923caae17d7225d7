import { describe, expect, it } from 'vitest'
import type { LdapEntry } from '../../../src/services/ldap/facts.ts'
import { ownName, parseCsns, parseMonitor, wrongWith } from '../../../src/services/ldap/parse.ts'
import { openldap } from '../../support/fixture.ts'
import { entriesOf } from './ldif.ts'

const base = 'dc=example,dc=org'
const entry = (values: Record<string, string[]>): LdapEntry => ({
  dn: 'uid=user1,ou=people,dc=example,dc=org',
  values: new Map(Object.entries(values)),
})

describe('parseCsns', () => {
  const recorded = entriesOf(openldap('contextcsn-master.ldif'))[0]?.values.get('contextcsn') ?? []

  it('reads the time of the newest change, to the microsecond', () => {
    const { csns, wrong } = parseCsns(recorded)
    expect(wrong).toEqual([])
    expect(csns.get(0)?.text).toBe('20261122073237.417939Z#000000#000#000000')
    expect(csns.get(0)?.at).toBeCloseTo(Date.UTC(2026, 10, 22, 7, 32, 37) + 417.939, 3)
  })

  it('keeps one for each server id, which is hexadecimal, and the newest of it', () => {
    const { csns } = parseCsns([
      '20261122073237.000000Z#000000#001#000000',
      '20261122073239.000000Z#000000#00a#000000',
      '20261122073238.000000Z#000000#001#000000',
    ])
    expect([...csns].map(([server, { text }]) => [server, text.slice(12, 14)])).toEqual([
      [1, '38'],
      [10, '39'],
    ])
  })

  it('tells values that are none, and reads the others', () => {
    // The last one a slapd has served, filled by slapadd -q.
    const none = ['20261122073237Z', '', '\u001b[2J', '20269999999999.000000Z#000000#000#000000']
    const { csns, wrong } = parseCsns([...recorded, ...none])
    expect(csns.size).toBe(1)
    expect(wrong).toEqual(none)
  })
})

describe('the newest change', () => {
  const csn = (time: string, id = '001') => `${time}Z#000000#${id}#000000`
  const [old, late] = [csn('20260101000000.000000'), csn('20260101000000.000001')]

  it('is the later one, in whatever order they come', () => {
    for (const both of [
      [old, late],
      [late, old],
    ])
      expect(parseCsns(both).csns.get(1)?.text).toBe(late)
    expect(parseCsns([csn('20260101000000.500000', '00a')]).csns.get(10)?.at).toBe(Date.UTC(2026, 0, 1) + 500)
  })

  it.each([`x${late}`, `${late}x`, csn('20261301000000.000000'), late.replace('#001#', '#0g1#'), ''])(
    'is not %j',
    (text) => {
      expect(parseCsns([text, old])).toMatchObject({ wrong: [text], csns: new Map([[1, { text: old }]]) })
    },
  )
})

describe('parseMonitor', () => {
  const provider = parseMonitor(entriesOf(openldap('monitor-master.ldif')), base)
  const consumer = parseMonitor(entriesOf(openldap('monitor-replica1.ldif')), base)

  it('reads what a provider does', () => {
    expect(provider).toMatchObject({
      connections: 3,
      connectionsTotal: 8,
      descriptorLimit: 1024,
      entries: 404,
      pages: { used: 106, max: 16384 },
      isShadow: false,
    })
    expect(provider?.threads.max).toBeGreaterThan(0)
    expect(provider).not.toHaveProperty('replication')
  })

  it('reads operations by kind, those begun and those completed', () => {
    const search = provider?.operations.get('search')
    expect([...(provider?.operations.keys() ?? [])]).toContain('bind')
    expect(search?.initiated).toBeGreaterThanOrEqual(search?.completed ?? 0)
  })

  it('reads of a consumer that its content is another one’s, and that it is connected to it', () => {
    expect(consumer).toMatchObject({ isShadow: true, replication: { connected: true, phase: 'persist' } })
  })

  it('reads of several providers that each is one, although each copies the other', () => {
    for (const name of ['monitor-multiprovider1.ldif', 'monitor-multiprovider2.ldif'])
      expect(parseMonitor(entriesOf(openldap(name)), base)).toMatchObject({
        isShadow: true,
        isMultiProvider: true,
        provides: true,
      })
    expect(provider).toMatchObject({ isShadow: false, provides: true })
    expect(provider).not.toHaveProperty('isMultiProvider')
    expect(consumer).toMatchObject({ isShadow: true, isMultiProvider: false })
  })

  it('counts no page as used that is free again', () => {
    const { pages } = parseMonitor(entriesOf(openldap('monitor-multiprovider2.ldif')), base) ?? {}
    expect(pages).toEqual({ used: 9, max: 2560 })
  })

  it('reads the clock and the time of the server', () => {
    expect(new Date(provider?.clock ?? 0).getUTCFullYear()).toBe(2026)
    expect(provider?.uptimeSeconds).toBeGreaterThan(0)
  })

  it('finds the database whatever the blanks and capitals of its suffix', () => {
    const other = parseMonitor(entriesOf(openldap('monitor-master.ldif')), 'DC=Example, dc=org')
    expect(other?.entries).toBe(404)
  })

  it('is nothing where there is no cn=Monitor', () => {
    expect(parseMonitor([], base)).toBeUndefined()
    expect(parseMonitor(entriesOf(openldap('rootdse.ldif')), base)).toBeUndefined()
  })
})

describe('wrongWith', () => {
  const name = 'uid=user1,ou=people,dc=example,dc=org'

  it('takes an entry that holds what its own name says', () => {
    expect(wrongWith([entry({ uid: ['USER1', 'u1'] })], name, {})).toBeUndefined()
  })

  it('says that the entry is not there', () => {
    expect(wrongWith([], name, {})).toBe(`${name} is not there`)
  })

  it('says what should be there, and what is', () => {
    const expect_ = { attribute: 'Description', value: 'alive' }
    expect(wrongWith([entry({ description: ['dead'] })], name, { expect: expect_ })).toMatch(
      /Description should be alive, it holds dead$/,
    )
    expect(wrongWith([entry({})], name, { expect: expect_ })).toMatch(/it has no such attribute$/)
  })

  it('makes what a server says printable', () => {
    expect(wrongWith([entry({ uid: ['\u001b[2J'] })], name, {})).toMatch(/it holds \\e\[2J$/)
  })
})

describe('ownName', () => {
  it('reads the first part of a name, escapes too', () => {
    expect(ownName('uid=user1,ou=people')).toEqual({ attribute: 'uid', value: 'user1' })
    expect(ownName('cn=Doe\\, Jane+uid=7,o=x')).toEqual({ attribute: 'cn', value: 'Doe, Jane' })
    expect(ownName('o=a\\2cb')).toEqual({ attribute: 'o', value: 'a,b' })
    expect(ownName('')).toEqual({ attribute: '', value: '' })
    expect(ownName(' cn = a b , o=x')).toEqual({ attribute: 'cn', value: 'a b' })
  })

  it('takes bytes in hexadecimal for UTF-8, as slapd writes names', () => {
    expect(ownName('cn=J\\C3\\B6rg \\e6\\bc\\a2,o=x').value).toBe('Jörg 漢')
    expect(ownName('cn=a\\\\41\\41,o=x').value).toBe('a\\41A')
    expect(ownName('cn=a\\+4\\2c\\"').value).toBe('a+4,"')
  })
})
