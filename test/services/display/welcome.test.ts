import { Duplex } from 'node:stream'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asked, connectX } from '../../../src/services/display/x11/connect.ts'
import { type Said, welcome } from '../../support/x-server.ts'

/** An X server that answers the first packet with these bytes, in pieces. */
function saying(bytes: Buffer, piece = bytes.length): Duplex {
  let isAsked = false
  return new Duplex({
    read: () => {},
    write(_piece, _encoding, done) {
      if (!isAsked) for (let at = 0; at < bytes.length; at += piece) this.push(bytes.subarray(at, at + piece))
      isAsked = true
      done()
    },
  })
}

/** An X server that gives every name the same atom. */
function naming(atom: number): Duplex {
  let isAsked = false
  let requests = 0
  return new Duplex({
    read: () => {},
    write(said: Buffer, _encoding, done) {
      if (!isAsked) this.push(welcome({}))
      isAsked = true
      if (said[0] === internAtom) {
        const reply = Buffer.alloc(32)
        reply[0] = 1
        reply.writeUInt16LE(++requests, 2)
        reply.writeUInt32LE(atom, 8)
        this.push(reply)
      }
      done()
    },
  })
}
const internAtom = 16

it('has the numbers of each server by that server alone', async () => {
  const numbers: number[] = []
  for (const atom of [301, 402]) {
    const x = await connectX(naming(atom), undefined)
    numbers.push(await asked<number>((done) => x.client.InternAtom(false, '_NET_SUPPORTED', done)))
    x.close()
  }
  expect(numbers).toEqual([301, 402])
})

describe('what an X server says first', () => {
  it('is read in whatever pieces it comes', async () => {
    for (const piece of [1, 7, 1000]) {
      const x = await connectX(saying(welcome({}), piece), undefined)
      expect(x).toMatchObject({
        root: 0x4cf,
        size: { width: 1024, height: 768 },
        white: 0xff_ffff,
        keys: [8, 255],
      })
      x.close()
      await x.ended
    }
  })

  it.each([
    ['no ids for its clients', { mask: 0 }],
    ['ids with holes', { mask: 0x1f_f0ff }],
    ['few ids', { mask: 0xff }],
    ['ids that are another client’s', { base: 1 }],
    ['no screen', { screens: 0 }],
    ['a screen without pixels', { size: [0, 0] }],
    ['keys of which there are none', { keys: [7, 255] }],
    ['keys that end before they begin', { keys: [200, 100] }],
    ['that it wants more than a cookie', { status: 2 }],
    ['more formats than it tells of', { formats: 0, visuals: 0, screens: 1, status: 3 }],
  ] as [string, Said][])('with %s ends the connection', async (_what, said) => {
    const stream = saying(welcome(said))
    await expect(connectX(stream, undefined)).rejects.toThrow(/is not X11/)
    expect(stream.destroyed).toBe(true)
  })

  it('is taken where it tells the same of a hundred thousand things', async () => {
    const x = await connectX(saying(welcome({ visuals: 10_000, formats: 255 })), undefined)
    expect(x.size).toEqual({ width: 1024, height: 768 })
    x.close()
  })

  it('is told in its own words where it refuses', async () => {
    const why = Buffer.from('No protocol specified\n\0\0')
    const head = Buffer.from([0, 22, 11, 0, 0, 0, why.length / 4, 0])
    await expect(connectX(saying(Buffer.concat([head, why])), undefined)).rejects.toThrow(
      /^the X server refuses: No protocol specified$/,
    )
  })

  it('ends or stands, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 34, maxLength: 120 }), async (noise) => {
        const bytes = welcome({})
        bytes.set(noise.subarray(0, bytes.length - 8), 8)
        await connectX(saying(bytes), undefined).then(
          (x) => x.close(),
          () => {},
        )
      }),
      { numRuns: 200 },
    )
  })
})
