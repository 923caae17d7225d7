import { openFleet } from './cli/open.ts'
import { type OpenConsole, runCommandLine } from './cli/program.ts'
import { whoAmI } from './fleet/journal.ts'

declare const VDD_VERSION: string

const openConsole: OpenConsole = async (options, demo = {}) => {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write('vdd: the console needs a terminal; "vdd --help" shows the verbs for scripts\n')
    return 2
  }
  if (!process.env.TERM || process.env.TERM === 'dumb') {
    process.stderr.write(
      'vdd: TERM is "dumb": this terminal cannot show a full screen; "vdd --help" shows the verbs\n',
    )
    return 2
  }
  const fleet = openFleet(options, true, demo)
  // Bold and inverse are wanted on every terminal; which colours there are the theme knows (components/theme.ts).
  process.env.FORCE_COLOR = '1'
  const { showConsole } = await import('./screens/show.tsx')
  return await showConsole({ fleet, who: whoAmI(), colour: options.color !== false && !process.env.NO_COLOR })
}

// Whoever reads may have enough, which is no error; what could not be written (a full disk) is one.
if (!process.stdout.isTTY)
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.stderr.write(`vdd: standard output: ${message}\n`)
    process.exit(code === 'EPIPE' ? 0 : 1)
  })

process.exitCode = await runCommandLine(process.argv.slice(2), openConsole, VDD_VERSION)
// Only when all is written, or has failed to be.
if (!process.argv.includes('--follow')) process.stdout.write('', () => setImmediate(() => process.exit()))
