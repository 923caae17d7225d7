import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { foreignControls } from '../support/controls.ts'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { launcher, openVdd, surroundings } from './support/vdd.ts'

const terminals = [
  ['vt100', 'C'],
  ['vt102', 'C'],
  ['vt220', 'C'],
  ['linux', 'C.UTF-8'],
  ['xterm', 'C'],
  ['xterm-256color', 'C.UTF-8'],
  ['screen', 'C.UTF-8'],
  ['tmux', 'C.UTF-8'],
] as const

/** A screen that changes only by keys: no clock, and hosts that are asked once in ten minutes. */
const still = ['--no-clock', '--interval', '600', 'demo']

/** Through all that the console can show. */
async function tour(terminal: TerminalUnderTest): Promise<void> {
  await terminal.until('all fresh')
  terminal.press('2')
  await terminal.until('NAME^')
  terminal.press('down', 'down', 'o', 'O', ' ', '/')
  terminal.type('ldap\r')
  await terminal.until('filter: ldap')
  terminal.press('esc', 'end', 'home')
  await terminal.until(/^> *\*? *\w/m)
  terminal.type('/windows-01\rm')
  await terminal.until('To which host?')
  terminal.press('esc', 'enter')
  await terminal.until('virtio')
  terminal.press('x')
  await terminal.until('<domain')
  terminal.press('pagedown', 'pageup', '?')
  await terminal.until('all marked ones')
  terminal.press('pagedown', '4')
  await terminal.until('WHAT')
  terminal.press('2', ':')
  terminal.type('mig')
  await terminal.until(':mig')
  terminal.press('esc')
  await terminal.until(() => !terminal.shows(':mig'))
  terminal.press('esc')
  await terminal.until(() => !terminal.shows('filter:'))
}

/** All that is on the screen, with how it looks and where the cursor is. Of a blank only its background is seen. */
const everything = (terminal: TerminalUnderTest) => ({
  lines: terminal.screen(),
  looks: terminal
    .screen()
    .map((line, row) =>
      terminal.row(row).map((looks, column) => ((line[column] ?? ' ') === ' ' ? looks?.inverse : looks)),
    ),
  cursor: terminal.cursorIsShown ? terminal.cursor : undefined,
})

describe.each(terminals)('on %s', (term, locale) => {
  it('nothing is sent that it does not know, and what it shows in the end is what a repaint shows', async () => {
    const terminal = openVdd(still, { env: { TERM: term, LANG: locale } })
    await tour(terminal)
    await terminal.quiet()
    const before = everything(terminal)
    expect(before.lines[0]).toContain('[2 Machines]')
    const from = terminal.output.length
    terminal.press('\f')
    await terminal.until(() => terminal.output.length > from + 500)
    await terminal.quiet()
    expect(everything(terminal)).toEqual(before)
    terminal.press('q')
    await terminal.ended()
    expect(foreignControls(terminal.output, term, /UTF/.test(locale))).toEqual([])
  })
})

