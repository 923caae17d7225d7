/** Runs a command on a host with this process's terminal, as the console does. Its one argument is JSON. */
import { LocalHost } from '../../../src/hosts/local.ts'
import { SshHost } from '../../../src/hosts/ssh.ts'

const { settings, surroundings, argv } = JSON.parse(process.argv[2] ?? '{}')
const host = settings ? new SshHost(settings, { surroundings }) : new LocalHost()
process.stdin.setRawMode(true) // as Ink has it
try {
  const code = await host.terminal(argv, { stdin: process.stdin, stdout: process.stdout })
  process.stdout.write(`\r\ncode=${code} raw=${process.stdin.isRaw}\r\n`)
} catch (error) {
  process.stdout.write(
    `\r\nerror=${error instanceof Error ? error.message : error} raw=${process.stdin.isRaw}\r\n`,
  )
}
await host.close()
process.stdin.setRawMode(false)
process.exit()
