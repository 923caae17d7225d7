import { AndFilter, EqualityFilter, type Filter, FilterParser, OrFilter } from 'ldapts'
import { describe, expect, it } from 'vitest'
import type { LdapConnection, LdapEntry } from '../../../src/services/ldap/facts.ts'
import { groupsIn, hasGroup } from '../../../src/services/ldap/groups.ts'

const base = 'dc=example,dc=org'
const anna = { name: 'anna', uid: 2001 }
const annaDn = `uid=anna,ou=people,${base}`

const entry = (dn: string, values: Readonly<Record<string, string>>): LdapEntry => ({
  dn,
  values: new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), [value]])),
})
const account = (dn: string, given: Readonly<Record<string, string>> = {}) =>
  entry(dn, { objectClass: 'posixAccount', uid: 'anna', uidNumber: '2001', gidNumber: '500', ...given })
const group = (cn: string, objectClass: string, of: Readonly<Record<string, string>>) =>
  entry(`cn=${cn},ou=groups,${base}`, { objectClass, cn, ...of })

const groups = [
  group('people', 'posixGroup', { gidNumber: '500' }),
  group('desk', 'posixGroup', { gidNumber: '501', memberUid: 'anna' }),
  group('teachers', 'groupOfNames', { member: annaDn }),
  group('class 3b', 'groupOfUniqueNames', { uniqueMember: annaDn }),
  group('bruno', 'posixGroup', { gidNumber: '502', memberUid: 'bruno' }),
  group('others', 'groupOfNames', { member: `uid=bruno,ou=people,${base}` }),
]

function isIn(one: LdapEntry, filter: Filter): boolean {
  if (filter instanceof AndFilter) return filter.filters.every((part) => isIn(one, part))
  if (filter instanceof OrFilter) return filter.filters.some((part) => isIn(one, part))
  if (!(filter instanceof EqualityFilter)) throw new Error(`${filter}`)
  return one.values.get(filter.attribute.toLowerCase())?.includes(`${filter.value}`) === true
}

/** A directory that has these. */
function directory(...all: readonly LdapEntry[]): LdapConnection {
  return {
    closed: false,
    search: async (from, { filter = '', scope }) => {
      expect([from, scope]).toEqual([base, 'sub'])
      const parsed = FilterParser.parseString(filter)
      return all.filter((one) => isIn(one, parsed))
    },
    close: () => {},
  }
}

describe('the groups of a person in a directory', () => {
  it('are those that name them, and their first one, by whatever kind of group', async () => {
    const found = await groupsIn(directory(account(annaDn), ...groups), base, anna)
    expect(found).toEqual(['people', 'desk', 'teachers', 'class 3b'])
  })

  it('are none of whoever is only called so, by another number', async () => {
    expect(await groupsIn(directory(account(annaDn, { uidNumber: '1000' }), ...groups), base, anna)).toEqual(
      [],
    )
    expect(await groupsIn(directory(...groups), base, anna)).toEqual([])
  })

  it('are none of what a name might say in a filter', async () => {
    for (const name of ['*', 'anna)(uid=*', 'an\\6ea'])
      expect(await groupsIn(directory(account(annaDn), ...groups), base, { ...anna, name })).toEqual([])
  })

  it('have their own entry alone, where two are called so', async () => {
    const other = account(`uid=anna,ou=old,${base}`, { uidNumber: '9', gidNumber: '502' })
    const found = await groupsIn(directory(other, account(annaDn), ...groups), base, anna)
    expect(found).not.toContain('bruno')
  })
})

it('a directory has a group by its whole name, of each kind', async () => {
  const has = (name: string) => hasGroup(directory(...groups), base, name)
  expect(await Promise.all(['desk', 'teachers', 'class 3b', 'des', 'd*', 'anna'].map(has))).toEqual([
    ...[true, true, true],
    ...[false, false, false],
  ])
})
