import { describe, expect, it } from 'vitest'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { isProgram, open, openInShell, openVdd, program, wide } from './support/vdd.ts'

const choices = 'Che cosa vuoi aprire?'
const small = { columns: 40, rows: 15, env: { TERM: 'vt100', LANG: 'it_IT' } }

/** All that a keyboard can do to a program of a terminal in line mode: ^C, ^Z, ^\, ^D, and what else might stop it. */
const wayOut = ['\x03', '\x1a', '\x1c', '\x04', '\x19', '\x03', '\x03']

async function openDesk(args: readonly string[] = [], place = small): Promise<TerminalUnderTest> {
  const terminal = openVdd(['desk', '--demo', ...args], place)
  await terminal.until('1  Debian')
  return terminal
}

describe('the desk', () => {
  it('opens a desktop by keys, waits below it, and closes it', async () => {
    const terminal = await openDesk()
    terminal.press('1')
    await terminal.until('Quale desktop?')
    terminal.press('down', 'enter')
    await terminal.until("Debian, Xfce e' aperto")
    terminal.press('esc')
    await terminal.until('I tuoi desktop aperti')
    terminal.press('c')
    await terminal.until('Chiudo Debian, Xfce?')
    terminal.press('1')
    await terminal.until(() => terminal.shows(choices) && !terminal.shows('I tuoi desktop aperti'))
  })

  it.each([
    ['a VT100 of 40x15', small],
    ['a terminal with a second screen', { ...wide, env: { ...wide.env, LC_ALL: 'it_IT.UTF-8' } }],
  ])('leaves %s as it was', async (_, place) => {
    const terminal = openInShell('desk --demo', place)
    await terminal.until('1  Debian')
    terminal.press('esc')
    await terminal.until('Vuoi uscire?')
    terminal.press('enter')
    await terminal.ended()
    const found = (pattern: RegExp) => pattern.exec(terminal.output)?.[1]
    expect(found(/status=(\d+)/)).toBe('0')
    expect(found(/after=(\S+)/)).toBe(found(/before=(\S+)/))
    expect(terminal.cursorIsShown).toBe(true)
    expect(terminal.isAlternate).toBe(false)
    expect(terminal.shows(choices)).toBe(false)
  })

  it('never shows a password, nor how one is echoed before', async () => {
    const terminal = await openDesk()
    terminal.press('3')
    await terminal.until('Password di anna:')
    terminal.type('zebra7')
    await terminal.until('> ******')
    terminal.press('enter')
    await terminal.until('tentativo 2 di 3')
    terminal.type('demo\r')
    await terminal.until("e' aperto")
    expect(terminal.output).not.toMatch(/zebra7|demo/)
  })

  it('changes the language by a key, and is drawn anew in another window', async () => {
    const terminal = await openDesk()
    terminal.press('l')
    await terminal.until('What would you like to open?')
    terminal.resize(80, 24)
    await terminal.until('For every day: write, browse, draw')
  })
})

describe('a locked desk', () => {
  it('is left for nothing that a keyboard sends', async () => {
    const terminal = await openDesk(['--locked'])
    const before = program(terminal)
    for (const key of wayOut) {
      terminal.type(key)
      await terminal.quiet()
    }
    expect(terminal.exit).toBeUndefined()
    expect(terminal.processes().filter(isProgram)).toMatchObject([{ pid: before, state: /[SR]/ }])
    if (terminal.shows('Vuoi uscire?')) terminal.press('esc')
    await terminal.until(choices)
  })

  it.each(['SIGINT', 'SIGQUIT'] as const)('hears no %s', async (signal) => {
    const terminal = await openDesk(['--locked'])
    process.kill(program(terminal), signal)
    terminal.press('l')
    await terminal.until('What would you like to open?')
  })

  it('goes with its terminal', async () => {
    const terminal = await openDesk(['--locked'])
    terminal.hangUp()
    await terminal.until(() => terminal.processes().length === 0)
  })

  it('ends when the person logs out, and a shell that it took the place of does not come back', async () => {
    const script = `exec "$0" desk --demo --locked; echo A SHELL`
    const terminal = open('/bin/sh', ['-c', script, `${process.cwd()}/bin/vdd`], small)
    await terminal.until('1  Debian')
    terminal.press('esc')
    await terminal.until('Vuoi uscire?')
    terminal.press('1')
    await terminal.ended()
    expect(terminal.output).not.toContain('A SHELL')
  })

  it('line by line is left for nothing that a keyboard sends either, and puts the terminal right', async () => {
    const place = { ...small, columns: 80, rows: 24 }
    const terminal = openInShell('desk --demo --locked --plain', place)
    await terminal.until('0 torna indietro')
    for (const key of wayOut) terminal.type(key)
    terminal.type('\r3\r')
    await terminal.until('Password di anna:')
    terminal.type('zebra7\r')
    await terminal.until('tentativo 2 di 3')
    terminal.type('\r')
    await terminal.until(() => terminal.output.split('0 torna indietro').length === 3)
    terminal.type('0\r')
    await terminal.until('Vuoi uscire?')
    terminal.type('1\r')
    await terminal.ended()
    expect(terminal.output).not.toContain('zebra7')
    const found = (pattern: RegExp) => pattern.exec(terminal.output)?.[1]
    expect(found(/after=(\S+)/)).toBe(found(/before=(\S+)/))
    expect(found(/status=(\d+)/)).toBe('0')
  })
})