describe('a window', () => {
  it('that changes its size again and again, down to 1x1, shows the whole screen in the end', async () => {
    const terminal = openVdd(still, { env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' } })
    await terminal.until('all fresh')
    terminal.press('2')
    await terminal.until('NAME^')
    const sizes = [
      [40, 10],
      [1, 1],
      [132, 43],
      [2, 50],
      [200, 1],
      [61, 13],
      [80, 24],
      [79, 24],
      [80, 23],
      [133, 50],
    ] as const
    for (let i = 0; i < 40; i++) {
      const [columns, rows] = sizes[i % sizes.length] ?? [80, 24]
      terminal.resize(columns, rows)
      if (i % 3) await new Promise(setImmediate)
      if (i % 7 === 0) terminal.press('down')
    }
    terminal.resize(80, 24)
    await terminal.until(/^ vdd .*\n +NAME\^[\s\S]*q Quit$/m)
    await terminal.quiet()
    const before = everything(terminal)
    const from = terminal.output.length
    terminal.press('\f')
    await terminal.until(() => terminal.output.length > from + 500)
    await terminal.quiet()
    expect(everything(terminal)).toEqual(before)
  })

  it('of 1x1 is survived, and the keys work in it', async () => {
    const terminal = openVdd(still, { columns: 1, rows: 1 })
    await terminal.until(() => terminal.output.length > 10)
    terminal.press('q')
    expect(await terminal.ended()).toMatchObject({ code: 0 })
  })
})

describe('a terminal', () => {
  it('of which nothing is known is drawn on as plainly as possible, and that is said', async () => {
    const terminal = openVdd(still, { env: { TERM: 'no-such-thing' } })
    await terminal.until('TERM=no-such-thing is not known here')
    await terminal.until('all fresh')
    terminal.press('2')
    await terminal.until('NAME^')
    expect(terminal.output).not.toMatch(/\x1b\[[\d;]*r/)
    terminal.press('q')
    expect(await terminal.ended()).toMatchObject({ code: 0 })
  })

  it.each([
    ['dumb', 'no full screen'],
    ['vt52', 'does not understand the controls of a VT100'],
  ])('that is a %s is refused with a word on the verbs', async (term, why) => {
    const terminal = openVdd(['demo'], { env: { TERM: term } })
    expect(await terminal.ended()).toMatchObject({ code: 2 })
    expect(terminal.screen().join(' ')).toContain(why)
    expect(terminal.screen().join(' ')).toContain('vdd --help')
  })
})

describe('line by line', () => {
  it('a terminal gets no control at all, whatever it is, and its own line editing stays', async () => {
    const terminal = openVdd(['--plain', 'demo'], { env: { TERM: 'dumb' } })
    await terminal.until('Needs attention:')
    expect(terminal.modes('-a')).toMatch(/ icanon/)
    terminal.type('machinez\x7fs windows\r')
    await terminal.until(/^1 windows-01, running/m)
    terminal.type('2\r')
    await terminal.until(/^Name: windows-02/m)
    terminal.type('quit\r')
    expect(await terminal.ended()).toMatchObject({ code: 0 })
    expect(terminal.output.replace(/[\b\r\n]/g, '')).not.toMatch(/[\x00-\x1f\x7f]/)
  })

  it('no word is cut at the edge of a narrow terminal', async () => {
    const terminal = openVdd(['--plain', 'demo'], { columns: 32 })
    // What it begins with may be longer than the screen.
    await expect.poll(() => terminal.output).toContain('Needs attention:')
    terminal.type('help\r')
    terminal.type('quit\r')
    expect(await terminal.ended()).toMatchObject({ code: 0 })
    const lines = terminal.output.split(/\r?\n/)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(32)
    const words = (text: string) => text.split(/\s+/).filter(Boolean)
    const { stdout } = spawnSync(launcher, ['--plain', 'demo'], {
      env: surroundings(),
      input: 'help\nquit\n',
      encoding: 'utf8',
      timeout: 60_000,
    })
    const [longest = ''] = stdout.split('\n').sort((a, b) => b.length - a.length)
    expect(longest.length).toBeGreaterThan(64)
    expect(words(terminal.output).join(' ')).toContain(words(longest).join(' '))
  })

  it('a machine gets the terminal alone, and ^] gives it back', async () => {
    const terminal = openVdd(['--plain', 'demo'])
    await terminal.until('Needs attention:')
    terminal.type('console windows-01\r')
    await terminal.until('login:')
    terminal.type('quit\r')
    await terminal.until('login: quit')
    terminal.press('\x1d')
    await terminal.until('Back in the console of the cluster.')
    terminal.type('status\r')
    await terminal.until(/Back in the console[\s\S]*^cluster demo/m)
    terminal.type('quit\r')
    expect(await terminal.ended()).toMatchObject({ code: 0 })
  })

  it('a line without an end does no harm', () => {
    const { status, stdout } = spawnSync(launcher, ['--plain', 'demo'], {
      env: surroundings(),
      input: `${'x'.repeat(30_000_000)}\nstatus\n`,
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(status).toBe(0)
    expect(stdout.length).toBeLessThan(20_000)
    expect(stdout.match(/^cluster demo/gm)).toHaveLength(2)
  })

  it('goes on a pipe too, and ends with it; VDD_PLAIN asks for it as well', () => {
    const { status, stdout, stderr } = spawnSync(launcher, ['demo'], {
      env: surroundings({ VDD_PLAIN: '1' }),
      input: 'machines ldap-02\nstatus\n',
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^1 ldap-02, running/m)
    expect(stdout).not.toMatch(/\x1b/)
  })
})
