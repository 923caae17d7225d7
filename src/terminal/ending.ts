/** How often it is looked whether the parent still lives, in milliseconds. */
const parentEvery = 500

/** The exit status that asks the launcher to put the terminal right: it took nothing when that was tried here. */
export const unrestored = 75

export interface Ending {
  /** the exit status; 128 + n for a signal, as shells count */
  readonly code: number
  /** what is said after the terminal is restored */
  readonly message?: string
}

/**
 * Calls back once, for whatever ends the program from outside: signals, the end of the terminal, an error that nobody caught.
 * Returns a function that stops listening. `input`: the end of standard input is the end too, as where a terminal went away.
 */
export function onEnding(end: (ending: Ending) => void, { input = true } = {}): () => void {
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
  if (input) on(process.stdin, 'end', () => end({ code: 129 }))
  on(process.stdin, 'error', () => end({ code: 129 }))
  on(process.stdout, 'error', () => end({ code: 129 }))
  on(process, 'uncaughtException', (error: unknown) => end({ code: 70, message: errorReport(error) }))
  on(process, 'unhandledRejection', (error: unknown) => end({ code: 70, message: errorReport(error) }))
  // The launcher killed alone leaves this process in the background of a shell that has the terminal again.
  const parent = process.ppid
  const watch = setInterval(() => process.ppid !== parent && end({ code: 129 }), parentEvery).unref()
  undo.push(() => clearInterval(watch))
  return () => {
    for (const one of undo) one()
  }
}

/**
 * Says to the launcher that the signal was heard and things are put away: the SIGALRM that it sends two seconds later ends only a program
 * that hears nothing.
 */
export function endsInOrder(): void {
  process.on('SIGALRM', () => {})
}

export function errorReport(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `vdd stopped because of an error in itself:\n${text.replace(/[^\n\x20-\x7e]/g, '?')}\n`
}
