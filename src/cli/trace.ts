import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats, writeSync } from 'node:fs'
import { commandText } from '../actions/step-text.ts'
import { type Trace, whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'

/** The diagnostic log: what was asked of which host, how long it took, what failed. Standard input is never in it. */
export function traceTo(file: string): (trace: Trace) => void {
  const write = (line: string) => append(file, `${new Date().toISOString()} ${line}\n`)
  try {
    write(`vdd started, pid ${process.pid}`)
  } catch (error) {
    throw new Failure(exit.usage, say`--log: ${whyOf(error)}`)
  }
  return ({ host, argv, ms, outcome }) => {
    try {
      write(say`${label(host)} ${Math.round(ms)}ms ${commandText(argv)}: ${outcome}`)
    } catch {
      // A full disk must not stop the console.
    }
  }
}

/**
 * In a directory where others write too, one of them may have laid a link there, to have a file of this user written into, or a file of his
 * own, to read along. A pipe that nobody reads is not waited for.
 */
function append(file: string, text: string): void {
  const link = lstatSync(file, { throwIfNoEntry: false })
  if (link) mustBeOwn(file, link)
  const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants
  const opened = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600)
  try {
    mustBeOwn(file, fstatSync(opened))
    writeSync(opened, text)
  } finally {
    closeSync(opened)
  }
}

/** A terminal is whose it is. What is the machine's own nobody has laid there. */
function mustBeOwn(file: string, stats: Stats): void {
  const { uid } = stats
  if (!stats.isCharacterDevice() && uid !== process.getuid?.() && uid !== 0)
    throw new Error(`${file} is another user's`)
}
