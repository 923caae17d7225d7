import { createServer, type Server, type Socket } from 'node:net'
import {
  InsufficientAccessError,
  NoSuchObjectError,
  SizeLimitExceededError,
  TimeLimitExceededError,
} from 'ldapts'
import { afterEach, describe, expect, it } from 'vitest'
import { dial } from '../../../src/hosts/dial.ts'
import type { HostError } from '../../../src/hosts/host.ts'
import { ldapOf } from '../../../src/services/ldap/client.ts'
import type { LdapAccess, LdapConnection, LdapReading } from '../../../src/services/ldap/facts.ts'
import { readMonitor } from '../../../src/services/ldap/read.ts'
import { ldapRefusal } from '../../../src/services/ldap/refusal.ts'
import { watchLdap } from '../../../src/services/ldap/watch.ts'
import { until } from '../../support/until.ts'

/** BER of RFC 4511: what a server says to the request with this number. */
const said = {
  bound: (id: number) => Buffer.from([0x30, 12, 2, 1, id, 0x61, 7, 10, 1, 0, 4, 0, 4, 0]),
  extended: (id: number, result: number) =>
    Buffer.from([0x30, 12, 2, 1, id, 0x78, 7, 10, 1, result, 4, 0, 4, 0]),
}

/** A server that does with each connection what the test says; none of its faults can be provoked in a real one. */
class Hostile {
  readonly sockets = new Set<Socket>()
  readonly #server: Server
  constructor(answer: (socket: Socket, data: Buffer) => void) {
    this.#server = createServer((socket) => {
      this.sockets.add(socket)
      socket.on('data', (data) => answer(socket, data))
      socket.on('error', () => {})
      socket.on('close', () => this.sockets.delete(socket))
    })
  }
  async listen(): Promise<number> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }
  close(): void {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
  }
}

let server: Hostile | undefined
afterEach(() => server?.close())

async function openerFor(answer: (socket: Socket, data: Buffer) => void, rest: Partial<LdapAccess> = {}) {
  server = new Hostile(answer)
  const place = { host: '127.0.0.1', port: await server.listen() }
  const access: LdapAccess = { scheme: 'ldap', place, startTls: false, ...rest }
  return ldapOf(
    'fe1',
    () => access,
    (to) => dial(to, AbortSignal.timeout(5_000)),
  )
}

/** The number of a request is its third byte and a half: 30 LENGTH 02 01 ID. */
const idOf = (data: Buffer) => data[4] ?? 0

describe('cn=Monitor', () => {
  const refusing = (error: HostError): LdapConnection => ({
    closed: false,
    close: () => {},
    search: async () => {
      throw error
    },
  })

  it.each([
    [4, 'cn=Monitor: size limit exceeded (result 4)', /size=unlimited/],
    [3, 'cn=Monitor: time limit exceeded (result 3)', /^$/],
    [32, 'cn=Monitor cannot be read by this account', /docs\/permissions.md/],
    [50, 'cn=Monitor cannot be read by this account', /docs\/permissions.md/],
  ])('says of result %d why it is not known', async (code, reason, advice) => {
    const results = [
      SizeLimitExceededError,
      TimeLimitExceededError,
      NoSuchObjectError,
      InsufficientAccessError,
    ]
    const Result = results.find((one) => new one('').code === code)
    const error = ldapRefusal('fe1', Result && new Result(''), 1_000)
    const { monitorTrouble } = await readMonitor(refusing(error), 'dc=example,dc=org')
    expect(monitorTrouble).toMatchObject({ reason, advice: expect.stringMatching(advice) })
  })
})

