import type { HostConfig } from '../../config/schema.ts'
import type { Watched } from '../../services/process/facts.ts'

/** Processes of front ends and directories whose descriptors are watched by default, as Debian and Red Hat start them. */
const usualProcesses: readonly Watched[] = [
  { name: 'slapd', owners: ['openldap', 'ldap', 'root'], rootIfNone: true },
  { name: 'freeradius', owners: ['freerad', 'root'], rootIfNone: true },
  { name: 'radiusd', owners: ['radiusd', 'freerad', 'root'], rootIfNone: true },
]

/** The processes of a host whose descriptors are watched. The configuration of a name replaces the default. */
export function watchedProcesses({
  roles,
  processes = [],
}: Pick<HostConfig, 'roles' | 'processes'>): Watched[] {
  const serves = roles.some((role) => role === 'frontend' || role === 'directory')
  const named = Map.groupBy(
    processes.map((text) => text.split('@')),
    ([name = '']) => name,
  )
  const own = [...named].map(([name, all]) => ({
    name,
    // The default owner is root, or the user with the name of the process.
    owners: [...new Set(all.flatMap(([, owner]) => (owner === undefined ? ['root', name] : [owner])))],
    ...(all.some(([, owner]) => owner === 'root') ? {} : { rootIfNone: true as const }),
  }))
  return [...(serves ? usualProcesses.filter(({ name }) => !named.has(name)) : []), ...own]
}
