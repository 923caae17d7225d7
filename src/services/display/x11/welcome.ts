import { Transform, type TransformCallback } from 'node:stream'

/** Bytes that tell how long the rest is; of what stands in it in fixed places; and of a screen without its depths. */
const sizes = { head: 8, fixed: 32, screen: 40, format: 8 } as const
/** Resource ids have 29 bits, of which a client has 18 at least. */
const ids = { all: 0x1fff_ffff, least: 0x3_ffff } as const

const padded = (length: number) => (length + 3) & ~3

/**
 * What an X server says first, held against the protocol before the npm package x11 reads it: the server may be on anybody's terminal, and with some numbers
 * the package would count for ever. It is passed on without what nobody uses here: the vendor, the pixel formats, the depths, and all screens but the first.
 * What follows is passed on as it is.
 *
 * Errors: `the X server refuses: WHY`, `what the X server says of itself is not X11: WHAT`. X11 protocol, section 8, Connection Setup; in this machine's byte
 * order, which the package asks for.
 */
export class Welcome extends Transform {
  /** undefined: it has gone by */
  #held: Buffer | undefined = Buffer.alloc(0)

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.#held) return done(null, piece)
    this.#held = Buffer.concat([this.#held, piece])
    const all = this.#held
    if (all.length < sizes.head) return done()
    const whole = sizes.head + 4 * all.readUInt16LE(6)
    if (all.length < whole) return done()
    this.#held = undefined
    try {
      this.push(checked(all.subarray(0, whole)))
      done(null, all.subarray(whole))
    } catch (error) {
      done(error as Error)
    }
  }
}

function checked(said: Buffer): Buffer {
  const [status, reasonLength = 0] = said
  if (status === 0) {
    const reason = said.toString('latin1', sizes.head, sizes.head + reasonLength)
    throw new Error(`the X server refuses: ${reason.trim()}`)
  }
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`what the X server says of itself is not X11: ${what}`)
  }
  must(status === 1, 'its status')
  const { head, fixed, format, screen } = sizes
  must(said.length >= head + fixed, 'its length')
  const [base, mask] = [said.readUInt32LE(12), said.readUInt32LE(16)]
  // One row of bits: the lowest of them added to it leaves one above, or none.
  const isRow = mask !== 0 && (mask & (mask + (mask & -mask))) === 0
  const areIds = mask <= ids.all && base <= ids.all && (mask & base) === 0
  must(isRow && areIds && mask / (mask & -mask) >= ids.least, 'its resource ids')
  must((said[34] ?? 0) >= 8 && (said[35] ?? 0) >= (said[34] ?? 0), 'its keys')
  must((said[28] ?? 0) > 0, 'it has no screen')
  const at = head + fixed + padded(said.readUInt16LE(24)) + format * (said[29] ?? 0)
  must(said.length >= at + screen, 'its screen')
  const first = said.subarray(at, at + screen)
  must(first.readUInt16LE(20) > 0 && first.readUInt16LE(22) > 0, 'the size of its screen')
  const short = Buffer.concat([said.subarray(0, head + fixed), first])
  short.writeUInt16LE((short.length - head) / 4, 6)
  // No vendor, one screen, no formats, no depths.
  short.writeUInt16LE(0, 24)
  short[28] = 1
  short[29] = 0
  short[short.length - 1] = 0
  return short
}
