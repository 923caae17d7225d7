import { lstat, readFile } from 'node:fs/promises'
import type { ProcessMark } from '../channel.ts'

/** What the kernel says of a process of this machine. */
export interface Running extends ProcessMark {
  /** its program's name, at most 15 letters */
  readonly name: string
}

/**
 * A process of this machine; undefined: there is none of this number. From /proc/PID/stat, whose second field is in brackets and may hold any character:
 * proc_pid_stat(5).
 */
export async function processOf(pid: number): Promise<Running | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const end = text.lastIndexOf(')')
  const fields = text.slice(end + 2).split(' ')
  const started = Number(fields[19])
  // A zombie has ended; nobody has asked yet how.
  if (end < 0 || fields[0] === 'Z' || fields[0] === 'X' || !Number.isSafeInteger(started)) return undefined
  return { pid, started, name: text.slice(text.indexOf('(') + 1, end) }
}

/** The mark of a process that was just started; undefined: it has ended already. */
export async function markOf(pid: number): Promise<ProcessMark | undefined> {
  const running = await processOf(pid)
  return running && { pid, started: running.started }
}

/** Whether this very process still runs, and none that has got its number since. */
export async function isRunning(mark: ProcessMark): Promise<boolean> {
  return (await processOf(mark.pid))?.started === mark.started
}

/** Whether it runs, as this person. */
export async function isRunningAs(uid: number, mark: ProcessMark): Promise<boolean> {
  const stats = await lstat(`/proc/${mark.pid}`).catch(() => undefined)
  return stats?.uid === uid && (await isRunning(mark))
}
