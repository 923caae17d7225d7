import { Duplex } from 'node:stream'
import { afterEach, expect, it, vi } from 'vitest'
import { connectX } from '../../../src/services/display/x11/connect.ts'

afterEach(() => void vi.useRealTimers())

/** An X server that hears and says nothing. */
const mute = (heard = () => {}) =>
  new Duplex({
    read: () => {},
    write: (_piece, _encoding, done) => {
      heard()
      done()
    },
  })

it('gives up an X server that takes the connection and says nothing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { promise: heard, resolve } = Promise.withResolvers<void>()
  const stream = mute(resolve)
  const connected = connectX(stream, undefined)
  const refused = expect(connected).rejects.toThrow('the X server does not answer')
  await heard
  await vi.advanceTimersByTimeAsync(15_000)
  await refused
  expect(stream.destroyed).toBe(true)
})

it('survives an X server that goes before it was spoken to', async () => {
  const stream = mute()
  const connected = connectX(stream, undefined)
  stream.destroy(new Error('read ECONNRESET'))
  await expect(connected).rejects.toThrow(/X server closed|setup|ECONNRESET/)
})
