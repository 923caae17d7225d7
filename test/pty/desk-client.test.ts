import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientScript } from '../../src/desk/attach.ts'
import { readTerminal } from '../../src/services/terminal-facts.ts'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { open } from './support/vdd.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-client-'))
  executable('vdd-desk-client', clientScript)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function executable(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
  chmodSync(join(folder, name), 0o755)
}

/** On a terminal, where ssh is a script that writes down how it was called. */
function openClient(
  ssh: string,
  server: string | readonly string[],
  env: Readonly<Record<string, string>> = {},
): TerminalUnderTest {
  executable('ssh', `#!/bin/sh\nprintf '%s\\n' "$*" >> ${folder}/calls\n${ssh}\n`)
  executable('sleep', '#!/bin/sh\nexit 0\n')
  return open(join(folder, 'vdd-desk-client'), [server].flat(), {
    env: { PATH: `${folder}:/usr/bin:/bin`, LANG: 'it_IT', ...env },
  })
}

function calls(): readonly string[] {
  try {
    return readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n')
  } catch {
    return [] // nobody has called yet
  }
}

describe('the script of a terminal with an X server of its own', () => {
  it('asks who sits there, opens the desk for them, and asks anew when they have logged out', async () => {
    const terminal = openClient('exit 0', ['server', 'here'], { DISPLAY: ':0' })
    await terminal.until('Nome utente:')
    terminal.type('anna\r')
    await terminal.until('Nome utente [anna]:')
    expect(calls()).toHaveLength(1)
    expect(calls()[0]).toMatch(
      /^-t -X -e none .* -- anna@server exec sh -c '.* & until env LC_CTYPE=C vdd desk --locked --lang it; do/,
    )
    terminal.type('\r')
    await terminal.until(() => calls().length === 2)
    expect(calls()[1]).toBe(calls()[0])
  })

  it('has a window of its own where there is X, though startx has a terminal', async () => {
    executable('xterm', '#!/bin/sh\nwhile [ "$1" != -e ]; do shift; done; shift\necho IN A WINDOW\nexec "$@"')
    const terminal = openClient('exit 0', 'server', { DISPLAY: ':0' })
    await terminal.until(/IN A WINDOW[\s\S]*Nome utente:/)
  })

  it.each(['-oProxyCommand=x', 'a b', '$(id)', '', 'a@b'])('takes "%s" for no name', async (name) => {
    const terminal = openClient('exit 0', 'server')
    await terminal.until('Nome utente:')
    terminal.type(`${name}\r`)
    await terminal.until(/Nome utente:[\s\S]*Nome utente:/)
    terminal.type('bruno\r')
    await terminal.until('Nome utente [bruno]:')
    expect(calls()).toHaveLength(1)
  })

  it('tries again by itself where the line was lost and the user is given', async () => {
    const terminal = openClient(`[ $(wc -l < ${folder}/calls) = 3 ] && exec cat; exit 255`, 'anna@server')
    await terminal.until(() => calls().length === 3)
    expect(terminal.output).toContain('Riprovo tra 5 secondi.')
    expect(calls().at(-1)).toMatch(
      /^-t -x .* -- anna@server exec sh -c '.* & until env LC_CTYPE=C vdd desk --locked --lang it; do/,
    )
  })

  it('has a desk that was killed back on the same connection, which ends with one that was left', async () => {
    const runs = join(folder, 'runs')
    const fates = `case $(wc -l < ${runs}) in 1 | 2) kill -KILL $$ ;; 3) exit 0 ;; *) exec cat ;; esac`
    const told = '[ "$1" = terminal ] && exit'
    executable('vdd', `#!/bin/sh\n${told}\necho "$* on $(wc -l < ${folder}/calls)" >> ${runs}\n${fates}\n`)
    // As sshd: the command is its child, and it stays for as long as a window is shown.
    const terminal = openClient(
      'while [ "$1" != -- ]; do shift; done; shift 2; sh -c "$*"; exec cat',
      'anna@server',
    )
    const ran = () => (existsSync(runs) ? readFileSync(runs, 'utf8') : '').trimEnd().split('\n')
    await terminal.until(() => ran().length === 4)
    expect(ran()).toEqual([1, 1, 1, 2].map((connection) => `desk --locked --lang it on ${connection}`))
  })

  it('tells the display server what the terminal is, on the connection of the desk', async () => {
    const told = join(folder, 'told')
    executable('vdd', `#!/bin/sh\n[ "$1 $2" = 'terminal tell' ] && echo "$3" > ${told} && exit\nexec cat`)
    const terminal = openClient('while [ "$1" != -- ]; do shift; done; shift 2; sh -c "$*"', 'anna@server')
    await terminal.until(() => existsSync(told) && readFileSync(told, 'utf8').endsWith('\n'))
    expect(readTerminal(readFileSync(told, 'utf8'))).toMatchObject({ name: hostname() })
    expect(calls()).toHaveLength(1)
  })

  it('is left neither by ^C nor by ^Z', async () => {
    const terminal = openClient('echo CONNECTED; exec cat', 'anna@server')
    await terminal.until('CONNECTED')
    terminal.type('\x1a\x03')
    await terminal.until(/CONNECTED[\s\S]*CONNECTED/)
    expect(terminal.exit).toBeUndefined()
  })
})
