import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authority, cookieProtocol, newCookie } from '../../../src/services/display/x11/cookie.ts'
import { CookieSwap } from '../../../src/services/display/x11/setup.ts'

const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])

/** The first packet of an X client. */
function setup(order: 'l' | 'B', cookie: Buffer, name: string = cookieProtocol): Buffer {
  const head = Buffer.alloc(12)
  head.write(order)
  const put = (value: number, at: number) =>
    order === 'l' ? head.writeUInt16LE(value, at) : head.writeUInt16BE(value, at)
  put(11, 2)
  put(name.length, 6)
  put(cookie.length, 8)
  return Buffer.concat([head, padded(Buffer.from(name)), padded(cookie)])
}

/** What comes out of it, or why nothing does. */
async function through(swap: CookieSwap, pieces: readonly Buffer[]): Promise<Buffer | string> {
  const out: Buffer[] = []
  const { promise, resolve } = Promise.withResolvers<Buffer | string>()
  swap.on('data', (piece: Buffer) => out.push(piece))
  swap.on('end', () => resolve(Buffer.concat(out)))
  swap.on('error', (error) => resolve(error.message))
  for (const piece of pieces) swap.write(piece)
  swap.end()
  return await promise
}

const [given, real] = [newCookie(), newCookie()]

describe('the cookie of a session', () => {
  it('becomes the real one at the border, in whatever pieces it comes, and what follows is left as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('l' as const, 'B' as const),
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 80 }),
        async (order, more, lengths) => {
          const rest = Buffer.concat([given, Buffer.from(more)])
          const whole = Buffer.concat([setup(order, given), rest])
          const pieces: Buffer[] = []
          for (let at = 0, i = 0; at < whole.length; i++) {
            const length = lengths[i % lengths.length] ?? 1
            pieces.push(whole.subarray(at, at + length))
            at += length
          }
          const expected = Buffer.concat([setup(order, real), rest])
          expect(await through(new CookieSwap(given, real), pieces)).toEqual(expected)
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each([
    ['another cookie', setup('l', newCookie()), 'the client has another cookie'],
    ['the real cookie', setup('l', real), 'the client has another cookie'],
    ['no cookie', setup('l', Buffer.alloc(0), ''), 'the client has another cookie'],
    ['another way', setup('l', given, 'XDM-AUTHORIZATION-1'), 'the client has another cookie'],
    [
      'a cookie that has more behind it',
      setup('l', Buffer.concat([given, given])),
      'the client has another cookie',
    ],
    ['a name without end', setup('B', given, 'A'.repeat(5000)), 'the client does not speak X11'],
    ['no X11', Buffer.from('GET / HTTP/1.0\r\n\r\n'), 'the client does not speak X11'],
    ['half of it', setup('l', given).subarray(0, 20), 'the client left before it had said who it is'],
    ['nothing', Buffer.alloc(0), 'the client left before it had said who it is'],
  ])('lets nobody in who comes with %s', async (_what, bytes, why) => {
    expect(await through(new CookieSwap(given, real), [bytes])).toBe(why)
  })

  it.skipIf(!has('xauth'))('is written as xauth reads it, for every display', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vdd-cookie-'))
    try {
      const file = join(folder, 'auth')
      writeFileSync(file, authority(real), { mode: 0o600 })
      const listed = execFileSync('xauth', ['-f', file, 'nlist'], { encoding: 'utf8' })
      expect(listed).toBe(
        `ffff 0000  0000  0012 4d49542d4d414749432d434f4f4b49452d31 0010 ${real.toString('hex')}\n`,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

function has(program: string): boolean {
  try {
    execFileSync(program, ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
