import { describe, expect, it } from 'vitest'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { openInShell, program, root, wide } from './support/vdd.ts'

const places = [
  ['a VT100', {}],
  ['a terminal with a second screen', wide],
] as const

/** What goes on when the end comes. */
const situations = [
  ['the screen shows machines', '2', 'NAME^'],
  ['a dialog is open', '2/windows-01\rd', 'This will run:'],
  ['a text is typed', '2:mig', ':mig'],
  ['a machine has the terminal', '2/windows-01\rc', 'login:'],
] as const

/** How it ends, and with which status. */
const ways: readonly (readonly [name: string, end: (terminal: TerminalUnderTest) => void, status: number])[] =
  [
    ['SIGTERM', (terminal) => process.kill(program(terminal), 'SIGTERM'), 143],
    ['SIGHUP', (terminal) => process.kill(program(terminal), 'SIGHUP'), 129],
    ['SIGINT', (terminal) => process.kill(program(terminal), 'SIGINT'), 130],
    ['SIGKILL', (terminal) => process.kill(program(terminal), 'SIGKILL'), 137],
    ['an error that nobody caught', (terminal) => process.kill(program(terminal), 'SIGUSR2'), 70],
  ]

const found = (terminal: TerminalUnderTest, pattern: RegExp) => pattern.exec(terminal.output)?.[1]

describe.each(places)('on %s', (_, place) => {
  describe.each(situations)('while %s', (_title, keys, sign) => {
    it.each(ways)('%s gives the terminal back as it was, in few bytes', async (way, end, status) => {
      const env = {
        ...('env' in place ? place.env : {}),
        NODE_OPTIONS: `--import ${root}test/pty/support/fault.mjs`,
        VDD_TEST_FAULT: 'rejected',
      }
      const terminal = openInShell('--no-clock --interval 600 demo', { ...place, env })
      await terminal.until('all fresh')
      terminal.type(keys)
      await terminal.until(sign)
      await terminal.quiet()
      const before = terminal.output.length
      end(terminal)
      await terminal.ended()
      await terminal.until(() => terminal.processes().length === 0)
      expect(found(terminal, /status=(\d+)/)).toBe(String(status))
      expect(found(terminal, /after=(\S+)/)).toBe(found(terminal, /before=(\S+)/))
      expect(terminal.isAlternate).toBe(false)
      expect(terminal.cursorIsShown).toBe(true)
      expect(terminal.looks('THE END')).toEqual({ inverse: false, bold: false, coloured: false })
      const said = way.startsWith('an error') ? 'vdd stopped because' : 'status='
      const sent = terminal.output.slice(before, terminal.output.indexOf(said, before))
      // The shell tells of a killed program itself.
      const own = sent.replace(/[^\x1b]*(Killed|Terminated).*/s, '')
      // A tab stop at every eighth of up to 132 columns takes 101 of them.
      expect(own.length, JSON.stringify(own)).toBeLessThanOrEqual(140)
    })

    it('a terminal that goes away ends it within a second', async () => {
      const terminal = openInShell('demo', place)
      await terminal.until('all fresh')
      terminal.type(keys)
      await terminal.until(sign)
      const pid = program(terminal)
      terminal.hangUp()
      await terminal.until(() => !terminal.processes().some((one) => one.pid === pid))
    })
  })
})
