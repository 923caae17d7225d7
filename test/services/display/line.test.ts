import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openLink } from '../../../src/hosts/link.ts'
import { killText, RemoteCommand, remoteText } from '../../../src/hosts/remote-command.ts'
import type { Line } from '../../../src/services/display/keeper/line.ts'
import { OpenSshLine } from '../../../src/services/display/keeper/openssh-line.ts'
import { Ssh2Line } from '../../../src/services/display/keeper/ssh2-line.ts'
import { endOrphans, Home, isRunning, noSshd, type Sshd } from '../../hosts/support/sshd.ts'
import { until } from '../../support/until.ts'

const never = new AbortController().signal
const mark = `3${String(process.pid).padStart(7, '0')}.`

/** Whoever speaks ssh: what the keeper of a channel needs of it is the same. */
describe.skipIf(noSshd)(`a line to a machine${noSshd ? ` (${noSshd})` : ''}`, () => {
  let home: Home
  let sshd: Sshd
  const lines: Line[] = []
  const keep = <T extends Line>(line: T): T => {
    lines.push(line)
    return line
  }

  /** As somebody has it in ssh's configuration, and more lines of it. */
  const settings = (more: readonly string[] = []) => ({
    name: 'desk1',
    address: '127.0.0.1',
    port: sshd.port,
    configFile: home.write(
      'config',
      [...more, `IdentityFile ${join(home.path, '.ssh/id_ed25519')}`, `UserKnownHostsFile ${home.knownHosts}`]
        .map((line) => `${line}\n`)
        .join(''),
    ),
  })
  const surroundings = () => ({ home: home.path, env: { PATH: process.env.PATH } })

  const bySsh2 = async (): Promise<Line> =>
    keep(new Ssh2Line(await openLink(settings(), {}, surroundings(), never)))
  const byOpenSsh = async (more: readonly string[] = []): Promise<Line> => {
    const options = { settings: settings(more), surroundings: surroundings(), folder: home.path }
    return keep(await OpenSshLine.open({ ...options, by: 'publickey' }, never))
  }

  beforeAll(async () => {
    home = new Home()
    sshd = home.server('desk1', ['ed25519'], ['X11Forwarding no'])
  })
  afterEach(() => {
    for (const line of lines.splice(0)) line.close()
    endOrphans(mark)
  })
  afterAll(() => home.remove())

  async function ready(): Promise<void> {
    await sshd.start()
    home.know(sshd.known())
  }
  beforeAll(ready)

  async function command(line: Line, ...argv: [string, ...string[]]): Promise<RemoteCommand> {
    const kill = async (group: number) => void (await line.exec(killText([group]))).resume()
    return new RemoteCommand(await line.exec(remoteText(argv)), line.lost, kill)
  }

  describe.each([
    ['ssh2', bySsh2],
    ['OpenSSH', byOpenSsh],
  ] as const)('by %s', (_name, open) => {
    it('runs commands beside each other: what they are given, say and end with', async () => {
      const line = await open()
      const echo = await command(line, 'cat')
      const fails = await command(line, 'sh', '-c', 'echo "it is $1" >&2; exit 3', 'sh', 'a "b" $c')
      let told = ''
      fails.stderr.setEncoding('utf8').on('data', (text: string) => {
        told += text
      })
      fails.stdout.resume()
      expect(await fails.ended).toEqual({ code: 3 })
      expect(told).toBe('it is a "b" $c\n')
      const many = 'x'.repeat(300_000)
      echo.stderr.resume()
      echo.stdin.end(many)
      let back = ''
      for await (const piece of echo.stdout) back += piece
      expect(back === many).toBe(true)
      expect(await echo.ended).toEqual({ code: 0 })
      expect(line.silence()).toBeLessThan(60_000)
    })

    it('ends a command with what it has started', async () => {
      const line = await open()
      const sleeper = await command(line, 'sleep', `${mark}1`)
      await until('it runs', () => isRunning(`sleep ${mark}1`))
      sleeper.kill()
      await sleeper.ended
      await until('it is gone', () => !isRunning(`sleep ${mark}1`))
    })

    it('says that the machine carries no X11, and goes on', async () => {
      const line = await open()
      const display = { number: 1, cookie: Buffer.alloc(16), authority: join(home.path, 'auth') }
      await expect(line.exec('true', display)).rejects.toMatchObject({ kind: 'no-x11' })
      const still = await command(line, 'true')
      still.stdout.resume()
      still.stderr.resume()
      expect(await still.ended).toEqual({ code: 0 })
    })

    it('is lost when the machine goes, and so is what runs there', async () => {
      const line = await open()
      const sleeper = await command(line, 'sleep', `${mark}2`)
      await until('it runs', () => isRunning(`sleep ${mark}2`))
      const lost = { kind: 'unreachable', host: 'desk1', reason: expect.stringMatching(/clos|reset/i) }
      const ended = expect(sleeper.ended).rejects.toMatchObject(lost)
      await sshd.stop()
      await ended
      expect(line.lost.reason).toMatchObject(lost)
      await ready()
    })

    it('leaves nothing here when it is closed', async () => {
      const line = await open()
      await command(line, 'sleep', `${mark}3`)
      line.close()
      await until('it is lost', () => line.lost.aborted)
      await until('no socket', () => !readdirSync(home.path).some((name) => /^ssh\d/.test(name)))
      expect(isRunning(join(home.path, 'ssh'))).toBe(false)
    })
  })

  it('by OpenSSH does what it does, whatever else stands in the configuration', async () => {
    const line = await byOpenSsh([
      'ControlMaster no',
      'ControlPersist yes',
      `ControlPath ${join(home.path, 'own')}`,
      'RemoteCommand false',
      'RequestTTY force',
      `LocalForward ${join(home.path, 'forwarded')} 127.0.0.1:1`,
      'ForwardX11 yes',
      'ForwardAgent yes',
      'LogLevel QUIET',
    ])
    const env = await command(line, 'sh', '-c', 'tty; env')
    env.stderr.resume()
    let said = ''
    for await (const piece of env.stdout) said += piece
    expect(said).toMatch(/^not a tty/)
    expect(said).not.toMatch(/^DISPLAY|^SSH_AUTH_SOCK/m)
    for (const name of ['own', 'forwarded']) expect(existsSync(join(home.path, name))).toBe(false)
  })

  it('by OpenSSH is not had with an unknown key of the machine, or without a way in', async () => {
    home.know('')
    const lax = ['StrictHostKeyChecking no', 'NoHostAuthenticationForLocalhost yes']
    await expect(byOpenSsh(lax)).rejects.toMatchObject({ kind: 'hostkey', host: 'desk1' })
    home.know(sshd.known())
    await expect(byOpenSsh(['User nobody'])).rejects.toMatchObject({ kind: 'auth', host: 'desk1' })
  })
})
