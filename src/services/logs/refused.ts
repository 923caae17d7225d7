import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { quote } from '../../hosts/quote.ts'
import type { LogAsking } from './client.ts'
import { isOfMany } from './places.ts'

/** What keeps an account from a log: the log itself, or a directory that it is in. */
interface Obstacle {
  readonly account: string
  readonly path: string
  readonly isDirectory: boolean
  readonly owner: string
  readonly group: string
  /** in octal, as chmod(1) has it */
  readonly mode: string
}

/** Names of accounts and groups as adduser(8) takes them: nothing else of a host stands in a line that somebody may copy into a shell. */
const name = String.raw`[A-Za-z_][\w.-]{0,31}`

/** The first line of `id -un`, and `KIND OWNER GROUP MODE PATH`; undefined: it says something else. */
function parseObstacle(text: string): Obstacle | undefined {
  const pattern = new RegExp(
    String.raw`^(${name})\n(file|directory) (${name}) (${name}) ([0-7]{1,4}) (/.*)\n`,
  )
  const [, account = '', kind, owner = '', group = '', mode = '', path] = pattern.exec(text) ?? []
  if (path === undefined) return undefined
  return { account, path, isDirectory: kind === 'directory', owner, group, mode }
}

/** Why a log may not be read, and the line that mends it. */
export async function refusedLog({ host, shell, timeout }: LogAsking, path: string): Promise<HostError> {
  const { stdout } = await shell.script(
    `id -un; log=${quote([path])}; at=$log; kind=file
while [ ! -e "$at" ] && [ -n "$at" ]; do at=\${at%/*}; kind=directory; done
stat -L -c "$kind %U %G %a %n" -- "\${at:-/}" 2>/dev/null; echo`,
    timeout,
  )
  const obstacle = parseObstacle(stdout)
  const log = label(path)
  if (!obstacle) return new HostError('refused', host, say`${log}: may not be read`, documented)
  const { account, owner, group, mode, isDirectory } = obstacle
  const at = isDirectory
    ? say`${log}: ${label(account)} may not enter ${label(obstacle.path)}`
    : say`${log}: may not be read by ${label(account)}`
  return new HostError(
    'refused',
    host,
    say`${at} (${label(`${owner}:${group} ${mode}`)})`,
    adviceFor(obstacle, path),
  )
}

const documented = say`docs/permissions.md, "what logs tell"`

/** What is needed of it: a directory in which logs are looked for by their names has to be read, too. */
function adviceFor({ account, path, group, mode, isDirectory }: Obstacle, log: string): Label {
  const [forGroup = 0] = [...mode.slice(-2)].map(Number)
  const right = isDirectory ? (isOfMany(log) ? say`rx` : say`x`) : say`r`
  const needed = (right.includes('r') ? 4 : 0) + (isDirectory ? 1 : 0)
  if (group !== 'root' && (forGroup & needed) === needed)
    return say`adduser ${label(account)} ${label(group)}, and log in anew`
  return say`setfacl -m u:${label(account)}:${right} ${label(quote([path]))}`
}
