import { describe, expect, it } from 'vitest'
import { freeradius, integer, text, types, vendorAttribute } from '../../../src/services/radius/attributes.ts'
import { askStatistics, askStatus, tryLogin } from '../../../src/services/radius/client.ts'
import type { RadiusSettings } from '../../../src/services/radius/facts.ts'
import { codes, decode, encodeResponse, openRequest } from '../../../src/services/radius/packet.ts'
import { allStatistics, own } from '../../../src/services/radius/parse.ts'
import { overUdp, type RadiusWire } from '../../../src/services/radius/wire.ts'
import { recorded, secret, statusSecret } from './recorded.ts'
import { FakeServer, wireOf } from './server.ts'

const settings: RadiusSettings = {
  address: '192.0.2.1',
  port: 1812,
  secret,
  statusPort: 18121,
  statusSecret,
  login: { user: 'probe', password: 'open sesame' },
}

const asking = (wire: RadiusWire, other: Partial<RadiusSettings> = {}) => ({
  host: 'fe1',
  wire,
  settings: { ...settings, ...other },
  signal: new AbortController().signal,
})

const accept = (request: Buffer) => encodeResponse(request, secret, codes.accessAccept)
const forgery = (request: Buffer) => encodeResponse(request, 'another secret', codes.accessAccept)
const noise = Buffer.from('noise')
const failing =
  (code: string): RadiusWire =>
  () =>
    Promise.reject(Object.assign(new Error('recvmsg'), { code }))

/** A server that answers as in a recording, by its own secret. */
const playing = (scene: string, key = secret) =>
  wireOf((request) => {
    const { code, attributes } = decode(recorded(scene).answer)
    return [encodeResponse(request, key, code, attributes)]
  })

describe('Status-Server', () => {
  it('is asked of the port of authentication, signed, with the name of the console', async () => {
    const asked: (string | number | undefined)[] = []
    const wire = wireOf((request, port) => {
      const { code, attributes } = openRequest(request, secret)
      const name = attributes.find(({ type }) => type === types.nasIdentifier)?.value.toString()
      asked.push(code, port, name)
      return [accept(request)]
    })
    expect(await askStatus(asking(wire))).toBeGreaterThanOrEqual(0)
    expect(asked).toEqual([codes.statusServer, 1812, 'vdd'])
  })

  it.each(['status', 'status-rejected'])('is answered either way: %s', async (scene) => {
    expect(await askStatus(asking(playing(scene)))).toBeGreaterThanOrEqual(0)
  })

  it('is answered by whoever knows the secret, whatever came before', async () => {
    const wire = wireOf((request) => [noise, forgery(request), accept(request)])
    expect(await askStatus(asking(wire))).toBeGreaterThanOrEqual(0)
  })

  it.each<[string, RadiusWire, object]>([
    [
      'silence',
      wireOf(() => []),
      {
        kind: 'timeout',
        reason: 'no answer in 1 s',
        advice:
          'is the secret right, and this console a client of it (clients.conf), with status_server = yes?',
      },
    ],
    [
      'a wrong authenticator',
      wireOf((request) => [noise, forgery(request), forgery(request)]),
      {
        kind: 'refused',
        reason: 'answers, but with a wrong authenticator',
        advice: 'is the shared secret the right one? 2 of 3 answers',
      },
    ],
    ['garbage', wireOf(() => [noise]), { kind: 'refused', reason: 'answers with garbage' }],
    [
      'an answer to another request',
      wireOf(() => [recorded('status').answer.fill(0, 1, 2), recorded('status').answer.fill(1, 1, 2)]),
      { kind: 'refused', reason: expect.stringMatching(/^answers/) },
    ],
    [
      'a closed port',
      failing('ECONNREFUSED'),
      { kind: 'unreachable', reason: 'nothing listens on port 1812', advice: 'does FreeRADIUS run there?' },
    ],
    ['no way', failing('EHOSTUNREACH'), { reason: '192.0.2.1 port 1812 cannot be reached (EHOSTUNREACH)' }],
    ['no such name', failing('ENOTFOUND'), { reason: 'the name 192.0.2.1 has no address (ENOTFOUND)' }],
    [
      'a wire that takes anything for an answer',
      async () => noise,
      { kind: 'refused', reason: 'answers with garbage' },
    ],
  ])('fails by name: %s', async (_, wire, error) => {
    await expect(askStatus(asking(wire))).rejects.toMatchObject({ name: 'HostError', host: 'fe1', ...error })
  })

  it('is given up with the reason of who gives up', async () => {
    const caller = new AbortController()
    const wire: RadiusWire = (_, __, ___, ____, signal) => Promise.reject(signal.reason)
    caller.abort(new Error('stopped'))
    await expect(askStatus({ ...asking(wire), signal: caller.signal })).rejects.toThrow('stopped')
  })

  it('goes by UDP', async () => {
    const server = await FakeServer.open((request, reply) => {
      reply(noise)
      reply(forgery(request))
      reply(accept(request))
    })
    const { address, port } = server.at
    expect(await askStatus(asking(overUdp, { address, port }))).toBeGreaterThanOrEqual(0)
    await server.close()
    await expect(askStatus(asking(overUdp, { address, port }))).rejects.toMatchObject({ kind: 'unreachable' })
  })
})

