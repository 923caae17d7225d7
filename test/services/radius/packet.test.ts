import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Attribute,
  freeradius,
  integer,
  text,
  types,
  vendorAttribute,
  vendorAttributes,
} from '../../../src/services/radius/attributes.ts'
import {
  codes,
  decode,
  encode,
  encodeRequest,
  encodeResponse,
  openAnswer,
  openRequest,
} from '../../../src/services/radius/packet.ts'
import { PacketError } from '../../../src/services/radius/packet-error.ts'
import { hidePassword, revealPassword } from '../../../src/services/radius/password.ts'
import { bytes, recorded, secret, statusSecret } from './recorded.ts'

/** What the work throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

const garbage = expect.objectContaining({ name: 'PacketError', kind: 'garbage' })
const forged = expect.objectContaining({ name: 'PacketError', kind: 'forged' })
const unfit = expect.objectContaining({ name: 'PacketError', kind: 'unfit' })

const byteArray = (min: number, max = min) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((array) => Buffer.from(array))
const byte = fc.integer({ min: 0, max: 255 })
const attribute = fc.record({ type: fc.integer({ min: 1, max: 255 }), value: byteArray(0, 253) })
/** Attributes that a request or an answer does not treat as its own. */
const foreign = attribute.filter(
  ({ type }) => type !== types.userPassword && type !== types.messageAuthenticator,
)
const few = { maxLength: 8 }
/** A password as it can be told again: zeros at its end are lost. */
const password = byteArray(0, 128).filter((one) => one.at(-1) !== 0)

const text1 = (packet: { readonly attributes: readonly Attribute[] }, type: number) =>
  packet.attributes.find((one) => one.type === type)?.value.toString()

describe('the example of RFC 2865, 7.1', () => {
  const request =
    bytes(`01 00 00 38 0f 40 3f 94 73 97 80 57 bd 83 d5 cb 98 f4 22 7a 01 06 6e 65 6d 6f 02 12 0d be
    70 8d 93 d4 13 ce 31 96 e4 3f 78 2a 0a ee 04 06 c0 a8 01 10 05 06 00 00 00 03`)
  const answer =
    bytes(`02 00 00 26 86 fe 22 0e 76 24 ba 2a 10 05 f6 bf 9b 55 e0 b2 06 06 00 00 00 01 0f 06 00 00 00
    00 0e 06 c0 a8 01 03`)

  it('has a password that is revealed', () => {
    const { attributes, authenticator } = decode(request)
    const hidden = attributes.find(({ type }) => type === types.userPassword)?.value ?? Buffer.alloc(0)
    expect(revealPassword(hidden, authenticator, 'xyzzy5461').toString()).toBe('arctangent')
    expect(hidePassword(Buffer.from('arctangent'), authenticator, 'xyzzy5461')).toEqual(hidden)
  })

  it('has an answer that is known to be one', () => {
    expect(openAnswer(answer, request, 'xyzzy5461')).toMatchObject({
      code: codes.accessAccept,
      identifier: 0,
    })
    expect(thrownBy(() => openAnswer(answer, request, 'xyzzy5462'))).toEqual(forged)
  })
})

describe('recorded answers of FreeRADIUS', () => {
  it.each([
    ['status', secret, codes.accessAccept],
    ['status-rejected', secret, codes.accessReject],
    ['status-accounting-port', secret, codes.accountingResponse],
    ['statistics', statusSecret, codes.accessAccept],
    ['statistics-client', statusSecret, codes.accessAccept],
    ['statistics-error', statusSecret, codes.accessAccept],
    ['login-accept', secret, codes.accessAccept],
    ['login-accept-long-password', secret, codes.accessAccept],
    ['login-accept-signed', secret, codes.accessAccept],
    ['login-reject', secret, codes.accessReject],
    ['login-reject-ldap-down', secret, codes.accessReject],
    ['login-reject-message', secret, codes.accessReject],
    ['login-challenge', secret, codes.accessChallenge],
  ])('are known to answer their request: %s', (scene, key, code) => {
    const { request, answer } = recorded(scene)
    expect(openAnswer(answer, request, key).code).toBe(code)
    expect(thrownBy(() => openAnswer(answer, request, 'wrong'))).toEqual(forged)
  })

  it('are none of another request', () => {
    const { answer } = recorded('login-accept')
    expect(thrownBy(() => openAnswer(answer, recorded('login-reject').request, secret))).toEqual(garbage)
    const request = Buffer.from(recorded('login-accept').request)
    request.writeUInt8(request.readUInt8(4) ^ 1, 4)
    expect(thrownBy(() => openAnswer(answer, request, secret))).toEqual(forged)
  })

  it('have a Message-Authenticator only where one is asked for', () => {
    const has = (scene: string) =>
      decode(recorded(scene).answer).attributes.some(({ type }) => type === types.messageAuthenticator)
    expect(has('login-accept')).toBe(false)
    expect(has('login-accept-signed')).toBe(true)
  })
})

