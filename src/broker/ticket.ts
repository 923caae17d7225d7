import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { type Duplex, duplexPair } from 'node:stream'

/** Bytes of what each side says first: `REDQ`, two numbers of the version, and the length of the rest. SPICE protocol, "Link". */
const headerLength = 16
/** Bytes of that rest, at most: what either can do. */
const longestLink = 4096
/** In the server's: an error, and its key, as DER. */
const key = { at: headerLength + 4, length: 162 }
/** How who one is will be proved; there is another way, which has no password. */
const byTicket = 1
const ticketLength = 128

/**
 * A connection to a SPICE server that asks for a password, for a viewer that does not know it: whatever the viewer gives for it, the server is given the
 * right one. So nobody needs to be told the password who may look for a while.
 */
export function withTicket(server: Duplex, ticket: string): Duplex {
  const [near, far] = duplexPair()
  const end = () => {
    server.destroy()
    near.destroy()
  }
  for (const one of [server, near, far]) one.on('error', () => {}).on('close', end)
  void introduce(far, server, ticket).catch(end)
  return near
}

async function introduce(viewer: Duplex, server: Duplex, ticket: string): Promise<void> {
  server.write(await link(viewer))
  const reply = await link(server)
  viewer.write(reply)
  server.pipe(viewer)
  const way = await take(viewer, 4)
  server.write(way)
  if (way.readUInt32LE() === byTicket) {
    await take(viewer, ticketLength)
    server.write(encrypted(ticket, reply.subarray(key.at, key.at + key.length)))
  }
  viewer.pipe(server)
}

async function link(from: Duplex): Promise<Buffer> {
  const header = await take(from, headerLength)
  const length = header.readUInt32LE(headerLength - 4)
  if (header.toString('latin1', 0, 4) !== 'REDQ' || length > longestLink || !length)
    throw new Error('this is no SPICE')
  return Buffer.concat([header, await take(from, length)])
}

/** So many bytes, once they are there; what follows waits. */
function take(from: Duplex, length: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let bytes = Buffer.alloc(0)
  const hear = (piece: Buffer) => {
    bytes = Buffer.concat([bytes, piece])
    if (bytes.length < length) return
    from.off('data', hear).pause()
    if (bytes.length > length) from.unshift(bytes.subarray(length))
    resolve(bytes.subarray(0, length))
  }
  const ended = () => reject(new Error('it ended before'))
  void promise.finally(() => from.off('end', ended).off('close', ended)).catch(() => {})
  if (from.readableEnded || from.destroyed) ended()
  else from.on('end', ended).on('close', ended).on('data', hear).resume()
  return promise
}

function encrypted(ticket: string, publicKey: Buffer): Buffer {
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' })
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  return publicEncrypt({ key, ...padding }, Buffer.from(`${ticket}\0`))
}