describe('a connection to a slapd', () => {
  it('is given up where TLS begins and never ends', async () => {
    const agrees = (socket: Socket, data: Buffer) => {
      // What comes after it is the begin of TLS.
      if (data[0] === 0x30) socket.write(said.extended(idOf(data), 0))
    }
    const open = await openerFor(agrees, { startTls: true })
    await expect(open()).rejects.toMatchObject({ kind: 'timeout', reason: 'LDAP: no answer in 1 s' })
    await until('its end', () => server?.sockets.size === 0)
  })

  it('says that a server offers no TLS, and what to do', async () => {
    const open = await openerFor((socket, data) => socket.write(said.extended(idOf(data), 2)), {
      startTls: true,
    })
    await expect(open()).rejects.toMatchObject({
      reason: 'LDAP: it offers no StartTLS (result 2)',
      advice: 'give slapd a certificate; if it has one, look who stands between and takes TLS away',
    })
  })

  it('is given up where nobody says anything, or only the connection is taken', async () => {
    const open = await openerFor(() => {})
    await expect(open()).rejects.toMatchObject({ kind: 'timeout' })
    await until('its end', () => server?.sockets.size === 0)
  })

  it('does not wait for answers that belong to nobody, one question after the other', async () => {
    const open = await openerFor((socket, data) => {
      if (data[5] === 0x60) return void socket.write(said.bound(idOf(data)))
      socket.write(said.extended(99, 0))
    })
    const connection = await open()
    const ask = () => connection.search('dc=example,dc=org', { attributes: ['dc'] })
    await expect(ask()).rejects.toMatchObject({ name: 'HostError' })
    await expect(ask()).rejects.toMatchObject({ name: 'HostError' })
  })

  it('is ended where an answer has no end, before it fills the memory', async () => {
    let sent = 0
    const flood = Buffer.alloc(65_536)
    const open = await openerFor((socket, data) => {
      if (data[5] === 0x60) return void socket.write(said.bound(idOf(data)))
      socket.write(Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]))
      const more = () => {
        while (!socket.destroyed) {
          sent += flood.length
          if (!socket.write(flood)) return void socket.once('drain', more)
        }
      }
      more()
    })
    const connection = await open()
    await expect(connection.search('cn=Monitor', { attributes: ['*'] })).rejects.toMatchObject({
      // On a busy machine the time may be over first.
      reason: expect.stringMatching(/^LDAP: (it answers without an end|no answer in 1 s)$/),
    })
    await until('its end', () => connection.closed)
    expect(sent).toBeLessThan(64 * 2 ** 20)
  })

  it('is ended where there are thousands of entries, which take long to be read', async () => {
    const entry = (id: number) => [0x30, 13, 2, 1, id, 0x64, 8, 4, 4, ...Buffer.from('cn=x'), 0x30, 0]
    const done = (id: number) => [0x30, 12, 2, 1, id, 0x65, 7, 10, 1, 0, 4, 0, 4, 0]
    const open = await openerFor((socket, data) => {
      const id = idOf(data)
      if (data[5] === 0x60) return void socket.write(said.bound(id))
      socket.write(Buffer.from([...Array.from({ length: 20_000 }, () => entry(id)).flat(), ...done(id)]))
    })
    const connection = await open()
    await expect(connection.search('cn=Monitor', { attributes: ['*'] })).rejects.toMatchObject({
      reason: expect.stringMatching(/^LDAP: (it answers without an end|no answer in 1 s)$/),
    })
  })

  it('is known to be lost when the other side ends it, and is not made anew behind the caller’s back', async () => {
    const open = await openerFor((socket, data) => socket.write(said.bound(idOf(data))))
    let lost = 0
    const connection = await open(() => lost++)
    for (const socket of server?.sockets ?? []) socket.destroy()
    await until('the loss', () => lost === 1)
    expect(connection.closed).toBe(true)
    await expect(connection.search('', { attributes: ['*'] })).rejects.toMatchObject({
      reason: 'LDAP: the connection was lost',
    })
    expect(server?.sockets.size).toBe(0)
  })
})

describe('a watch of a slapd', () => {
  it('keeps no connection that was opened while it was stopped', async () => {
    let binding = 0
    let answer = () => {}
    const open = await openerFor((socket, data) => {
      binding++
      answer = () => socket.write(said.bound(idOf(data)))
    })
    const readings: LdapReading[] = []
    const watch = watchLdap({
      host: 'fe1',
      open,
      questions: { base: 'dc=example' },
      interval: 1_000,
      now: Date.now,
      sink: { reading: (reading) => readings.push(reading), trouble: () => {} },
    })
    watch.start()
    await until('the bind', () => binding > 0)
    watch.stop()
    answer()
    await until('its end', () => server?.sockets.size === 0)
    expect(readings).toEqual([])
  })
})
