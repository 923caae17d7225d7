import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readlinkSync, writeSync } from 'node:fs'

/** Where bytes go to. */
export interface Wire {
  /** Writes what is taken at once and never waits; returns how many bytes that were. Throws when the terminal has gone. */
  write(bytes: Uint8Array): number
}

/**
 * The terminal of standard output, opened once more: to be non-blocking is a matter of the open file, and the one that was
 * inherited is shared with the shell. Where it cannot be opened (another user's), the inherited one is written to, and that may wait.
 */
export class TtyWire implements Wire {
  readonly #file: number
  readonly #isOwn: boolean

  constructor(paths: readonly string[] = ['/proc/self/fd/1', '/dev/tty']) {
    let file: number | undefined
    for (const path of paths) file ??= opened(path)
    this.#file = file ?? 1
    this.#isOwn = file !== undefined
  }

  write(bytes: Uint8Array): number {
    try {
      return writeSync(this.#file, bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
      throw error
    }
  }

  close(): void {
    if (this.#isOwn) closeSync(this.#file)
  }
}

/** Another user's terminal (after su) may not be opened by its name. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return undefined
  }
}

/** What is known of the line to the terminal. */
export interface LineFacts {
  /** bits a second, as the terminal driver is told; `undefined` where that says nothing */
  readonly baud: number | undefined
  /** the terminal stops the output by XOFF and starts it by XON (IXON, termios(3)) */
  readonly flowControl: boolean
}

/**
 * Asks the terminal driver by stty(1). The speed of a pseudo terminal or a virtual console is only a number, 38400 by custom;
 * but sshd hands on the speed of the client's terminal (RFC 4254, 8), so a lower one is true. `undefined`: there is no stty, or it
 * says nothing of this terminal.
 */
export function askLine(): LineFacts | undefined {
  const modes = stty('-a')
  if (!modes) return undefined
  const speed = Number(/speed (\d+) baud/.exec(modes)?.[1] ?? 0)
  const serial = /^\/dev\/tty[A-Z]/.test(nameOfInput())
  return {
    baud: speed > 0 && (serial || speed < 38_400) ? speed : undefined,
    flowControl: /(^|[\s;])ixon/.test(modes),
  }
}

/**
 * Sets the modes of a full-screen program, and returns what gives back those from before. Not by Node's setRawMode: that one
 * takes XON/XOFF away, without which a terminal on a serial line loses characters; and Node sets the modes once more when it ends, which
 * stops a program that has been put in the background.
 */
export function takeModes({ flowControl }: Pick<LineFacts, 'flowControl'>): () => void {
  const before = stty('-g')?.trim()
  stty(...(flowControl ? [...rawModes, 'ixon'] : rawModes))
  return () => {
    // A line that XOFF stopped never drains, and GNU's stty waits for that; others do not know the word.
    if (before && stty('-drain', before) === undefined) stty(before)
  }
}

/** cfmakeraw(3), but a line feed goes to the first column; tabs reach the terminal as they are. */
export const rawModes = [
  '-brkint',
  '-icrnl',
  '-inpck',
  '-istrip',
  '-ixon',
  '-icanon',
  '-echo',
  '-iexten',
  '-isig',
  'cs8',
].concat(['opost', 'onlcr', 'tab0', 'min', '1', 'time', '0'])

/** What it says; `undefined`: it could not be run, or refuses. */
export function stty(...modes: string[]): string | undefined {
  try {
    return execFileSync('stty', modes, {
      encoding: 'utf8',
      stdio: ['inherit', 'pipe', 'ignore'],
      timeout: 2000,
    })
  } catch {
    return undefined
  }
}

function nameOfInput(): string {
  try {
    return readlinkSync('/proc/self/fd/0')
  } catch {
    return ''
  }
}
