import { stat } from 'node:fs/promises'
import type { SeenLogin } from '../sight.ts'
import { argumentsOf, isDesk, machineOfDesk } from './desk-title.ts'
import { printed } from './printed.ts'
import type { Listed, Processes } from './processes.ts'

/** Logins that are told of one person, and of all; and letters of where they come from. */
const most = { ofOne: 20, ofAll: 500, from: 200 }

/** Where those come from who are logged in at terminals, by their lines: `pts/3`. On a terminal of the machine itself it is empty. */
export type Lines = ReadonlyMap<string, string>

/** Who is logged in, by who(1), which knows where the system has that from. undefined: it does not tell. */
export async function linesHere(): Promise<Lines | undefined> {
  const text = await printed(['who'], { env: { LC_ALL: 'C' } })
  return text === undefined ? undefined : readLines(text)
}

/** What who(1) printed. Windows of X and of tmux are in it, which are no logins, and those of a display manager, which have no terminal. */
export function readLines(text: string): Lines {
  const lines = new Map<string, string>()
  for (const line of text.split('\n')) {
    // `anna  pts/3  2026-11-28 08:05 (10.0.0.31)`; with systemd `sshd pts/3`
    const [, tty] = /^\S+\s+(?:sshd )?((?:pts\/|tty)\w{1,12})\s/.exec(line) ?? []
    const [, from = ''] = /\(([^\s()][^\s]*)(?: via [^)]*)?\)\s*$/.exec(line) ?? []
    const isWindow = from.startsWith(':') || /^tmux\(|:S\.\d+$/.test(from)
    if (tty !== undefined && !isWindow) lines.set(tty, from.slice(0, most.from))
  }
  return lines
}

/**
 * The text sessions of this machine: logins at terminals, and what the desk shows on one. A login that only carries the channels of a person is told by these.
 *
 * @param hasChannel whether this user has a channel that lives
 */
export async function loginsOf(
  lines: Lines | undefined,
  processes: Processes,
  hasChannel: (uid: number) => boolean,
): Promise<readonly SeenLogin[]> {
  const all = [...processes.values()]
  const desks = new Map(
    all.filter(({ name, tty }) => isDesk(name) && tty !== '?').map((one) => [one.tty, one]),
  )
  const children = Map.groupBy(all, ({ parent }) => parent)
  const shells = new Map(all.filter(({ pid, leader }) => pid === leader).map((one) => [one.tty, one]))
  const found = [...new Set([...(lines?.keys() ?? []), ...desks.keys()])].map(async (tty) => {
    const desk = desks.get(tty)
    const ssh = desk && (children.get(desk.pid) ?? []).find(({ name }) => name === 'ssh')
    if (desk && ssh) {
      const machine = await machineOf(desk, ssh)
      return machine && (await told(ssh, lines, machine))
    }
    const shell = lines?.has(tty) ? shells.get(tty) : undefined
    if (!shell || (desk && hasChannel(shell.uid))) return undefined
    return await told(shell, lines)
  })
  const logins = (await Promise.all(found)).filter((one) => one !== undefined)
  const newest = logins.toSorted((a, b) => b.since - a.since)
  const kept = [...Map.groupBy(newest, ({ uid }) => uid).values()].flatMap((own) => own.slice(0, most.ofOne))
  return kept.slice(0, most.ofAll).toSorted((a, b) => a.since - b.since)
}

async function told(
  { pid, uid, user, tty, startedAt }: Listed,
  lines: Lines | undefined,
  machine?: SeenLogin['machine'],
): Promise<SeenLogin> {
  const from = lines?.get(tty)
  // When it was read from last, as who(1) and w(1) look at it.
  const stats = await stat(`/dev/${tty}`).catch(() => undefined)
  return {
    tty,
    pid,
    uid,
    user,
    since: startedAt,
    ...(stats ? { usedAt: Math.max(stats.atimeMs, startedAt) } : {}),
    ...(from ? { from } : {}),
    ...(machine ? { machine } : {}),
  }
}

/** Where its ssh goes to, which stands last; the desk knows what that is called. undefined: it has just ended. */
async function machineOf(desk: Listed, ssh: Listed): Promise<SeenLogin['machine']> {
  const [name, all] = await Promise.all([machineOfDesk(desk.pid), argumentsOf(ssh.pid)])
  const address = all.at(-1)
  return address === undefined ? undefined : { name: name ?? address, address }
}
