import { type Config, ldapOf } from '../config/schema.ts'
import { askDirectory, type FromDirectory } from '../fleet/directory/ask.ts'
import { openHost } from '../fleet/open.ts'
import { ldapServer } from '../fleet/servers.ts'
import type { LdapConnection } from '../services/ldap/facts.ts'
import { type Account, groupsIn, hasGroup } from '../services/ldap/groups.ts'
import { fullNamesIn } from '../services/ldap/people.ts'
import type { Person } from './person.ts'

/** The groups of a person in the site's directory. */
export function directoryGroups(config: Config, person: Person): Promise<FromDirectory<string[]>> {
  return ask(config, (connection, base) => groupsIn(connection, base, person))
}

/** Whether the site's directory has a group. */
export function directoryHasGroup(config: Config, name: string): Promise<FromDirectory<boolean>> {
  return ask(config, (connection, base) => hasGroup(connection, base, name))
}

/** What people are called in full there, by their numbers. */
export function directoryNames(
  config: Config,
  people: readonly Account[],
): Promise<FromDirectory<ReadonlyMap<number, string>>> {
  return ask(config, (connection, base) => fullNamesIn(connection, base, people))
}

async function ask<T>(
  config: Config,
  question: (connection: LdapConnection, base: string) => Promise<T>,
): Promise<FromDirectory<T>> {
  const servers = config.hosts.filter((host) => ldapOf(config, host))
  const reached = await Promise.all(servers.map((host) => openHost(host, config)))
  const askable = servers.map((host, i) => ({
    name: host.name,
    ldap: async () => ldapServer(reached[i] as (typeof reached)[number], host, ldapOf(config, host) ?? {}),
  }))
  try {
    return await askDirectory(askable, question)
  } finally {
    for (const host of reached) void host.close().catch(() => {})
  }
}
