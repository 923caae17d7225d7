import { vi } from 'vitest'
import { runCommandLine } from '../../src/cli/program.ts'
import { freeze, passUntil, thaw } from './frozen.ts'

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
    const code = await passUntil(runCommandLine(argv, async () => 0, '0'))
    return `$ vdd ${argv.join(' ')}\n${out}${err && `== standard error\n${err}`}== status ${code}\n`
  } finally {
    for (const spy of spies) spy.mockRestore()
    thaw()
  }
}
