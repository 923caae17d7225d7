import { appendFileSync } from 'node:fs'
import { commandText } from '../actions/step-text.ts'
import { type Trace, whyOf } from '../hosts/host.ts'
import { say } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'

/** The diagnostic log: what was asked of which host, how long it took, what failed. Standard input is never in it. */
export function traceTo(file: string): (trace: Trace) => void {
  const write = (line: string) => appendFileSync(file, `${line}\n`, { mode: 0o600 })
  try {
    write(`${new Date().toISOString()} vdd started, pid ${process.pid}`)
  } catch (error) {
    throw new Failure(exit.usage, say`--log: ${whyOf(error)}`)
  }
  return ({ host, argv, ms, outcome }) => {
    try {
      write(`${new Date().toISOString()} ${host} ${Math.round(ms)}ms ${commandText(argv)}: ${outcome}`)
    } catch {
      // A full disk must not stop the console.
    }
  }
}
