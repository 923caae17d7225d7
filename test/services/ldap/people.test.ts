import { expect, it } from 'vitest'
import type { LdapConnection, LdapEntry } from '../../../src/services/ldap/facts.ts'
import { fullNamesIn } from '../../../src/services/ldap/people.ts'

const entry = (values: Readonly<Record<string, string>>): LdapEntry => ({
  dn: `uid=${values.uid},dc=x`,
  values: new Map(Object.entries(values).map(([name, value]) => [name, [value]])),
})

/** A directory that says this, and what it was asked. */
function directory(...entries: readonly LdapEntry[]) {
  const asked: string[] = []
  const connection: LdapConnection = {
    closed: false,
    search: async (base, { filter }) => {
      asked.push(`${base} ${filter}`)
      return entries
    },
    close: () => {},
  }
  return { asked, connection }
}

it('tells what people are called in full, each by their number there', async () => {
  const { asked, connection } = directory(
    entry({ uid: 'anna', uidnumber: '2001', displayname: 'Anna Rossi', cn: 'anna rossi' }),
    entry({ uid: 'bruno', uidnumber: '2002', cn: 'Bruno Bianchi' }),
    entry({ uid: 'carla', uidnumber: '2003', cn: 'carla' }),
    entry({ uid: 'dario', uidnumber: '9', cn: 'Somebody Else' }),
  )
  const people = ['anna', 'bruno', 'carla', 'dario', 'e*)(x'].map((name, i) => ({ name, uid: 2001 + i }))
  expect([...(await fullNamesIn(connection, 'dc=x', people))]).toEqual([
    [2001, 'Anna Rossi'],
    [2002, 'Bruno Bianchi'],
  ])
  expect(asked).toEqual([
    'dc=x (&(objectClass=posixAccount)(|(uid=anna)(uid=bruno)(uid=carla)(uid=dario)(uid=e\\2a\\29\\28x)))',
  ])
})

it('asks of some at a time', async () => {
  const { asked, connection } = directory()
  const people = Array.from({ length: 120 }, (_, i) => ({ name: `u${i}`, uid: 2000 + i }))
  expect((await fullNamesIn(connection, 'dc=x', people)).size).toBe(0)
  expect(asked).toHaveLength(3)
})
