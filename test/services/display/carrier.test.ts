import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex, PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Carrier } from '../../../src/services/display/x11/carrier.ts'
import { cookieProtocol, newCookie } from '../../../src/services/display/x11/cookie.ts'
import { until } from '../../support/until.ts'

/** An X server that says what it has heard. */
let server: Server
let heard: Buffer[] = []
let folder = ''
const sockets: Socket[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-carrier-'))
  heard = []
  server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      heard.push(bytes)
      socket.write('welcome')
    })
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'X'), resolve))
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server.close()
  rmSync(folder, { recursive: true })
})

const real = newCookie()
const carrier = (bounds = { most: 2, strangers: 2, patience: 60_000 }) =>
  new Carrier(0, real, { path: join(folder, 'X'), bounds })

/** A client on the machine's side of the line: what it writes, and what comes to it. */
function client(): { readonly line: Duplex; readonly out: PassThrough; readonly into: PassThrough } {
  const [out, into] = [new PassThrough(), new PassThrough()]
  return { line: Duplex.from({ readable: out, writable: into }), out, into }
}

function setup(cookie: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.write('l')
  head.writeUInt16LE(cookieProtocol.length, 6)
  head.writeUInt16LE(cookie.length, 8)
  return Buffer.concat([head, Buffer.from(cookieProtocol), Buffer.alloc(2), cookie])
}

describe('what carries the X clients of a machine', () => {
  it('takes them to the display with its cookie, and the answers back', async () => {
    const one = carrier()
    const { line, out, into } = client()
    one.carry(line)
    out.write(setup(one.cookie))
    await until('an answer', () => into.read() ?? undefined)
    expect(Buffer.concat(heard)).toEqual(setup(real))
  })

  it('cuts off who has another cookie, before the display hears of it', async () => {
    const one = carrier()
    const { line, out } = client()
    one.carry(line)
    out.write(setup(real))
    await until('the end of the line', () => line.destroyed)
    expect(heard).toEqual([])
  })

  it('cuts off who says nothing', async () => {
    const { line } = client()
    carrier({ most: 2, strangers: 2, patience: 1 }).carry(line)
    await until('the end of the line', () => line.destroyed)
  })

  it('takes no more at once than an X server has clients, and one more when one has gone', async () => {
    const one = carrier()
    const join = async () => {
      const { line, out, into } = client()
      one.carry(line)
      out.write(setup(one.cookie))
      await until('an answer or its end', () => into.readableLength || line.destroyed || undefined)
      return line
    }
    const lines = [await join(), await join(), await join()]
    expect(lines.map(({ destroyed }) => destroyed)).toEqual([false, false, true])
    lines[0]?.destroy()
    await until('its end', () => lines[0]?.closed)
    expect((await join()).destroyed).toBe(false)
  })

  it('has strangers who say nothing keep nobody out, and none of them reach the display', async () => {
    const one = carrier()
    const strangers = Array.from({ length: 50 }, () => {
      const { line } = client()
      one.carry(line)
      return line
    })
    expect(strangers.filter(({ destroyed }) => !destroyed)).toHaveLength(2)
    const { line, out, into } = client()
    one.carry(line)
    out.write(setup(one.cookie))
    await until('an answer', () => into.read() ?? undefined)
    expect(sockets).toHaveLength(1)
  })
})