describe('the statistics', () => {
  it('are asked of their own port by their own secret, all of them', async () => {
    const asked: unknown[] = []
    const wire = wireOf((request, port) => {
      asked.push(port, openRequest(request, statusSecret).attributes.at(-1))
      return []
    })
    await expect(askStatistics(asking(wire))).rejects.toMatchObject({ kind: 'timeout' })
    expect(asked).toEqual([
      18121,
      vendorAttribute(freeradius, integer(own['Statistics-Type'], allStatistics)),
    ])
  })

  it('are read from the answer', async () => {
    expect(await askStatistics(asking(playing('statistics', statusSecret)))).toMatchObject({
      accepts: 3,
      rejects: 3,
    })
  })

  it('are by the one secret where there is no other', async () => {
    const { statusSecret: _, ...one } = settings
    const wire = playing('statistics', secret)
    expect(await askStatistics({ ...asking(wire), settings: one })).toMatchObject({ accepts: 3 })
  })

  it('are none where no port is configured, and nothing is asked', async () => {
    const { statusPort: _, ...none } = settings
    expect(await askStatistics({ ...asking(failing('EIO')), settings: none })).toBeUndefined()
  })

  it.each([
    ['status', 'port 18121 answers without statistics'],
    ['statistics-error', 'no statistics: No such listener'],
  ])('are missed by name: %s', async (scene, reason) => {
    const wire = playing(scene, statusSecret)
    await expect(askStatistics(asking(wire))).rejects.toMatchObject({ kind: 'refused', reason })
  })
})

describe('the login of the test account', () => {
  it('says who, and the password so that only the server can read it', async () => {
    const said: (string | undefined)[] = []
    const wire = wireOf((request) => {
      const { code, attributes } = openRequest(request, secret)
      expect(code).toBe(codes.accessRequest)
      const value = (type: number) => attributes.find((one) => one.type === type)?.value.toString()
      said.push(value(types.userName), value(types.userPassword), value(types.nasIdentifier))
      expect(request.includes('sesame')).toBe(false)
      return [accept(request)]
    })
    expect(await tryLogin(asking(wire))).toEqual({ ok: true, ms: expect.any(Number) })
    expect(said).toEqual(['probe', 'open sesame', 'vdd'])
  })

  it.each([
    ['login-reject', 'rejects the test account: is the LDAP behind it there?'],
    ['login-reject-ldap-down', 'rejects the test account: is the LDAP behind it there?'],
    [
      'login-reject-message',
      'rejects the test account ("This account is locked"): is the LDAP behind it there?',
    ],
    [
      'login-challenge',
      'wants more than a password of the test account (Access-Challenge) ("Enter your token")',
    ],
    ['status-accounting-port', 'answers the login with a packet of code 5, which is no answer to it'],
  ])('that is not accepted tells why: %s', async (scene, why) => {
    expect(await tryLogin(asking(playing(scene)))).toEqual({ ok: false, why })
  })

  it('shows a message of the server only as printable text', async () => {
    const message = text(types.replyMessage, 'no\u001b[2J\n\u202e')
    const wire = wireOf((request) => [encodeResponse(request, secret, codes.accessReject, [message])])
    expect(await tryLogin(asking(wire))).toMatchObject({
      why: expect.stringContaining('"no\\e[2J\\n\\u{202e}"'),
    })
  })

  it('has more time than a server holds a rejection back', async () => {
    let patience = 0
    const wire: RadiusWire = async (_, request, __, timeout) => {
      patience = timeout
      return accept(request)
    }
    await tryLogin(asking(wire))
    expect(patience).toBeGreaterThan(2_000)
  })

  it('is not tried where there is none', async () => {
    const { login: _, ...none } = settings
    expect(await tryLogin({ ...asking(failing('EIO')), settings: none })).toBeUndefined()
  })

  it('is refused before it is tried where RADIUS cannot say it', async () => {
    const login = { user: 'probe', password: 'x'.repeat(129) }
    await expect(tryLogin(asking(failing('EIO'), { login }))).rejects.toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('too long'),
    })
  })
})

it('no error holds a secret or a password', async () => {
  const login = { user: 'probe', password: 'x'.repeat(200) }
  const wires = [
    wireOf(() => []),
    wireOf((request) => [forgery(request)]),
    wireOf(() => [noise]),
    failing('EPERM'),
  ]
  const questions = [
    askStatus,
    askStatistics,
    tryLogin,
    (one: ReturnType<typeof asking>) => tryLogin({ ...one, settings: { ...settings, login } }),
  ]
  for (const wire of wires)
    for (const question of questions) {
      const error = await question(asking(wire)).catch((one: unknown) => one)
      const all = JSON.stringify(error, Object.getOwnPropertyNames(error))
      expect(all).toContain('fe1')
      for (const kept of [secret, statusSecret, 'sesame', 'xxx']) expect(all).not.toContain(kept)
    }
})
