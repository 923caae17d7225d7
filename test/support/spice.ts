import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { expect } from 'vitest'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
const headerLength = 16

function link(rest: Buffer): Buffer {
  const header = Buffer.alloc(headerLength)
  header.write('REDQ', 'latin1')
  header.writeUInt32LE(2, 4)
  header.writeUInt32LE(2, 8)
  header.writeUInt32LE(rest.length, 12)
  return Buffer.concat([header, rest])
}

/** What a viewer says first, what a server answers, with this error, and what that says of who asks. */
export const viewerLink = link(Buffer.alloc(26, 7))
export function serverLink(error = 0): Buffer {
  const answer = Buffer.alloc(178 + 8)
  answer.writeUInt32LE(error, 0)
  publicKey.export({ format: 'der', type: 'spki' }).copy(answer, 4)
  answer.writeUInt32LE(178, 178)
  return link(answer)
}
export function verdict(error: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(error)
  return bytes
}

/** Has a viewer that knows no password and a server speak to each other; each piece of bytes comes in two. Returns the password that the server was given. */
export async function introduced(viewer: Duplex, server: Duplex): Promise<string> {
  await say(viewer, viewerLink)
  await heard(server, viewerLink.length)
  await say(server, serverLink())
  await heard(viewer, serverLink().length)
  await say(viewer, Buffer.concat([verdict(1), Buffer.alloc(128, 9), Buffer.from('more')]))
  const proof = await heard(server, 4 + 128 + 4)
  await say(server, verdict(0))
  await heard(viewer, 4)
  if (proof.toString('latin1', 132) !== 'more') throw new Error('what follows was changed')
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  return privateDecrypt({ key: privateKey, ...padding }, proof.subarray(4, 132)).toString()
}

async function say(to: Duplex, bytes: Buffer): Promise<void> {
  to.write(bytes.subarray(0, 3))
  await new Promise((resolve) => setImmediate(resolve))
  to.write(bytes.subarray(3))
}

/** Exactly so many bytes. */
async function heard(from: Duplex, length: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0)
  const hear = (piece: Buffer) => {
    bytes = Buffer.concat([bytes, piece])
  }
  from.on('data', hear).resume()
  await expect.poll(() => bytes.length).toBe(length)
  from.off('data', hear).pause()
  return bytes
}
