import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { isProgram, launcher, open, openInShell, openVdd } from './support/vdd.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-desk-text-'))
  const system = { name: 'office', title: { it: 'Ufficio' }, keep: false, state: 'ready' }
  const machine = { name: 'desk1', address: 'desk1.example', port: 2222 }
  const say = (value: object) => `printf '%s\\n' '${JSON.stringify({ n: 1, last: true, ...value })}'`
  // The broker, as the one rule of sudo starts it.
  executable(
    'sudo',
    `[ "$*" = '-n -u vdd-desk /usr/local/bin/vdd desk-broker' ] || exit 1
    read -r asked
    case $asked in
      *systems*) ${say({ systems: [system] })} ;;
      *machine\\"*) ${say({ machine })} ;;
      *) ${say({ done: true })} ;;
    esac`,
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function executable(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
  chmodSync(join(folder, name), 0o755)
}

const place = () => ({ env: { LANG: 'it_IT', PATH: `${folder}:${process.env.PATH}` } })

/** The desk at a terminal without an X display, where ssh is a script. */
async function openDesk(
  ssh: string,
  start = () => openVdd(['desk', '--locked'], place()),
): Promise<TerminalUnderTest> {
  executable('ssh', ssh)
  const terminal = start()
  await terminal.until('1  Ufficio')
  return terminal
}

describe('a text session', () => {
  it('has the terminal as a program expects it, and gives it back to the desk', async () => {
    const ssh = 'echo "IN: $*"; stty -a; read -r line; echo "READ $line"; read -r line'
    const terminal = await openDesk(ssh, () => openInShell('desk --locked', place()))
    terminal.press('1')
    await terminal.until('IN: -t -x -e none -o StrictHostKeyChecking=yes -p 2222 -- desk1.example')
    await terminal.until(/(^|\s)isig icanon iexten echo /)
    terminal.type('hello\r')
    await terminal.until('READ hello')
    expect(terminal.shows('Che cosa vuoi aprire?')).toBe(false)
    terminal.type('\r')
    await terminal.until('Che cosa vuoi aprire?')
    expect(terminal.shows('READ hello')).toBe(false)
    terminal.press('esc')
    await terminal.until('Vuoi uscire?')
    terminal.press('enter')
    await terminal.until('THE END')
    expect(/after=(\S+)/.exec(terminal.output)?.[1]).toBe(/before=(\S+)/.exec(terminal.output)?.[1])
  })

  it.each([
    ['^C', '\x03'],
    ['^\\', '\x1c'],
  ])('that is ended by %s leads back to the desk', async (_, key) => {
    const terminal = await openDesk('echo PASSWORD; exec sleep 600')
    terminal.press('1')
    await terminal.until('PASSWORD')
    terminal.type(key)
    await terminal.until('Che cosa vuoi aprire?')
  })

  it('is not stopped by ^Z for a shell that waits with job control', async () => {
    const script = ['-mc', `${launcher} desk --locked; echo A SHELL`]
    const terminal = await openDesk('echo PASSWORD; read -r line', () => open('/bin/sh', script, place()))
    terminal.press('1')
    await terminal.until('PASSWORD')
    terminal.type('\x1a')
    await terminal.quiet()
    expect(terminal.processes().map(({ state }) => state)).not.toContain('T')
    expect(terminal.processes().filter(isProgram)).toHaveLength(1)
    expect(terminal.output).not.toContain('A SHELL')
    terminal.type('\r')
    await terminal.until('Che cosa vuoi aprire?')
  })

  it('that ssh does not come to is told of in words', async () => {
    const terminal = await openDesk('exit 255')
    terminal.press('1')
    await terminal.until('Il computer non risponde.')
    terminal.press('2')
    await terminal.until('Che cosa vuoi aprire?')
  })

  it('goes line by line too', async () => {
    executable('ssh', 'echo PASSWORD; read -r line; echo "READ $line"')
    const terminal = openInShell('desk --locked --plain', place())
    await terminal.until('1 Ufficio, pronto')
    terminal.type('1\r')
    await terminal.until('PASSWORD')
    terminal.type('hello\r')
    await terminal.until('READ hello')
    await terminal.until(/READ hello[\s\S]*Che cosa vuoi aprire/)
    terminal.type('0\r1\r')
    await terminal.until('THE END')
    expect(/after=(\S+)/.exec(terminal.output)?.[1]).toBe(/before=(\S+)/.exec(terminal.output)?.[1])
  })
})
