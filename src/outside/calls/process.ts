import { readFileSync, readlinkSync } from 'node:fs'

/** This very process, for others on this machine: its number may be another's later, and another's at the same time in a container. */
export interface Self {
  readonly pid: number
  /** when it began, in the kernel's own count: proc_pid_stat(5), field 22 */
  readonly started: number
  /** the processes among which its number is its own: pid_namespaces(7) */
  readonly space: string
}

function startedOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is in brackets, and may hold any character.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const started = Number(fields[19])
    return fields[0] !== 'Z' && Number.isSafeInteger(started) ? started : undefined
  } catch {
    return undefined
  }
}

function spaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

export function self(): Self {
  return { pid: process.pid, started: startedOf(process.pid) ?? 0, space: spaceOf() }
}

/** Whether it has certainly ended: it was among the same processes, and is not any more. */
export function hasEnded({ pid, started, space }: Self): boolean {
  return space !== '' && space === spaceOf() && startedOf(pid) !== started
}
