import { createHash } from 'node:crypto'
import { PacketError } from './packet-error.ts'

const block = 16
/** bytes of the longest password: RFC 2865, 5.2 */
const longest = 128

/** Hides a User-Password: RFC 2865, 5.2. Throws `PacketError` for one that is too long. */
export function hidePassword(password: Buffer, authenticator: Buffer, secret: string): Buffer {
  if (password.length > longest)
    throw new PacketError('unfit', `a password of ${password.length} bytes, more than ${longest}`)
  const padded = Buffer.alloc(Math.max(1, Math.ceil(password.length / block)) * block)
  password.copy(padded)
  let hidden: Buffer = Buffer.alloc(0)
  for (let at = 0; at < padded.length; at += block) {
    const key = keyOf(at ? hidden.subarray(at - block, at) : authenticator, secret)
    hidden = Buffer.concat([hidden, xor(padded.subarray(at, at + block), key)])
  }
  return hidden
}

/** The password again, without the zeros that fill its last block. Throws `PacketError` for what was not hidden so. */
export function revealPassword(hidden: Buffer, authenticator: Buffer, secret: string): Buffer {
  if (!hidden.length || hidden.length % block || hidden.length > longest)
    throw new PacketError('garbage', `a hidden password of ${hidden.length} bytes`)
  const blocks: Buffer[] = []
  for (let at = 0; at < hidden.length; at += block) {
    const key = keyOf(at ? hidden.subarray(at - block, at) : authenticator, secret)
    blocks.push(xor(hidden.subarray(at, at + block), key))
  }
  const padded = Buffer.concat(blocks)
  const end = padded.findLastIndex((byte) => byte !== 0)
  return padded.subarray(0, end + 1)
}

function keyOf(before: Buffer, secret: string): Buffer {
  return createHash('md5').update(secret).update(before).digest()
}

function xor(bytes: Buffer, key: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ (key[i] ?? 0)))
}
