import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type AccountingRecord, accountingAttributes } from '../../../src/services/radius/accounting.ts'
import { types } from '../../../src/services/radius/attributes.ts'
import { tellAccounting } from '../../../src/services/radius/client.ts'
import { codes, encodeRequest, encodeResponse, openRequest } from '../../../src/services/radius/packet.ts'
import type { RadiusWire } from '../../../src/services/radius/wire.ts'
import { secret } from './recorded.ts'
import { wireOf } from './server.ts'

const second = 1_000
const startedAt = 1_796_000_000_000
const stop: AccountingRecord = {
  status: 'stop',
  id: 'abcdef-1796000000000',
  user: 'anna',
  server: 'term-srv',
  terminal: 'term3',
  machine: 'pc1',
  startedAt,
  at: startedAt + 61 * second,
  cause: 'user-request',
}

/** By the names of attributes: numbers where there are four bytes of one, else texts. */
function said(record: AccountingRecord, now = record.at): Record<string, string | number> {
  const numbers: readonly string[] = [
    'acctStatusType',
    'acctDelayTime',
    'acctSessionTime',
    'acctTerminateCause',
    'eventTimestamp',
    'nasPortType',
  ]
  const names = Object.entries(types)
  return Object.fromEntries(
    accountingAttributes(record, now).map(({ type, value }) => {
      const [name = '?'] = names.find(([, number]) => number === type) ?? []
      return [name, numbers.includes(name) ? value.readUInt32BE() : value.toString()]
    }),
  )
}

const tell = (wire: RadiusWire) =>
  tellAccounting(
    {
      host: 'radius1',
      wire,
      settings: { address: '192.0.2.1', port: 1813, secret },
      signal: new AbortController().signal,
    },
    stop,
    stop.at,
  )

describe('a line of the account', () => {
  it('has the attributes of RFC 2866, and is told with how late it is', () => {
    expect(said(stop, stop.at + 90 * second)).toEqual({
      acctStatusType: 2,
      acctSessionId: 'abcdef-1796000000000',
      userName: 'anna',
      nasIdentifier: 'term-srv',
      nasPortType: 5,
      callingStationId: 'term3',
      calledStationId: 'pc1',
      eventTimestamp: 1_796_000_061,
      acctDelayTime: 90,
      acctSessionTime: 61,
      acctTerminateCause: 1,
    })
    const { cause: _, ...before } = stop
    expect(said({ ...before, status: 'start', at: startedAt })).not.toHaveProperty('acctSessionTime')
    expect(said({ ...before, status: 'interim' })).toMatchObject({ acctStatusType: 3, acctSessionTime: 61 })
  })

  it('has no time below zero where a clock was set back', () => {
    expect(said({ ...stop, at: startedAt - second }, startedAt - 9 * second)).toMatchObject({
      acctSessionTime: 0,
      acctDelayTime: 0,
    })
  })

  it('is cut where it has no room, and between letters', () => {
    const { userName, callingStationId } = said({ ...stop, user: 'è'.repeat(200), terminal: 'x'.repeat(254) })
    expect(userName).toBe('è'.repeat(126))
    expect(callingStationId).toBe('x'.repeat(253))
  })
})

describe('an Accounting-Request', () => {
  it('proves the secret by its authenticator, over zeros in its place', () => {
    const request = encodeRequest(codes.accountingRequest, secret, accountingAttributes(stop, stop.at))
    const proof = createHash('md5')
      .update(request.subarray(0, 4))
      .update(Buffer.alloc(16))
      .update(request.subarray(20))
      .update(secret)
      .digest()
    expect(request.subarray(4, 20)).toEqual(proof)
    expect(openRequest(request, secret).attributes.slice(1)).toEqual(accountingAttributes(stop, stop.at))
    expect(() => openRequest(request, 'wrong')).toThrow('a wrong Request Authenticator')
  })

  it('is taken when the server says so', async () => {
    await tell(wireOf((request) => [encodeResponse(request, secret, codes.accountingResponse)]))
  })

  it.each([
    ['nothing', () => [], 'no answer in 2 s'],
    [
      'an answer of one who does not know the secret',
      (request: Buffer) => [encodeResponse(request, 'wrong', codes.accountingResponse)],
      'answers, but with a wrong authenticator',
    ],
    [
      'an answer to something else',
      (request: Buffer) => [encodeResponse(request, secret, codes.accessAccept)],
      'answers with a packet of code 2, which is none of accounting',
    ],
  ])('is not taken by %s', async (_what, answers, reason) => {
    await expect(tell(wireOf(answers))).rejects.toMatchObject({ reason })
  })
})
