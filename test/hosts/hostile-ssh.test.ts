import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SshHost, type SshHostOptions } from '../../src/hosts/ssh.ts'
import { Home, noSshd, publicKey } from './support/sshd.ts'

describe.skipIf(noSshd)('a hostile ssh server', () => {
  let home: Home
  let key: string
  beforeAll(() => {
    home = new Home()
    key = home.key('host')
  })
  afterAll(() => home.remove())

  /** A server that lets everybody in and does this with a command, and a host that reaches it. */
  async function hostile(exec: (accept: () => ServerChannel) => void, options: SshHostOptions) {
    const clients: Connection[] = []
    const server = new ssh2.Server({ hostKeys: [readFileSync(key)] }, (client) => {
      clients.push(client)
      client.on('error', () => {})
      client.on('authentication', (login) =>
        login.method === 'none' ? login.reject(['publickey']) : login.accept(),
      )
      client.on('session', (accept) => accept().on('exec', exec))
    })
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
    home.know(`[127.0.0.1]:${port} ${publicKey(key)}\n`)
    const host = new SshHost(
      { name: 'evil', address: '127.0.0.1', port },
      { surroundings: home.surroundings, ...options },
    )
    const end = async () => {
      await host.close()
      for (const client of clients) client.end()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
    return { host, end }
  }

  it('is waited for by what is followed as long as it may be silent, and no longer', async () => {
    let begins = 0
    const first = (accept: () => ServerChannel) => {
      if (begins++) return
      const channel = accept()
      channel.exit(0)
      channel.end()
    }
    // No answer comes in no time.
    const { host, end } = await hostile(first, { openTimeout: 0, connectTimeout: 1_000 })
    const { ended } = await host.stream(['cat'])
    await ended
    await expect(host.stream(['cat'])).rejects.toMatchObject({ reason: 'cat: not started in 1 s' })
    await end()
  })

  it('does not keep others waiting with packets of one byte', async () => {
    const count = 1_000
    const floods = (accept: () => ServerChannel) => {
      const channel = accept()
      for (let i = 0; i < count; i++) channel.write('A')
      channel.exit(0)
      channel.end()
    }
    const { host, end } = await hostile(floods, { connectTimeout: 60_000 })
    let [inTurn, most, all] = [0, 0, 0]
    let counting = setImmediate(function next() {
      inTurn = 0
      counting = setImmediate(next)
    })
    const { stdout, ended } = await host.stream(['cat'])
    stdout.on('data', (piece: Buffer) => {
      // What is done with a packet costs something.
      for (const until = performance.now() + 0.3; performance.now() < until; );
      most = Math.max(most, ++inTurn)
      all += piece.length
    })
    await ended
    clearImmediate(counting)
    expect(all).toBe(count)
    expect(most).toBeLessThan(count / 10)
    await end()
  })
})