describe('recorded requests of radclient', () => {
  it.each([
    ['login-accept', 'local', 'localpw'],
    ['login-accept-long-password', 'long', 'a password of more than sixteen bytes, in three blocks'],
    ['login-reject', 'local', 'wrong'],
  ])('are read as a server reads them: %s', (scene, user, word) => {
    const packet = openRequest(recorded(scene).request, secret)
    expect(packet.code).toBe(codes.accessRequest)
    expect(text1(packet, types.userName)).toBe(user)
    expect(text1(packet, types.userPassword)).toBe(word)
    expect(thrownBy(() => openRequest(recorded(scene).request, 'wrong'))).toEqual(forged)
  })

  it('are hidden and signed by us to the same bytes, in our order', () => {
    const { request } = recorded('login-accept-long-password')
    const { identifier, authenticator, attributes } = openRequest(request, secret)
    const others = attributes.filter(({ type }) => type !== types.messageAuthenticator)
    const ours = encodeRequest(codes.accessRequest, secret, others, { identifier, authenticator })
    const hidden = (packet: Buffer) =>
      decode(packet).attributes.find(({ type }) => type === types.userPassword)
    expect(hidden(ours)).toEqual(hidden(request))
    expect(ours).toHaveLength(request.length)
    expect(openRequest(ours, secret).attributes.slice(1)).toEqual(others)
  })
})

describe('decode', () => {
  const whole = recorded('login-challenge').answer
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(whole)
    copy.writeUInt8(value, at)
    return copy
  }

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['less than a header', whole.subarray(0, 19)],
    ['a length of more than there is', whole.subarray(0, -1)],
    ['a length of less than a header', changed(3, 19)],
    ['a length of more than 4096', Buffer.concat([Buffer.of(2, 1, 0x10, 1), Buffer.alloc(5_000)])],
    ['an attribute of length 0', changed(21, 0)],
    [
      'an attribute of length 1',
      Buffer.concat([Buffer.of(2, 1, 0, 24), Buffer.alloc(16), Buffer.of(1, 1, 1, 2)]),
    ],
    ['an attribute that ends behind the packet', changed(21, 200)],
    ['a last attribute of one byte', changed(3, 21)],
    ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ])('refuses %s', (_, datagram) => {
    expect(thrownBy(() => decode(datagram))).toEqual(garbage)
  })

  it('passes over what is behind the packet: padding', () => {
    const { request } = recorded('login-challenge')
    const padded = Buffer.concat([whole, Buffer.of(1, 2, 3)])
    expect(decode(padded)).toEqual(decode(whole))
    expect(openAnswer(padded, request, secret)).toEqual(decode(whole))
  })

  it('throws nothing but its own error, whatever comes', () => {
    const headed = fc.tuple(byteArray(0, 100), fc.boolean()).map(([body, isLong]) => {
      const length = 20 + body.length + (isLong ? 1 : 0)
      return Buffer.concat([Buffer.of(2, 0, 0, length), Buffer.alloc(16), body])
    })
    const { request } = recorded('status')
    fc.assert(
      fc.property(fc.oneof(byteArray(0, 64), headed), (datagram) => {
        for (const work of [
          () => decode(datagram),
          () => openAnswer(datagram, request, secret),
          () => openRequest(datagram, secret),
          () => encodeResponse(datagram, secret, codes.accessAccept),
        ]) {
          const error = thrownBy(work)
          if (error !== undefined) expect(error).toBeInstanceOf(PacketError)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(
        byte,
        byte,
        byteArray(16),
        fc.array(attribute, few),
        (code, identifier, authenticator, attributes) => {
          const packet = { code, identifier, authenticator, attributes }
          expect(decode(encode(packet))).toEqual(packet)
        },
      ),
    )
  })
})

describe('a request', () => {
  it('has a new identifier or authenticator each time, and its Message-Authenticator first', () => {
    const made = Array.from({ length: 20 }, () => encodeRequest(codes.statusServer, secret, []))
    expect(new Set(made.map((one) => decode(one).authenticator.toString('hex'))).size).toBe(20)
    for (const one of made) expect(decode(one).attributes[0]?.type).toBe(types.messageAuthenticator)
  })

  it('is read by the server that knows the secret, its password too', () => {
    fc.assert(
      fc.property(fc.string(), password, fc.array(foreign, few), (key, word, others) => {
        const said = [{ type: types.userPassword, value: word }, ...others]
        expect(openRequest(encodeRequest(codes.accessRequest, key, said), key).attributes.slice(1)).toEqual(
          said,
        )
      }),
    )
  })

  it('shows nothing of the password', () => {
    const request = encodeRequest(codes.accessRequest, secret, [
      text(types.userPassword, 'correct horse battery'),
    ])
    expect(request.includes('correct')).toBe(false)
    expect(request.includes('battery')).toBe(false)
  })

  it('fits in its bounds, or is none', () => {
    const long = (type: number, length: number) => text(type, 'x'.repeat(length))
    const make = (...said: Attribute[]) => thrownBy(() => encodeRequest(codes.accessRequest, secret, said))
    expect(make(long(types.userName, 253), long(types.userPassword, 128))).toBeUndefined()
    expect(make(long(types.userName, 254))).toEqual(unfit)
    expect(make(long(types.userPassword, 129))).toEqual(unfit)
    expect(make(...Array.from({ length: 17 }, () => long(types.replyMessage, 253)))).toEqual(unfit)
  })

  it('without a Message-Authenticator, or with two, is not read', () => {
    const bare = { code: codes.accessRequest, identifier: 1, authenticator: Buffer.alloc(16, 7) }
    expect(thrownBy(() => openRequest(encode({ ...bare, attributes: [] }), secret))).toEqual(forged)
    const [one] = decode(encodeRequest(bare.code, secret, [], bare)).attributes
    const twice = one ? [one, one] : []
    expect(thrownBy(() => openRequest(encode({ ...bare, attributes: twice }), secret))).toBeInstanceOf(
      PacketError,
    )
  })
})

describe('an answer', () => {
  it('is known by the secret', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(foreign, few), (key, said) => {
        const request = encodeRequest(codes.statusServer, key, [])
        const answer = encodeResponse(request, key, codes.accessAccept, said)
        expect(openAnswer(answer, request, key).attributes.slice(1)).toEqual(said)
        expect(thrownBy(() => openAnswer(answer, request, `${key}!`))).toEqual(forged)
      }),
    )
  })

  it('is none with any bit of it changed', () => {
    const { request, answer } = recorded('login-accept-signed')
    for (let bit = 0; bit < answer.length * 8; bit++) {
      const copy = Buffer.from(answer)
      copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(thrownBy(() => openAnswer(copy, request, secret))).toBeInstanceOf(PacketError)
    }
  })

  it('is none where only its Message-Authenticator is wrong, or there are two', () => {
    const request = encodeRequest(codes.statusServer, secret, [])
    const { identifier, authenticator } = decode(request)
    const zeros: Attribute = { type: types.messageAuthenticator, value: Buffer.alloc(16) }
    const packet = encode({ code: codes.accessAccept, identifier, authenticator, attributes: [zeros] })
    // A right Response Authenticator: RFC 2865, 3.
    createHash('md5').update(packet).update(secret).digest().copy(packet, 4)
    expect(thrownBy(() => openAnswer(packet, request, secret))).toEqual(forged)
    const twice = encodeResponse(request, secret, codes.accessAccept, [zeros])
    expect(thrownBy(() => openAnswer(twice, request, secret))).toBeInstanceOf(PacketError)
  })
})

