import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The user with no rights of its own, who is called nobody: Debian's base-passwd. */
const nobody = 65_534

/** Does it as a user whom file modes stop; they do not stop root, as whom CI runs. Only what is done before it returns counts. */
export function asNobody<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act()
  process.seteuid?.(nobody)
  try {
    return act()
  } finally {
    process.seteuid?.(0)
  }
}

/** Sees a directory at another place, for one program and what it starts. */
const seenElsewhere = '/bin/mkdir -p "$2" && /bin/mount --bind "$1" "$2" && shift 2 && exec "$@"'

/**
 * What starts the program as nobody: a command and its arguments, before those of the program. A project below a directory that is root's alone, as
 * /root, is seen at another place then, by that process alone.
 *
 * @param project the directory of the project @param elsewhere a directory that need not be there, in one that all may enter
 */
export function programAsNobody(project: string, elsewhere: string): readonly [string, ...string[]] {
  const become = ['/usr/bin/setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] as const
  const program = join(project, 'bin', 'vdd')
  const isSeen = spawnSync(become[0], [...become.slice(1), '/usr/bin/test', '-x', program]).status === 0
  if (isSeen) return [...become, program]
  const there = join(elsewhere, 'bin', 'vdd')
  return [
    '/usr/bin/unshare',
    '-m',
    '/bin/sh',
    '-c',
    seenElsewhere,
    'sh',
    project,
    elsewhere,
    ...become,
    there,
  ]
}
