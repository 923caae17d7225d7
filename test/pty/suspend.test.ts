import { describe, expect, it } from 'vitest'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { launcher, open, wide } from './support/vdd.ts'

const places = [
  ['a VT100', {}],
  ['a terminal with a second screen', wide],
] as const

/** A person's shell, with job control; what it prints is told from what is typed by the quotes. */
async function openShell(
  file: string,
  args: readonly string[],
  place: Parameters<typeof open>[2],
): Promise<TerminalUnderTest> {
  const terminal = open(file, args, { ...place, env: { ...place?.env, PS1: 'ready$ ' } })
  await terminal.until('ready$')
  return terminal
}

/** The shell waits for a command. */
const prompt = /ready\$\s*$/

const isStopped = (terminal: TerminalUnderTest) =>
  terminal
    .processes()
    .filter(({ command }) => /vdd|main\.mjs/.test(command))
    .every(({ state }) => state === 'T')

describe.each(places)('^Z on %s', (_, place) => {
  it('stops the whole job, gives the shell its terminal, and fg brings the same screen back', async () => {
    const terminal = await openShell('bash', ['--norc', '-i'], place)
    terminal.type(`${launcher} demo\r`)
    await terminal.until('all fresh')
    terminal.type('2/ldap\r')
    await terminal.until('filter: ldap')
    terminal.press('down', '\x1a')
    await terminal.until(/Stopped .*vdd demo/)
    expect(isStopped(terminal), JSON.stringify(terminal.processes())).toBe(true)
    expect(terminal.isAlternate).toBe(false)
    expect(terminal.cursorIsShown).toBe(true)
    expect(terminal.shows('NAME^')).toBe(false)
    terminal.type('echo a"b"c\r')
    await terminal.until('abc')
    terminal.type('fg\r')
    await terminal.until('filter: ldap')
    await terminal.until(/^> ldap-02/m)
    expect(terminal.shows('ready$')).toBe(false)
    expect(terminal.screen()[0]).toMatch(/^ vdd /)
    expect(terminal.cursorIsShown).toBe(!('columns' in place))
    expect(terminal.isAlternate).toBe('columns' in place)
    terminal.press('up')
    await terminal.until(/^> ldap-01/m)
    terminal.press('q')
    await terminal.until(prompt)
    terminal.type('echo status="$?"\r')
    await terminal.until('status=0')
  })

  it('gives a shell that sets no modes itself the modes from before', async () => {
    const terminal = await openShell('/bin/sh', ['-i'], place)
    const before = terminal.modes()
    terminal.type(`${launcher} demo\r`)
    await terminal.until('all fresh')
    const within = terminal.modes()
    expect(within).not.toBe(before)
    for (let times = 0; times < 2; times++) {
      terminal.press('\x1a')
      await terminal.until(prompt)
      expect(terminal.modes()).toBe(before)
      terminal.type('fg\r')
      await terminal.until('all fresh')
      await terminal.until(() => terminal.modes() === within)
    }
    terminal.press('q')
    await terminal.until(prompt)
    expect(terminal.modes()).toBe(before)
  })
})

describe('suspending', () => {
  it('comes back at the size that the window has then', async () => {
    const terminal = await openShell('bash', ['--norc', '-i'], wide)
    terminal.type(`${launcher} demo\r`)
    await terminal.until('all fresh')
    terminal.press('\x1a')
    await terminal.until('Stopped')
    terminal.resize(100, 30)
    terminal.type('echo a"b"c; fg\r')
    await terminal.until(() => /q Quit/.test(terminal.screen()[29] ?? ''))
    expect(terminal.screen()[0]).toMatch(/^ vdd .*\d\d:\d\d:\d\d$/)
    expect(terminal.screen()[0]).toHaveLength(99)
  })

  it('does nothing where no shell could bring it back', async () => {
    const terminal = open(launcher, ['demo'])
    await terminal.until('all fresh')
    terminal.press('\x1a', '2')
    await terminal.until('NAME^')
  })

  it('by a signal from elsewhere is survived too: the screen and the modes come back', async () => {
    const terminal = await openShell('bash', ['--norc', '-i'], {})
    terminal.type(`${launcher} demo\r`)
    await terminal.until('all fresh')
    const within = terminal.modes()
    const stopped = terminal
      .processes()
      .filter(({ command }) => /bin\/vdd|main\.mjs|vdd\.image/.test(command))
    for (const { pid } of stopped) process.kill(pid, 'SIGSTOP')
    await terminal.until('Stopped')
    terminal.type('echo a"b"c\r')
    await terminal.until('abc')
    terminal.type('fg\r')
    await terminal.until(() => (terminal.screen()[0] ?? '').startsWith(' vdd '))
    await terminal.until(() => terminal.modes() === within)
    // A repaint goes in portions.
    await terminal.until(() => !terminal.shows('abc'))
    terminal.press('2')
    await terminal.until('NAME^')
  })

  it('is left by ending the stopped job, which leaves nothing and does not touch the screen of the shell', async () => {
    const terminal = await openShell('bash', ['--norc', '-i'], {})
    terminal.type(`${launcher} demo\r`)
    await terminal.until('all fresh')
    terminal.press('\x1a')
    await terminal.until('Stopped')
    terminal.type('echo a"b"c; kill %1\r')
    await terminal.until(() => terminal.processes().length === 1)
    terminal.type('echo d"e"f\r')
    await terminal.until('def')
    expect(terminal.shows('abc')).toBe(true)
    expect(terminal.processes()).toMatchObject([{ command: 'bash --norc -i' }])
  })
})
