import { describe, expect, it } from 'vitest'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { isProgram, launcher, launcherOf, open, openInShell, program, root, wide } from './support/vdd.ts'

const terminals = [
  ['a VT100', {}],
  ['a terminal with a second screen', wide],
] as const

/** The demo in a shell, with what is loaded into it. */
async function openDemo(place: Parameters<typeof openInShell>[1] = {}): Promise<TerminalUnderTest> {
  const terminal = openInShell('demo', place)
  await terminal.until('all fresh')
  return terminal
}

const found = (terminal: TerminalUnderTest, pattern: RegExp) => pattern.exec(terminal.output)?.[1]

/** The shell has the terminal back as it was, and nothing of vdd is left, neither on the screen nor running. */
async function expectRestored(terminal: TerminalUnderTest, status: number): Promise<void> {
  await terminal.ended()
  await terminal.until(() => terminal.processes().length === 0)
  expect(found(terminal, /status=(\d+)/)).toBe(String(status))
  expect(found(terminal, /after=(\S+)/)).toBe(found(terminal, /before=(\S+)/))
  expect(terminal.cursorIsShown).toBe(true)
  expect(terminal.isAlternate).toBe(false)
  expect(terminal.looks('THE END')).toEqual({ inverse: false, bold: false, coloured: false })
  expect(terminal.shows('LATEST EVENTS')).toBe(false)
  expect(terminal.line('THE END')).toBe('THE END')
  expect(terminal.line(/^A *B$/)).toBe('A       B')
  expect(terminal.cursor.column).toBe(0)
}

describe.each(terminals)('on %s', (_, place) => {
  it.each([
    ['q', 'q'],
    ['^C', '\x03'],
    [':quit', ':quit\r'],
  ])('%s leaves, and the terminal is as before', async (_name, keys) => {
    const terminal = await openDemo(place)
    terminal.type(keys)
    await expectRestored(terminal, 0)
    expect(terminal.output).not.toContain('Error')
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s to the launcher ends it, and the terminal is as before', async (signal, status) => {
    const terminal = await openDemo(place)
    process.kill(launcherOf(terminal), signal)
    await expectRestored(terminal, status)
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
    ['SIGKILL', 137],
    ['SIGSEGV', 139],
  ] as const)('%s to the program ends it, and the terminal is as before', async (signal, status) => {
    const terminal = await openDemo(place)
    process.kill(program(terminal), signal)
    await expectRestored(terminal, status)
  })

  it.each(['thrown', 'rejected', 'drawing'])(
    'an error that nobody caught (%s) is told once, after the terminal is as before',
    async (fault) => {
      const terminal = await openDemo({
        ...place,
        env: {
          ...('env' in place ? place.env : {}),
          NODE_OPTIONS: `--import ${root}test/pty/support/fault.mjs`,
          VDD_TEST_FAULT: fault,
        },
      })
      process.kill(program(terminal), 'SIGUSR2')
      await expectRestored(terminal, 70)
      expect(terminal.line('vdd stopped because of an error in itself:')).toBeDefined()
      expect(terminal.output.split('planted by a test').length - 1).toBe(1)
      const [before = '', after = ''] = terminal.output.split('vdd stopped because')
      expect(before.lastIndexOf('\x1b[?25h')).toBeGreaterThanOrEqual(before.lastIndexOf('\x1b[?25l'))
      expect(after).not.toMatch(/\x1b\[[\d;]*[HJK]/)
    },
  )

  it('a terminal that is taken away ends it, launcher and all', async () => {
    const terminal = await openDemo(place)
    terminal.hangUp()
    await terminal.until(() => terminal.processes().length === 0)
  })
})

describe('leaving', () => {
  it('is forced when the launcher alone is killed and its terminal goes', async () => {
    const terminal = await openDemo()
    process.kill(launcherOf(terminal), 'SIGKILL')
    await terminal.until(() => terminal.processes().length === 0)
  })

  it('is done, and the screen is put right, when the launcher alone is killed', async () => {
    // The shell stays: with it the terminal would go, and nothing could be put right any more.
    const terminal = open('/bin/sh', ['-c', `${launcher} demo; read _`], wide)
    await terminal.until('all fresh')
    process.kill(launcherOf(terminal), 'SIGKILL')
    await terminal.until(() => !terminal.processes().some(isProgram))
    await terminal.until(() => !terminal.isAlternate && terminal.cursorIsShown)
    terminal.press('enter')
    await terminal.until(() => terminal.processes().length === 0)
  })

  it('is finished by the launcher where the terminal was stopped by ^S, as soon as it goes on', async () => {
    // Else any key would let it go on.
    const script = `stty -ixany; ${launcher} demo; echo status=$?; echo THE END`
    const terminal = open('/bin/sh', ['-c', script], wide)
    await terminal.until('all fresh')
    terminal.type('2\x13')
    await terminal.quiet()
    terminal.type('q')
    await terminal.until(() => !terminal.processes().some(isProgram))
    expect(terminal.isAlternate).toBe(true)
    terminal.type('\x11')
    await terminal.until('THE END')
    expect(terminal.isAlternate).toBe(false)
    expect(terminal.cursorIsShown).toBe(true)
    expect(terminal.output).toContain('\x1b[?2004l')
  })

  it('in the middle of a repaint on a slow line leaves a cursor that is seen', async () => {
    const terminal = openInShell('--baud 1200 demo', { env: { TERM: 'vt220' } })
    await terminal.until('vdd  DEMO')
    await terminal.until('all fresh')
    terminal.press('2')
    await terminal.until('NAME^')
    process.kill(program(terminal), 'SIGTERM')
    await expectRestored(terminal, 143)
  })

  it('asks first while something is under way', async () => {
    const terminal = await openDemo()
    terminal.type('2/exam-02\rm\r\r')
    await terminal.until('This will run')
    terminal.press('y')
    await terminal.until(/Migrate exam-02 \d+%/)
    terminal.press('q')
    await terminal.until('Quit?')
    terminal.press('n')
    await terminal.until(() => !terminal.shows('Quit?'))
    terminal.press('q')
    await terminal.until('Quit?')
    terminal.press('y')
    await expectRestored(terminal, 0)
  })

  it('works from within the console of a machine by a signal, and the terminal is as before', async () => {
    const terminal = await openDemo()
    terminal.type('2c')
    await terminal.until('login:')
    process.kill(program(terminal), 'SIGTERM')
    await expectRestored(terminal, 143)
  })

  it('does not send the whole screen once more on the way out', async () => {
    const terminal = await openDemo()
    const before = terminal.output.length
    terminal.press('q')
    await terminal.ended()
    const after = terminal.output.slice(before)
    expect(after).not.toContain('LATEST EVENTS')
  })
})