describe('hiding a password', () => {
  it('takes whole blocks, at least one', () => {
    const length = (n: number) => hidePassword(Buffer.alloc(n, 'x'), Buffer.alloc(16), secret).length
    expect([0, 1, 16, 17, 32, 128].map(length)).toEqual([16, 16, 16, 32, 32, 128])
  })

  it('is undone by who knows the secret', () => {
    fc.assert(
      fc.property(password, byteArray(16), fc.string(), (word, authenticator, key) => {
        expect(revealPassword(hidePassword(word, authenticator, key), authenticator, key)).toEqual(word)
      }),
    )
  })

  it.each([0, 15, 17, 144])('never gives %i bytes, which are refused', (length) => {
    expect(thrownBy(() => revealPassword(Buffer.alloc(length), Buffer.alloc(16), secret))).toEqual(garbage)
  })
})

describe('attributes of a vendor', () => {
  it('are found again, and those of others are not', () => {
    const ours = [integer(127, 31), text(187, 'No such listener')]
    const all = [...ours.map((one) => vendorAttribute(freeradius, one)), vendorAttribute(9, text(1, 'x'))]
    expect(vendorAttributes(all, freeradius)).toEqual(ours)
  })

  it('are passed over where they are in no form that is known', () => {
    const odd = (value: Buffer) => ({ type: types.vendorSpecific, value })
    const number = Buffer.of(0, 0, 0x2c, 0x50)
    const all = [odd(Buffer.of(1)), odd(number), odd(Buffer.concat([number, Buffer.of(127, 9, 1)]))]
    expect(vendorAttributes(all, freeradius)).toEqual([])
  })
})
