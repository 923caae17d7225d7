import { randomBytes } from 'node:crypto'

/** The one way in which X clients prove that they may: 16 random bytes. X.Org's Xsecurity(7). */
export const cookieProtocol = 'MIT-MAGIC-COOKIE-1'

export function newCookie(): Buffer {
  return randomBytes(16)
}

/** Any machine, by Xau's `FamilyWild`. */
const anyFamily = 0xffff

/**
 * The bytes of a file for `-auth` or $XAUTHORITY with one cookie, good for every display of every name: a server reads nothing but the cookie, and its
 * number is not known before it has started. Xau's format: a family and four counted strings, all in network order.
 */
export function authority(cookie: Buffer): Buffer {
  const counted = (bytes: Buffer) => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const family = Buffer.alloc(2)
  family.writeUInt16BE(anyFamily)
  const [address, display, name] = ['', '', cookieProtocol].map((text) => counted(Buffer.from(text)))
  return Buffer.concat([family, address, display, name, counted(cookie)] as Buffer[])
}
