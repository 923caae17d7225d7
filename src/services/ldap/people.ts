import { AndFilter, EqualityFilter, OrFilter } from 'ldapts'
import type { LdapConnection } from './facts.ts'
import type { Account } from './groups.ts'

/** People of whom one question asks: an answer has some hundred bytes of each. */
const atOnce = 50

const is = (attribute: string, value: string) => new EqualityFilter({ attribute, value })

/**
 * What people are called in full in a directory, by their numbers: `displayName`, else `cn` (RFC 2798, 4519). Of whom it says nothing there is none, nor of whom it has under another
 * number: an account of this machine may be called as somebody there.
 *
 * @throws {HostError}
 */
export async function fullNamesIn(
  connection: LdapConnection,
  base: string,
  people: readonly Account[],
): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>()
  for (let from = 0; from < people.length; from += atOnce) {
    const some = people.slice(from, from + atOnce)
    const filters = [
      is('objectClass', 'posixAccount'),
      new OrFilter({ filters: some.map(({ name }) => is('uid', name)) }),
    ]
    const entries = await connection.search(base, {
      scope: 'sub',
      filter: String(new AndFilter({ filters })),
      attributes: ['uid', 'uidNumber', 'displayName', 'cn'],
    })
    for (const { values } of entries) {
      const who = some.find(
        ({ name, uid }) => values.get('uid')?.includes(name) && values.get('uidnumber')?.[0] === String(uid),
      )
      const name = (values.get('displayname')?.[0] ?? values.get('cn')?.[0] ?? '').trim()
      if (who && name && name !== who.name) found.set(who.uid, name)
    }
  }
  return found
}
