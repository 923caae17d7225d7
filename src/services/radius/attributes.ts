import { PacketError } from './packet-error.ts'

/** One attribute as it stands in a packet: RFC 2865, 5. */
export interface Attribute {
  /** 1 to 255 */
  readonly type: number
  /** at most 253 bytes */
  readonly value: Buffer
}

/** Numbers of attributes: RFC 2865, 2866, 2869. */
export const types = {
  userName: 1,
  userPassword: 2,
  replyMessage: 18,
  vendorSpecific: 26,
  calledStationId: 30,
  callingStationId: 31,
  nasIdentifier: 32,
  acctStatusType: 40,
  acctDelayTime: 41,
  acctSessionId: 44,
  acctSessionTime: 46,
  acctTerminateCause: 49,
  eventTimestamp: 55,
  nasPortType: 61,
  messageAuthenticator: 80,
} as const

/** FreeRADIUS' number among vendors: dictionary.freeradius. */
export const freeradius = 11344

export function text(type: number, value: string): Attribute {
  return { type, value: Buffer.from(value) }
}

/** A number of 32 bits, also a date in seconds since the epoch. */
export function integer(type: number, value: number): Attribute {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return { type, value: bytes }
}

/** The attributes one behind the other. Throws `PacketError` for one that does not fit. */
export function joinAttributes(attributes: readonly Attribute[]): Buffer {
  return Buffer.concat(
    attributes.flatMap(({ type, value }) => {
      if (value.length > 253)
        throw new PacketError('unfit', `attribute ${type} has ${value.length} bytes, more than 253`)
      return [Buffer.of(type, value.length + 2), value]
    }),
  )
}

/** Throws `PacketError` where a length cannot be. */
export function splitAttributes(bytes: Buffer): Attribute[] {
  const attributes: Attribute[] = []
  let at = 0
  while (at < bytes.length) {
    const [type = 0, length = 0] = bytes.subarray(at, at + 2)
    if (length < 2 || at + length > bytes.length)
      throw new PacketError('garbage', `attribute ${type} says that it has ${length} bytes`)
    attributes.push({ type, value: bytes.subarray(at + 2, at + length) })
    at += length
  }
  return attributes
}

/** An attribute of a vendor, in the form of RFC 2865, 5.26. */
export function vendorAttribute(vendor: number, attribute: Attribute): Attribute {
  return {
    type: types.vendorSpecific,
    value: Buffer.concat([integer(0, vendor).value, joinAttributes([attribute])]),
  }
}

/** The attributes of one vendor. What is in a form of its own is nobody's but the vendor's, and passed over. */
export function vendorAttributes(attributes: readonly Attribute[], vendor: number): Attribute[] {
  return attributes.flatMap(({ type, value }) => {
    if (type !== types.vendorSpecific || value.length < 4 || value.readUInt32BE() !== vendor) return []
    try {
      return splitAttributes(value.subarray(4))
    } catch {
      return []
    }
  })
}
