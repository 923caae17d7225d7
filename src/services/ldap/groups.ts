import { AndFilter, EqualityFilter, OrFilter } from 'ldapts'
import type { LdapConnection, LdapEntry } from './facts.ts'

/** Whose groups are wanted. */
export interface Account {
  /** the login name */
  readonly name: string
  readonly uid: number
}

const of = (objectClass: string, attribute: string, value: string) =>
  new AndFilter({
    filters: [
      new EqualityFilter({ attribute: 'objectClass', value: objectClass }),
      new EqualityFilter({ attribute, value }),
    ],
  })

/**
 * The groups of a person in a directory, by their `cn`: those of RFC 2307 (`posixGroup`, by `memberUid`, and the first one by `gidNumber`), and those
 * that name entries (`groupOfNames`, `groupOfUniqueNames`). Nobody has any whose number in the directory is another one: an account of this machine may be
 * called as somebody there.
 *
 * @throws {HostError}
 */
export async function groupsIn(
  connection: LdapConnection,
  base: string,
  { name, uid }: Account,
): Promise<string[]> {
  const accounts = await connection.search(base, {
    scope: 'sub',
    filter: String(of('posixAccount', 'uid', name)),
    attributes: ['uidNumber', 'gidNumber'],
  })
  const own = accounts.filter((one) => one.values.get('uidnumber')?.[0] === String(uid))
  if (!own.length) return []
  const groups = await connection.search(base, {
    scope: 'sub',
    filter: String(new OrFilter({ filters: [of('posixGroup', 'memberUid', name), ...own.flatMap(having)] })),
    attributes: ['cn'],
  })
  return namesOf(groups)
}

/** Groups that name this account. */
function having({ dn, values }: LdapEntry) {
  const gid = values.get('gidnumber')?.[0]
  return [
    of('groupOfNames', 'member', dn),
    of('groupOfUniqueNames', 'uniqueMember', dn),
    ...(gid === undefined ? [] : [of('posixGroup', 'gidNumber', gid)]),
  ]
}

/** Whether a directory has a group of this name. @throws {HostError} */
export async function hasGroup(connection: LdapConnection, base: string, name: string): Promise<boolean> {
  const filters = ['posixGroup', 'groupOfNames', 'groupOfUniqueNames'].map((one) => of(one, 'cn', name))
  const found = await connection.search(base, {
    scope: 'sub',
    filter: String(new OrFilter({ filters })),
    attributes: ['cn'],
  })
  return found.length > 0
}

/** The first of its names is what a group is called. */
function namesOf(groups: readonly LdapEntry[]): string[] {
  return [...new Set(groups.flatMap(({ values }) => values.get('cn')?.slice(0, 1) ?? []))]
}
