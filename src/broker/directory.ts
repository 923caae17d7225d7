import { type Config, ldapOf } from '../config/schema.ts'
import { openHost } from '../fleet/open.ts'
import { ldapServer } from '../fleet/servers.ts'
import { HostError, whyOf } from '../hosts/host.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import type { LdapConnection } from '../services/ldap/facts.ts'
import { groupsIn, hasGroup } from '../services/ldap/groups.ts'
import { readBase } from '../services/ldap/read.ts'
import type { FromDirectory, Person } from './person.ts'

/** Milliseconds in which one of the servers has to answer. */
const patience = 4_000

/** The groups of a person in the site's directory. */
export function directoryGroups(config: Config, person: Person): Promise<FromDirectory<string[]>> {
  return askDirectory(config, (connection, base) => groupsIn(connection, base, person))
}

/** Whether the site's directory has a group. */
export function directoryHasGroup(config: Config, name: string): Promise<FromDirectory<boolean>> {
  return askDirectory(config, (connection, base) => hasGroup(connection, base, name))
}

/** Asks all servers at once, so that one which hangs holds nobody up: what the first says that answers counts. */
async function askDirectory<T>(
  config: Config,
  question: (connection: LdapConnection, base: string) => Promise<T>,
): Promise<FromDirectory<T>> {
  const servers = config.hosts.filter((host) => ldapOf(config, host))
  if (!servers.length) return { unknown: say`no host of the configuration has an "ldap"` }
  const ask = async (host: (typeof servers)[number]) => {
    const reached = await openHost(host, config)
    try {
      const { open, questions } = ldapServer(reached, host, ldapOf(config, host) ?? {})
      const connection = await open()
      try {
        return await question(connection, questions.base ?? (await readBase(connection, host.name)))
      } finally {
        connection.close()
      }
    } finally {
      void reached.close().catch(() => {})
    }
  }
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('late')), patience)
  try {
    return { value: await Promise.race([Promise.any(servers.map(ask)), late.promise]) }
  } catch (error) {
    const why =
      error instanceof AggregateError
        ? joined(
            error.errors.map((one, i) => whyAt(servers[i]?.name ?? '', one)),
            '; ',
          )
        : say`no answer in ${patience / 1000} s`
    return { unknown: why }
  } finally {
    clearTimeout(timer)
  }
}

/** Some errors name their host themselves. */
function whyAt(host: string, error: unknown): Label {
  return error instanceof HostError ? whyOf(error) : say`${label(host)}: ${whyOf(error)}`
}
