import { timingSafeEqual } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'
import { cookieProtocol } from './cookie.ts'

/** Bytes of the names and the cookie in the first packet, at most; a client that sends more is none. */
const longest = 4_096
/** Of the fixed part of the first packet. */
const fixed = 12

const padded = (length: number) => (length + 3) & ~3

/**
 * The first packet of an X client, with the real cookie in the place of the one that a machine was given, as ssh does it: so the real one never leaves the
 * display server. Whoever comes with another cookie is refused. What follows is passed on as it is.
 *
 * The packet is byte order (`l` or `B`), protocol versions, and two counted strings, padded to four bytes: X11 protocol, section 8, Connection Setup.
 */
export class CookieSwap extends Transform {
  readonly #given: Buffer
  readonly #real: Buffer
  /** undefined: the packet has gone by */
  #held: Buffer | undefined = Buffer.alloc(0)

  constructor(given: Buffer, real: Buffer) {
    super()
    this.#given = given
    this.#real = real
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.#held) return done(null, piece)
    this.#held = Buffer.concat([this.#held, piece])
    if (this.#held.length < fixed) return done()
    const read = setupOf(this.#held)
    if (!read || read.whole > longest) return done(new Error('the client does not speak X11'))
    if (this.#held.length < read.whole) return done()
    const { name, cookie, cookieAt, whole } = read
    const isRight =
      name === cookieProtocol && cookie.length === this.#given.length && timingSafeEqual(cookie, this.#given)
    if (!isRight) return done(new Error('the client has another cookie'))
    const all = this.#held
    this.#held = undefined
    // A cookie of another length would need another packet; all of ours have 16 bytes.
    this.#real.copy(all, cookieAt)
    this.push(all.subarray(0, whole))
    done(null, all.subarray(whole))
  }

  override _flush(done: TransformCallback): void {
    done(this.#held ? new Error('the client left before it had said who it is') : null)
  }
}

interface Setup {
  readonly name: string
  readonly cookie: Buffer
  readonly cookieAt: number
  readonly whole: number
}

/** What stands in as much of the packet as is there; undefined: it is none. */
function setupOf(bytes: Buffer): Setup | undefined {
  const order = String.fromCharCode(bytes[0] ?? 0)
  if (order !== 'l' && order !== 'B') return undefined
  const number = (at: number) => (order === 'l' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const nameLength = number(6)
  const cookieAt = fixed + padded(nameLength)
  const cookieEnd = cookieAt + number(8)
  return {
    name: bytes.toString('latin1', fixed, fixed + nameLength),
    cookie: bytes.subarray(cookieAt, cookieEnd),
    cookieAt,
    whole: cookieAt + padded(number(8)),
  }
}
