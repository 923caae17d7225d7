import { vi } from 'vitest'
// What the program loads when it comes to need it: while the clock stands, nothing is loaded.
import '../../src/broker/ready.ts'
import '../../src/cli/alert-test.ts'
import '../../src/cli/at.ts'
import '../../src/cli/caller.ts'
import '../../src/cli/catalogue-check.ts'
import '../../src/cli/configured.ts'
import '../../src/cli/serve-desk.ts'
import '../../src/demo/catalogue.ts'
import '../../src/desk/attach.ts'
import '../../src/fleet/open-demo.ts'
import '../../src/fleet/servers.ts'
import '../../src/config/files.ts'
import '../../src/hosts/local.ts'
import '../../src/outside/metrics/table.ts'
import '../../src/outside/metrics/text.ts'
import '../../src/hosts/ssh.ts'
import '../../src/services/hardware/script.ts'
import '../../src/services/terminal-facts.ts'
import { commandLine } from '../../src/cli/program.ts'
import { freeze, passUntil, settle, thaw } from './frozen.ts'

/**
 * What a command line prints and how it ends. To each its own time, which begins anew: that one takes longer is no change of the
 * others. `begun` is called then.
 */
export async function run(argv: readonly string[], begun?: () => void): Promise<string> {
  freeze()
  begun?.()
  let [out, err] = ['', '']
  const keep = (take: (text: string) => void) =>
    ((text: string) => {
      take(String(text))
      return true
    }) as typeof process.stdout.write
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(
      keep((text) => {
        out += text
      }),
    ),
    vi.spyOn(process.stderr, 'write').mockImplementation(
      keep((text) => {
        err += text
      }),
    ),
  ]
  try {
    const ending = commandLine(async () => 0, '0')(argv)
    // Until all is loaded that it begins with.
    await settle(100)
    const code = await passUntil(ending)
    return `$ vdd ${argv.join(' ')}\n${out}${err && `== standard error\n${err}`}== status ${code}\n`
  } finally {
    for (const spy of spies) spy.mockRestore()
    thaw()
  }
}
