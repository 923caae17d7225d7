import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import ssh2, { type AuthenticationType } from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostError } from '../../src/hosts/host.ts'
import { openLink } from '../../src/hosts/link.ts'
import { LoginRefused } from '../../src/hosts/login.ts'
import { Home, noSshd, publicKey } from './support/sshd.ts'

// A real sshd takes only passwords of real accounts, and a test has none.
describe.skipIf(noSshd)('a login with a password', () => {
  let home: Home
  const servers: ssh2.Server[] = []
  beforeAll(() => {
    home = new Home()
  })
  afterAll(async () => {
    for (const server of servers) server.close()
    await home.remove()
  })

  /** Lets in whoever says the password in one of these ways. */
  async function listen(ways: readonly AuthenticationType[], tried: string[] = []): Promise<number> {
    const key = home.key(`host${servers.length}`)
    const server = new ssh2.Server({ hostKeys: [readFileSync(key)] }, (client) => {
      client.on('error', () => {})
      client.on('authentication', (login) => {
        tried.push(login.method)
        const no = () => login.reject([...ways])
        if (!ways.includes(login.method as AuthenticationType)) return no()
        if (login.method === 'password') return login.password === 'right' ? login.accept() : no()
        if (login.method !== 'keyboard-interactive') return no()
        login.prompt(
          [
            { prompt: 'Name: ', echo: true },
            { prompt: 'Password: ', echo: false },
          ],
          (answers) => (answers?.join() === ',right' ? login.accept() : no()),
        )
      })
    })
    servers.push(server)
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
    home.know(`${readFileSync(home.knownHosts, 'utf8')}[127.0.0.1]:${port} ${publicKey(key)}\n`)
    return port
  }

  const login = async (port: number, password?: string) => {
    const settings = { name: 'web1', address: '127.0.0.1', port, ...(password ? { password } : {}) }
    const link = await openLink(settings, {}, home.surroundings, new AbortController().signal)
    link.close()
  }
  const refusal = (port: number, password?: string) =>
    login(port, password).then(
      () => undefined,
      (error: HostError) => error,
    )

  it.each(['password', 'keyboard-interactive'] as const)('is let in by %s', async (way) => {
    await login(await listen([way]), 'right')
  })

  it('is tried after the keys, and only where it is taken', async () => {
    const tried: string[] = []
    await login(await listen(['publickey', 'password'], tried), 'right')
    expect(tried.indexOf('publickey')).toBeLessThan(tried.indexOf('password'))
    const keysOnly: string[] = []
    const error = await refusal(await listen(['publickey'], keysOnly), 'right')
    expect(keysOnly).not.toContain('password')
    expect(error).toMatchObject({ kind: 'auth', takesPassword: false })
  })

  it('says that one would be taken, where none was given or a wrong one', async () => {
    const port = await listen(['password'])
    for (const password of [undefined, 'wrong']) {
      const error = await refusal(port, password)
      expect(error).toBeInstanceOf(LoginRefused)
      expect(error).toMatchObject({ kind: 'auth', takesPassword: true })
      expect(error?.message).not.toContain('wrong')
    }
  })
})
