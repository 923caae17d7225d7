import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

let withShell = false

/**
 * Stops the job as ^Z does in line mode, the launcher's shell with it; resolves when it has been continued. Where no shell
 * could continue it (an orphaned process group), the kernel discards the signal and nothing stops.
 */
export async function stopJob(): Promise<void> {
  withShell = true
  process.kill(0, 'SIGTSTP')
  // Continued in the background (by `kill %1`, which continues a job to end it), the terminal is still the shell's: to
  // set its modes would stop this job again, and it would never end.
  do await setTimeout(50)
  while (!inForeground())
  withShell = false
}

/** While the job is stopped the terminal is the shell's, already as it was and not to be written to. */
export function terminalIsOurs(): boolean {
  return !withShell
}

/** Whether this job has the terminal: its process group is the terminal's (fields pgrp and tpgid, proc(5)). */
function inForeground(): boolean {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? []
    // Without a controlling terminal (-1) there is no foreground either.
    return fields[5] === '-1' || fields[2] === fields[5]
  } catch {
    return true
  }
}
