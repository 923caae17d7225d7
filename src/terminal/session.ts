import { readFileSync, writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Terminals with a second screen, which leaves what stood there untouched (xterm's 1049). */
export function hasAlternateScreen(term: string): boolean {
  return /^(xterm|tmux|screen|rxvt|alacritty|foot|kitty|konsole|gnome|st-|vte|putty)/.test(term)
}

/**
 * What puts a terminal right whatever was going on: attributes off, cursor shown, alternate screen left. Where there is none:
 * character set G0, scroll region whole, and a clear screen, so that the prompt does not stand in the middle of old rows.
 */
export function restoring(term: string): string {
  return `\x1b[m\x1b[?25h${hasAlternateScreen(term) ? '\x1b[?1049l' : '\x0f\x1b[r\x1b[H\x1b[J'}`
}

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

let withShell = false

/** While the job is stopped the terminal is the shell's, already as it was and not to be written to. */
export function terminalIsOurs(): boolean {
  return !withShell
}

/** Whether this job has the terminal: its process group is the terminal's (fields pgrp and tpgid, proc(5)). */
function inForeground(): boolean {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return fields[2] === fields[5]
  } catch {
    return true
  }
}

/** Writes at once and without the event loop, since the process may be about to end. A terminal that has gone is no error. */
export function writeNow(text: string): void {
  try {
    writeSync(1, text)
  } catch {
    // EIO, EPIPE, EAGAIN: nobody is there to read it.
  }
}

export interface Ending {
  /** the exit status; 128 + n for a signal, as shells count */
  readonly code: number
  /** what is said after the terminal is restored */
  readonly message?: string
}

/**
 * Calls back once, for whatever ends the program from outside: signals, the end of the terminal, an error that nobody caught.
 * Returns a function that stops listening.
 */
export function onEnding(end: (ending: Ending) => void): () => void {
  const signals = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130, SIGQUIT: 131 } as const
  const undo: (() => void)[] = []
  const on = <A extends unknown[]>(
    target: NodeJS.EventEmitter,
    name: string,
    listener: (...args: A) => void,
  ) => {
    target.on(name, listener as (...args: unknown[]) => void)
    undo.push(() => target.off(name, listener as (...args: unknown[]) => void))
  }
  for (const [signal, code] of Object.entries(signals)) on(process, signal, () => end({ code }))
  on(process.stdin, 'end', () => end({ code: 129 }))
  on(process.stdin, 'error', () => end({ code: 129 }))
  on(process.stdout, 'error', () => end({ code: 129 }))
  on(process, 'uncaughtException', (error: unknown) => end({ code: 70, message: errorReport(error) }))
  on(process, 'unhandledRejection', (error: unknown) => end({ code: 70, message: errorReport(error) }))
  return () => {
    for (const one of undo) one()
  }
}

export function errorReport(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `vdd stopped because of an error in itself:\n${text.replace(/[^\n\x20-\x7e]/g, '?')}\n`
}
