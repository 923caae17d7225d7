import { deadline } from '../../hosts/deadline.ts'
import { HostError, whyOf } from '../../hosts/host.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { LdapConnection, LdapServer } from '../../services/ldap/facts.ts'
import { readBase } from '../../services/ldap/read.ts'

/** What the site's directory says, or why it does not. */
export type FromDirectory<T> = { readonly value: T } | { readonly unknown: Label }

/** One of its servers, once that is to be asked. */
export interface Askable {
  readonly name: string
  readonly ldap: () => Promise<LdapServer>
}

/** Milliseconds in which one of the servers has to answer. */
const patience = 4_000

/** Asks all servers at once, so that one which hangs holds nobody up: what the first says that answers counts. */
export async function askDirectory<T>(
  servers: readonly Askable[],
  question: (connection: LdapConnection, base: string) => Promise<T>,
): Promise<FromDirectory<T>> {
  if (!servers.length) return { unknown: say`no host of the configuration has an "ldap"` }
  const ask = async ({ name, ldap }: Askable) => {
    const { open, questions } = await ldap()
    const connection = await open()
    try {
      return await question(connection, questions.base ?? (await readBase(connection, name)))
    } finally {
      connection.close()
    }
  }
  const late = Promise.withResolvers<never>()
  const callOff = deadline(patience, () => late.reject(new Error('late')))
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
    callOff()
  }
}

/** Some errors name their host themselves. */
function whyAt(host: string, error: unknown): Label {
  return error instanceof HostError ? whyOf(error) : say`${label(host)}: ${whyOf(error)}`
}
