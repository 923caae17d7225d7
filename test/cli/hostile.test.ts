import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { commandLine, programOf } from '../../src/cli/program.ts'

/** A title, a colour by an 8-bit control, a text turned round, a rubout, a tab and a return. */
const hostile = 'x\u001b]0;owned\u0007\u009b31m\u202e\u007f\t\r\u200by'

/** What a terminal would act on, or would not show; the ends of lines are what they are. */
const acting = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u

let said = ''

async function vdd(...argv: string[]): Promise<number> {
  said = ''
  return await commandLine(async () => 0, '0')(argv)
}

/** Every verb: `machine list`. */
function verbs(): string[][] {
  const { all } = programOf({ openConsole: async () => 0, version: '0', finish: () => {} })
  return all.filter(({ commands }) => !commands.length).map(({ path }) => path.split(' '))
}

describe('text that came from the command line', () => {
  beforeEach(() => {
    const hear = (text: unknown) => {
      said += String(text)
      return true
    }
    vi.spyOn(process.stdout, 'write').mockImplementation(hear)
    vi.spyOn(process.stderr, 'write').mockImplementation(hear)
  })
  afterEach(() => vi.restoreAllMocks())

  const expectPrintable = (what: string) =>
    expect([what, acting.exec(said.replaceAll('\n', ''))?.[0]]).toEqual([what, undefined])

  it('does nothing to the terminal, whichever verb it is given to', async () => {
    const all = verbs()
    expect(all.length).toBeGreaterThan(30)
    for (const verb of all) {
      for (const words of [
        [hostile, hostile],
        [`--${hostile}`],
        [`--json${hostile}`, '--json'],
        ['--for', hostile],
      ]) {
        // What goes on until it is ended has nothing to say of names.
        if (verb.join(' ') === 'fd watch' && !words.some((word) => word.startsWith('--'))) continue
        const code = await vdd('--demo', ...verb, ...words)
        expectPrintable(`${verb.join(' ')} ${JSON.stringify(words)}: ${code}`)
        expect([0, 2, 3, 6, 7], `${verb.join(' ')} ${JSON.stringify(words)}`).toContain(code)
      }
    }
  }, 120_000)

  it.each([
    [hostile],
    ['machine', hostile],
    ['help', hostile],
    ['--interval', hostile, 'machine', 'list'],
    ['--config', hostile, 'machine', 'list'],
    ['--config', hostile, 'machine', 'list', '--json'],
    ['--config', hostile, 'config', 'path'],
    ['--config', hostile, 'config', 'check'],
    ['--config', hostile, 'config', 'check', '--json'],
    ['--demo', 'machine', 'list', '--sort', hostile],
  ])('does nothing to the terminal in %j', async (...argv) => {
    const words = argv.flat() as string[]
    await vdd(...words)
    expectPrintable(words.join(' '))
    expect(said).not.toBe('')
  })

  it('leaves by one way: nothing else of the verbs writes to the terminal but progress that is a label', () => {
    const writers = readdirSync('src/cli').filter((name) =>
      /process\.std(out|err)\.write\(/.test(readFileSync(join('src/cli', name), 'utf8')),
    )
    expect(writers).toEqual(['change.ts', 'output.ts'])
  })
})
