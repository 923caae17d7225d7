import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SshHost } from '../../src/hosts/ssh.ts'
import { Home, noSshd, publicKey } from './support/sshd.ts'

describe.skipIf(noSshd)('a hostile ssh server', () => {
  let home: Home
  beforeAll(() => {
    home = new Home()
  })
  afterAll(() => home.remove())

  it('does not keep others waiting with packets of one byte', async () => {
    const count = 1_000
    const key = home.key('host')
    const server = new ssh2.Server({ hostKeys: [readFileSync(key)] }, (client) => {
      client.on('error', () => {})
      client.on('authentication', (login) =>
        login.method === 'none' ? login.reject(['publickey']) : login.accept(),
      )
      client.on('session', (accept) =>
        accept().on('exec', (accept) => {
          const channel = accept()
          for (let i = 0; i < count; i++) channel.write('A')
          channel.exit(0)
          channel.end()
        }),
      )
    })
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
    home.know(`[127.0.0.1]:${port} ${publicKey(key)}\n`)
    const host = new SshHost(
      { name: 'evil', address: '127.0.0.1', port },
      { surroundings: home.surroundings, connectTimeout: 60_000 },
    )
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
    await host.close()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
})
