import { readFile } from 'node:fs/promises'
import { listProcesses, type Processes } from './processes.ts'

/** That somebody asks a person whether they may look at a channel. */
export interface Asking {
  /** the account of whoever asks */
  readonly by: string
  /** of whom */
  readonly owner: { readonly uid: number; readonly name: string }
  /** the channel's id */
  readonly channel: string
  readonly controls: boolean
}

/**
 * Whether that account asks so by sudo at this moment. What the person's own programs are and say can be made up by the person; a process of root is not,
 * and its words are those of whoever called it. An account is that of the nearest process above it that is not root's: one whose caller has gone is
 * under the first process, so of root this cannot tell.
 *
 * @param now milliseconds since the epoch
 */
export async function isAsking(asking: Asking, now: number, wordsOf = commandOf): Promise<boolean> {
  const all = await listProcesses(now)
  for (const { pid, uid, name } of all.values())
    if (uid === 0 && name === 'sudo' && callerOf(pid, all) === asking.by && asks(await wordsOf(pid), asking))
      return true
  return false
}

/** The account by which a process of root was started; undefined: nobody but root is above it. */
export function callerOf(pid: number, all: Processes): string | undefined {
  const seen = new Set<number>()
  for (let one = all.get(pid); one && !seen.has(one.pid); one = all.get(one.parent)) {
    if (one.uid !== 0) return one.user
    seen.add(one.pid)
  }
  return undefined
}

/** Whether sudo was called so: `sudo -n -u OWNER -- vdd channel look ID`. */
export function asks(words: readonly string[], { owner, channel, controls }: Asking): boolean {
  const dashes = words.indexOf('--')
  const as = words[words.indexOf('-u') + 1]
  const [, ...look] = words.slice(dashes + 1)
  return (
    dashes > 0 &&
    (as === owner.name || as === `#${owner.uid}`) &&
    ['channel', 'look', channel, ...(controls ? ['--control'] : [])].join(' ') === look.join(' ')
  )
}

/** The words by which a process was started: proc_pid_cmdline(5). */
async function commandOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.split('\0').slice(0, -1)
}
