import { spawn } from 'node:child_process'
import type { Label } from '../../../hosts/label.ts'

/** Says something to the log of this machine (`journalctl -t vdd`), where there is one; nobody waits for it. */
export function tellMachineLog(what: Label): void {
  // The folder in which sudo leaves a program may be closed to whom it runs as.
  const child = spawn('logger', ['-t', 'vdd', '-p', 'user.err', '--', what], { stdio: 'ignore', cwd: '/' })
  child.on('error', () => {})
  child.unref()
}
