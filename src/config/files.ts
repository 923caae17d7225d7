import { accessSync, constants, statSync } from 'node:fs'
import { type Config, ldapOf, radiusOf } from './schema.ts'
import { FileError, readNamed, readSecret } from './secret.ts'

/** What is wrong with the files that a configuration names, each once, with the line that mends it: a secret that is not there shows only when it is asked for. */
export function fileFaults(config: Config): string[] {
  const ofHosts = config.hosts.flatMap((host) => {
    const [ldap, radius] = [ldapOf(config, host), radiusOf(config, host)]
    const secrets = [
      ldap?.bindDn === undefined ? undefined : ldap.passwordFile,
      radius?.secretFile,
      radius?.statusSecretFile,
      radius?.user === undefined ? undefined : radius.passwordFile,
    ]
    return [...secrets.flatMap((path) => fault(path, readSecret)), ...fault(ldap?.caFile, readNamed)]
  })
  const told = config.desk?.accounting?.servers ?? []
  const ofAccounting = told.flatMap(({ secretFile }) => fault(secretFile, readSecret))
  return [...new Set([...ofHosts, ...ofAccounting, ...programFaults(config)])]
}

/** The program that is run when something is wrong, where its path is named: at night is too late to find that it is not there. */
function programFaults({ alerts }: Config): string[] {
  const program = alerts?.run[0] ?? ''
  if (!program.startsWith('/')) return []
  try {
    accessSync(program, constants.X_OK)
    return statSync(program).isFile() ? [] : [`${program}: no program (alerts.run)`]
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not there' : 'it may not be run'
    return [`${program}: ${why} (alerts.run)`]
  }
}

function fault(path: string | undefined, read: (path: string) => string): string[] {
  if (path === undefined) return []
  try {
    read(path)
    return []
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return [`${error.message} (${error.advice})`]
  }
}
