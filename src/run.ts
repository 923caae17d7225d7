import { accessSync, constants, writeSync } from 'node:fs'
import type { RunCommandLine } from './cli/program.ts'

declare const VDD_VERSION: string

/** As package.json says. */
export const version = VDD_VERSION

/** In a directory in which the user may not be no program can be started: as root from /root, `runuser -u vdd-desk -- vdd`. */
function leaveForbidden(): void {
  try {
    accessSync('.', constants.X_OK)
  } catch {
    process.chdir('/')
  }
}

/** Runs the command line and ends the process with its status. `load` brings what the version is told without. */
export async function run(argv: readonly string[], load: () => Promise<RunCommandLine>): Promise<void> {
  // Whoever reads may have enough, which is no error; what could not be written (a full disk) is one.
  if (!process.stdout.isTTY)
    process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') writeSync(2, `vdd: standard output: ${message}\n`)
      process.exit(code === 'EPIPE' ? 0 : 1)
    })
  leaveForbidden()
  if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${version}\n`)
  else process.exitCode = await (await load())(argv)
  // Only when all is written, or has failed to be.
  process.stdout.write('', () => setImmediate(() => process.exit()))
}
