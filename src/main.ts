import { writeSync } from 'node:fs'

declare const VDD_VERSION: string

// Whoever reads may have enough, which is no error; what could not be written (a full disk) is one.
if (!process.stdout.isTTY)
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') writeSync(2, `vdd: standard output: ${message}\n`)
    process.exit(code === 'EPIPE' ? 0 : 1)
  })

const argv = process.argv.slice(2)
// The version alone is told without all the rest.
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${VDD_VERSION}\n`)
else process.exitCode = await (await import('./start.ts')).start(argv, VDD_VERSION)
// Only when all is written, or has failed to be.
process.stdout.write('', () => setImmediate(() => process.exit()))
