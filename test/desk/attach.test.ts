import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { clientScript, xsession } from '../../src/desk/attach.ts'

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

describe('the script of a terminal with an X server of its own', () => {
  it('is read by sh(1)', () => {
    expect(spawnSync('sh', ['-n'], { input: clientScript, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
  })

  it.runIf(hasShellcheck)('has nothing that shellcheck objects to', () => {
    const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: clientScript, encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  it('says how it is called, and that it needs a terminal or a display', () => {
    const run = (...args: readonly string[]) =>
      spawnSync('sh', ['-c', clientScript, 'vdd-desk-client', ...args], { env: {}, encoding: 'utf8' })
    expect(run()).toMatchObject({ status: 2, stderr: 'usage: vdd-desk-client [USER@]SERVER\n' })
    expect(run('server')).toMatchObject({
      status: 2,
      stderr: 'vdd-desk-client: neither a terminal nor DISPLAY\n',
    })
  })
})

describe('the session of a display manager', () => {
  const entry = Object.fromEntries(
    xsession
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

  it('has what the Desktop Entry Specification wants of one', () => {
    expect(xsession).toMatch(/^(#.*\n)*\[Desktop Entry\]\n/)
    expect(entry).toMatchObject({ Type: 'Application', Name: 'Desktops', TryExec: 'xterm' })
    expect(entry.Exec).toMatch(/ -e \/usr\/local\/bin\/vdd desk --locked$/)
  })

  it('runs a command that display managers may break at blanks', () => {
    expect(entry.Exec).toMatch(/^[A-Za-z0-9 .,:+/_-]+$/)
  })
})
