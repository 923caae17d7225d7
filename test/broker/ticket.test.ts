import { type Duplex, duplexPair } from 'node:stream'
import { expect, it } from 'vitest'
import { withTicket } from '../../src/broker/ticket.ts'
import { introduced, serverLink, viewerLink } from '../support/spice.ts'

/** A viewer, and the server behind. */
function between(): { viewer: Duplex; server: Duplex; near: Duplex } {
  const [near, server] = duplexPair()
  return { viewer: withTicket(near, 'città'), server, near }
}

it('gives a SPICE server the password that its viewer does not know', async () => {
  const { viewer, server } = between()
  expect(await introduced(viewer, server)).toBe('città\0')
})

it.each([
  ['a viewer that speaks otherwise', Buffer.from('GET / HTTP/1.1\r\n\r\n'), undefined],
  ['a viewer that says too much', Buffer.from('REDQ\x02\0\0\0\x02\0\0\0\0\0\x01\0'), undefined],
  ['a viewer that says nothing', Buffer.from('REDQ\x02\0\0\0\x02\0\0\0\0\0\0\0'), undefined],
  ['a server that speaks otherwise', viewerLink, Buffer.from('RFB 003.008\nRFB 003.008\n')],
  ['a server without a key', viewerLink, Buffer.from('REDQ\x02\0\0\0\x02\0\0\0\x04\0\0\0\0\0\0\0')],
])('ends with %s', async (_who, says, answers) => {
  const { viewer, server, near } = between()
  server.resume()
  viewer.resume().write(says)
  if (answers) {
    server.write(answers)
    viewer.write(Buffer.concat([Buffer.from([1, 0, 0, 0]), Buffer.alloc(128)]))
  }
  await expect.poll(() => [viewer.destroyed, near.destroyed]).toEqual([true, true])
})

it('ends with either of both, however far they are', async () => {
  for (const who of ['viewer', 'near'] as const) {
    const { viewer, server, near } = between()
    viewer.write(viewerLink)
    server.resume().write(serverLink().subarray(0, 20))
    ;(who === 'viewer' ? viewer : near).destroy()
    await expect.poll(() => [viewer.destroyed, near.destroyed]).toEqual([true, true])
  }
})
