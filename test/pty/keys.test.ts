import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openMachines, openVdd, wide } from './support/vdd.ts'

const selected = (terminal: { line(what: RegExp): string | undefined }) => terminal.line(/^>/) ?? ''

describe('keys', () => {
  it('that come a byte at a time, as at 300 baud, are still one key', async () => {
    // However slow this machine is, Esc is waited for longer.
    const terminal = await openMachines([], { env: { ESCDELAY: '5000' } })
    const [first, second] = terminal.screen().slice(2)
    for (const byte of '\x1b[B') {
      terminal.type(byte)
      // A character takes 33 ms at 300 baud; this is the line, not the test, that waits.
      await setTimeout(34)
    }
    await terminal.until(() => selected(terminal).slice(2, 16) === second?.slice(2, 16))
    expect(selected(terminal)).not.toContain(first?.slice(2, 16).trim())
    expect(terminal.screen()[0]).toContain('[2 Machines]')
  })

  it('answer a lone Esc', async () => {
    const terminal = await openMachines()
    terminal.press('esc')
    await terminal.until('[1 Overview]')
  })

  it('of Esc and another one at once are both taken', async () => {
    const terminal = await openMachines()
    terminal.type('/web\x1b4')
    await terminal.until('[4 Events]')
  })

  it.each([
    ['application mode', '\x1bOB'],
    ['8-bit controls', '\x9bB'],
    ['the keypad of a VT220', '\x1b[6~'],
  ])('of %s move the selection', async (_, bytes) => {
    const terminal = await openMachines([], { env: { TERM: 'vt220' } })
    const before = selected(terminal)
    terminal.bytes(Buffer.from(bytes, 'latin1'))
    await terminal.until(
      () => selected(terminal) !== '' && selected(terminal).slice(0, 16) !== before.slice(0, 16),
    )
  })

  it('typed ahead while a slow line is busy are all taken', async () => {
    const terminal = openVdd(['--baud', '1200', 'demo'])
    await terminal.until('MACHINES')
    terminal.type('2/ldap\rjj3')
    terminal.type('2:sort cpu\r')
    await terminal.until(/CPUv/)
    await terminal.until('filter: ldap')
  })

  it('are none of what a terminal answers to a question of the program before', async () => {
    const terminal = await openMachines([], wide)
    terminal.type('\x1bP1+r544e=q\x1b\\\x1b]11;rgb:ffff/q\x07\x1b[?62;1;6c\x1b[24;80R\x1b[Mqqq')
    terminal.press('down')
    await terminal.until(() => terminal.screen()[3]?.startsWith('>') === true)
    expect(terminal.exit).toBeUndefined()
  })

  it('pasted where nothing is typed do nothing, and where a text is typed are text', async () => {
    const terminal = await openMachines([], wide)
    terminal.type('\x1b[200~3\rq\x1b[201~')
    await terminal.until('what was pasted is not taken for keys')
    expect(terminal.screen()[0]).toContain('[2 Machines]')
    terminal.type('/\x1b[200~ldap-02\nq\x1b[201~')
    await terminal.until(/^ \/ldap-02/m)
    terminal.press('enter')
    await terminal.until('1/1')
  })
})

describe('XON and XOFF', () => {
  it('stay with the terminal driver where they were: ^S stops the output, ^Q lets it go on', async () => {
    // This pseudo terminal comes with IXANY, by which every key lets the output go on.
    const terminal = await openMachines([], { script: 'stty -ixany' })
    expect(terminal.modes('-a')).toMatch(/(^|\s)ixon/)
    terminal.type('\x13')
    terminal.press('4')
    await terminal.quiet()
    expect(terminal.screen()[0]).toContain('[2 Machines]')
    terminal.type('\x11')
    await terminal.until('[4 Events]')
  })

  it('are not taken for keys where the terminal driver hands them on', async () => {
    const terminal = await openMachines([], { script: 'stty -ixon' })
    expect(terminal.modes('-a')).toContain('-ixon')
    terminal.type('\x13\x11')
    terminal.press('down')
    await terminal.until(() => terminal.cursor.row === 3)
    expect(terminal.screen()[0]).toContain('[2 Machines]')
  })
})
