import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export interface Said {
  readonly status?: number
  readonly base?: number
  readonly mask?: number
  readonly keys?: readonly [number, number]
  readonly screens?: number
  readonly formats?: number
  readonly size?: readonly [number, number]
  /** visuals of the one depth of its screen, all with the same id */
  readonly visuals?: number
}

/** What an X server says first; by default as Xvfb does. */
export function welcome({
  status = 1,
  base = 0x20_0000,
  mask = 0x1f_ffff,
  keys = [8, 255],
  screens = 1,
  formats = 1,
  size = [1024, 768],
  visuals = 1,
}: Said): Buffer {
  const vendor = Buffer.from('X.Org\0\0\0')
  const fixed = Buffer.alloc(40)
  fixed[0] = status
  fixed.writeUInt16LE(11, 2)
  fixed.writeUInt32LE(base, 12)
  fixed.writeUInt32LE(mask, 16)
  fixed.writeUInt16LE(5, 24)
  fixed.writeUInt16LE(65_535, 26)
  fixed.set([screens, formats, 0, 0, 32, 32, ...keys], 28)
  const screen = Buffer.alloc(40)
  screen.writeUInt32LE(0x4cf, 0)
  screen.writeUInt32LE(0xff_ffff, 8)
  screen.writeUInt16LE(size[0], 20)
  screen.writeUInt16LE(size[1], 22)
  screen.set([24, 1], 38)
  const depth = Buffer.alloc(8)
  depth[0] = 24
  depth.writeUInt16LE(visuals, 2)
  const rest = [vendor, Buffer.alloc(8 * formats), screen, depth, Buffer.alloc(24 * visuals)]
  const all = Buffer.concat([fixed, ...rest])
  all.writeUInt16LE((all.length - 8) / 4, 6)
  return all
}

/** Requests of the X11 protocol that have a reply. */
const asking = { queryTree: 15, internAtom: 16, getProperty: 20 } as const

/** An X server without a window and without a window manager, as whoever sits at a terminal has it. */
export class EmptyScreen {
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((socket) => this.#serve(socket))

  /** @returns the name of its display */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    return `127.0.0.1:${(typeof address === 'object' && address ? address.port : 0) - 6000}`
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    let heard = Buffer.alloc(0)
    let requests = -1
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
    socket.on('data', (piece) => {
      heard = Buffer.concat([heard, piece])
      // The first packet tells who asks; without a cookie it has twelve bytes.
      for (let length = 12; heard.length >= 4; ) {
        if (requests >= 0) length = 4 * heard.readUInt16LE(2)
        if (heard.length < length) return
        const [code = 0] = heard
        heard = heard.subarray(length)
        if (++requests === 0) socket.write(welcome({}))
        else if (Object.values(asking).some((one) => one === code)) socket.write(nothing(requests))
      }
    })
  }
}

/** A reply that has no window, no property, and no atom. */
function nothing(sequence: number): Buffer {
  const reply = Buffer.alloc(32)
  reply[0] = 1
  reply.writeUInt16LE(sequence, 2)
  return reply
}
