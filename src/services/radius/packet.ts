import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { type Attribute, joinAttributes, splitAttributes, types } from './attributes.ts'
import { PacketError } from './packet-error.ts'
import { hidePassword, revealPassword } from './password.ts'

/** Kinds of packets: RFC 2865, 3; RFC 2866, 3; RFC 5997, 3. */
export const codes = {
  accessRequest: 1,
  accessAccept: 2,
  accessReject: 3,
  accountingRequest: 4,
  accountingResponse: 5,
  accessChallenge: 11,
  statusServer: 12,
} as const

export interface Packet {
  readonly code: number
  readonly identifier: number
  /** 16 bytes: random in a request, a proof of the secret in an answer and in a request for accounting */
  readonly authenticator: Buffer
  readonly attributes: readonly Attribute[]
}

/** bytes of code, identifier, length and authenticator */
const header = 20
const longest = 4_096

/** Reads a datagram; bytes behind the packet's own length are padding (RFC 2865, 3). Throws `PacketError` and nothing else. */
export function decode(datagram: Buffer): Packet {
  const bytes = packetIn(datagram)
  return {
    code: bytes.readUInt8(0),
    identifier: bytes.readUInt8(1),
    authenticator: bytes.subarray(4, header),
    attributes: splitAttributes(bytes.subarray(header)),
  }
}

function packetIn(datagram: Buffer): Buffer {
  if (datagram.length < header) throw new PacketError('garbage', `only ${datagram.length} bytes`)
  const length = datagram.readUInt16BE(2)
  if (length < header || length > longest || length > datagram.length)
    throw new PacketError('garbage', `${datagram.length} bytes that say they are ${length}`)
  return datagram.subarray(0, length)
}

/** Throws `PacketError` for what does not fit. Nothing is signed or hidden. */
export function encode({ code, identifier, authenticator, attributes }: Packet): Buffer {
  const body = joinAttributes(attributes)
  const length = header + body.length
  if (length > longest) throw new PacketError('unfit', `a packet of ${length} bytes, more than ${longest}`)
  return Buffer.concat([Buffer.of(code, identifier, length >> 8, length & 0xff), authenticator, body])
}

/** The Message-Authenticator comes first, as the advice against forged answers is ("BlastRADIUS", CVE-2024-3596). */
const unsigned: Attribute = { type: types.messageAuthenticator, value: Buffer.alloc(16) }
const signature = header + 2
/** In the place of the authenticator of an Accounting-Request while it is proved (RFC 2866, 3) and, as FreeRADIUS has it, signed. */
const zeros = Buffer.alloc(16)

/**
 * A request, with a Message-Authenticator (RFC 2869, 5.14); Status-Server needs it, and so do logins where the server asks for it. A
 * User-Password among the attributes is hidden. The authenticator of an Accounting-Request is not random, but proves the secret. Throws
 * `PacketError` for what does not fit.
 *
 * @param fresh random, in every request anew; the same packet again is the same request (RFC 2865, 2.5)
 */
export function encodeRequest(
  code: number,
  secret: string,
  attributes: readonly Attribute[],
  fresh: Pick<Packet, 'identifier' | 'authenticator'> = {
    identifier: randomInt(256),
    authenticator: randomBytes(16),
  },
): Buffer {
  const hidden = attributes.map((one) =>
    one.type === types.userPassword
      ? { ...one, value: hidePassword(one.value, fresh.authenticator, secret) }
      : one,
  )
  const isProof = code === codes.accountingRequest
  const authenticator = isProof ? zeros : fresh.authenticator
  const { identifier } = fresh
  const packet = encode({ code, identifier, authenticator, attributes: [unsigned, ...hidden] })
  sign(packet, signature, authenticator, secret).copy(packet, signature)
  if (isProof) prove(packet, zeros, secret).copy(packet, 4)
  return packet
}

/** What a server answers to these bytes of a request. Throws `PacketError` for a request that is none. */
export function encodeResponse(
  request: Buffer,
  secret: string,
  code: number,
  attributes: readonly Attribute[] = [],
): Buffer {
  const { identifier, authenticator } = decode(request)
  const packet = encode({ code, identifier, authenticator, attributes: [unsigned, ...attributes] })
  sign(packet, signature, authenticator, secret).copy(packet, signature)
  prove(packet, authenticator, secret).copy(packet, 4)
  return packet
}

/** A request as a server reads it, its User-Password revealed. Throws `PacketError`, also where a good Message-Authenticator is missing. */
export function openRequest(datagram: Buffer, secret: string): Packet {
  const packet = decode(datagram)
  const bytes = packetIn(datagram)
  const isProof = packet.code === codes.accountingRequest
  if (isProof && !timingSafeEqual(prove(bytes, zeros, secret), packet.authenticator))
    throw new PacketError('forged', 'a wrong Request Authenticator')
  if (!isSigned(bytes, packet, isProof ? zeros : packet.authenticator, secret))
    throw new PacketError('forged', 'no Message-Authenticator')
  const attributes = packet.attributes.map((one) =>
    one.type === types.userPassword
      ? { ...one, value: revealPassword(one.value, packet.authenticator, secret) }
      : one,
  )
  return { ...packet, attributes }
}

/**
 * The answer to a request, if it is one of somebody who knows the secret: by its Response Authenticator (RFC 2865, 3), and by its
 * Message-Authenticator where there is one. FreeRADIUS 3.2.1 sends none (docs/internals/openldap-freeradius.md, "Answers"), so it
 * cannot be asked for; in an answer to accounting no RFC has one, so nobody knows how it would be made. Throws `PacketError`.
 */
export function openAnswer(datagram: Buffer, request: Buffer, secret: string): Packet {
  const packet = decode(datagram)
  const { code, identifier, authenticator } = decode(request)
  if (packet.identifier !== identifier) throw new PacketError('garbage', 'it answers another request')
  const bytes = packetIn(datagram)
  if (!timingSafeEqual(prove(bytes, authenticator, secret), packet.authenticator))
    throw new PacketError('forged', 'a wrong Response Authenticator')
  if (code !== codes.accountingRequest) isSigned(bytes, packet, authenticator, secret)
  return packet
}

/** Whether there is a Message-Authenticator. Throws `PacketError` for one that is wrong, or a second one. */
function isSigned(bytes: Buffer, { attributes }: Packet, authenticator: Buffer, secret: string): boolean {
  let at = header
  let found = false
  for (const { type, value } of attributes) {
    if (type === types.messageAuthenticator) {
      if (found || value.length !== 16) throw new PacketError('garbage', 'an odd Message-Authenticator')
      if (!timingSafeEqual(sign(bytes, at + 2, authenticator, secret), value))
        throw new PacketError('forged', 'a wrong Message-Authenticator')
      found = true
    }
    at += value.length + 2
  }
  return found
}

/** The Message-Authenticator that belongs at a place of a packet: of all its bytes, with the request's authenticator and zeros there. */
function sign(packet: Buffer, at: number, authenticator: Buffer, secret: string): Buffer {
  const bytes = Buffer.from(packet)
  authenticator.copy(bytes, 4)
  bytes.fill(0, at, at + 16)
  return createHmac('md5', secret).update(bytes).digest()
}

/** The Response Authenticator of an answer. */
function prove(packet: Buffer, authenticator: Buffer, secret: string): Buffer {
  return createHash('md5')
    .update(packet.subarray(0, 4))
    .update(authenticator)
    .update(packet.subarray(header))
    .update(secret)
    .digest()
}
