import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll } from 'vitest'
import { TerminalUnderTest } from '../../support/terminal.ts'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
export const launcher = join(root, 'bin', 'vdd')

interface Place {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  /** what a shell does on the terminal before vdd starts */
  readonly script?: string
  readonly silent?: boolean
}

const opened: TerminalUnderTest[] = []
const homes: string[] = []

beforeAll(() => {
  if (!existsSync(join(root, 'dist', 'main.mjs'))) throw new Error('not built: npm run build')
})

afterEach(() => {
  for (const terminal of opened.splice(0)) terminal.close()
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true })
})

/** The environment of a person who has never used vdd, in a home of their own. */
export function surroundings(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), 'vdd-pty-'))
  homes.push(home)
  return {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    TERM: 'vt100',
    LANG: 'C',
    TZ: 'UTC',
    ...env,
  }
}

export function open(
  file: string,
  args: readonly string[],
  { env, columns = 80, rows = 24, silent = false }: Place = {},
): TerminalUnderTest {
  const terminal = new TerminalUnderTest(file, args, { columns, rows, silent, env: surroundings(env) })
  opened.push(terminal)
  return terminal
}

export function openVdd(args: readonly string[] = [], place: Place = {}): TerminalUnderTest {
  const { script } = place
  if (script) return open('/bin/sh', ['-c', `${script}; exec "$0" "$@"`, launcher, ...args], place)
  return open(launcher, args, place)
}

/** On the Machines screen of the demo, when all hosts have answered. */
export async function openMachines(args: readonly string[] = [], place: Place = {}) {
  const terminal = openVdd(['demo', ...args], place)
  await terminal.until('all fresh')
  terminal.press('2')
  await terminal.until('NAME^')
  return terminal
}

/** Wide and colourful, as most terminals are today. */
export const wide: Place = { columns: 132, rows: 43, env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' } }

/** A shell that says how the terminal was before vdd and how it is after. */
export function openInShell(args: string, place: Place = {}): TerminalUnderTest {
  const script = `echo "before=$(stty -g)"; ${launcher} ${args}; echo "status=$?"; echo "after=$(stty -g)"; printf 'A\\tB\\n'; echo THE END`
  return open('/bin/sh', ['-c', script], place)
}

/** Whether this is the command line of vdd itself, loaded or from its image, and not that of its launcher; a desk calls itself one. */
export const isProgram = ({ command }: { readonly command: string }) =>
  /^\S*node .*(main\.mjs|vdd\.image)|^vdd desk\b/.test(command)

/** The process of vdd itself, not that of its launcher. */
export function program(terminal: TerminalUnderTest): number {
  const found = terminal.processes().find(isProgram)
  if (!found) throw new Error(`no program: ${terminal.processes().map(({ command }) => command)}`)
  return found.pid
}

/** The launcher's shell. */
export function launcherOf(terminal: TerminalUnderTest): number {
  const found = terminal.processes().find(({ command }) => /^\S*sh \S*bin\/vdd/.test(command))
  if (!found) throw new Error(`no launcher: ${terminal.processes().map(({ command }) => command)}`)
  return found.pid
}
