import type { Target } from '../../fleet/load/targets.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { Answering } from './duty.ts'
import type { Daemon } from './process.ts'

interface Speaking extends Answering {
  /** as Debian and Red Hat call it */
  readonly names: readonly string[]
  readonly units: readonly string[]
  /** for people: `slapd` */
  readonly title: Label
}

/** What answers behind a virtual service, by what that speaks. */
export const answering: { readonly [S in Target['speaks']]: Speaking } = {
  LDAP: {
    names: ['slapd'],
    units: ['slapd', 'openldap'],
    title: say`slapd`,
    failed: 'directory.failed',
    isWell: (host, { directories }) =>
      directories.some((one) => one.host === host && one.reading?.check.ok && !one.trouble),
  },
  RADIUS: {
    names: ['freeradius', 'radiusd'],
    units: ['freeradius', 'radiusd'],
    title: say`FreeRADIUS`,
    failed: 'radius.failed',
    isWell: (host, { radius }) =>
      radius.some(
        (one) => one.host === host && one.reading && !one.trouble && one.reading.login?.ok !== false,
      ),
  },
}

/** The process that answers on a host; or why it is not known. */
export function daemonOn(host: string, speaks: Target['speaks'], { processes }: Snapshot): Daemon | Label {
  const { names, units, title } = answering[speaks]
  const found = processes.get(host)?.find(({ name }) => names.includes(name))
  if (!found) return say`its ${title} is not known (vdd fd list)`
  return { name: `${found.name}`, pid: found.pid, units }
}
