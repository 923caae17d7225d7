import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { connectMachine } from '../../../src/services/display/keeper/connect.ts'

/** An sshd that does this with each connection, the first one being 1; how often it was connected to, and why nobody got in. */
async function knock(does: (socket: Socket, count: number) => void) {
  let count = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    does(socket, ++count)
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const machine = { name: 'desk1', address: '127.0.0.1', user: 'anna', port }
  const { kind, reason } = await connectMachine(
    machine,
    { folder: '/nonexistent', pauses: [1, 1] },
    new AbortController().signal,
  ).then(
    () => expect.fail('got in'),
    (error: { kind: string; reason?: string; message: string }) => ({ ...error, reason: error.message }),
  )
  return { count, kind, reason }
}

const greets = (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n')

it.each([
  ['without a word', (socket: Socket) => socket.end()],
  ['by a reset', (socket: Socket) => socket.resetAndDestroy()],
  ['and says why', (socket: Socket) => socket.end('Exceeded MaxStartups\r\n')],
])('a machine whose sshd closes the connection at the door, %s, is tried twice more', async (_, does) => {
  expect(await knock(does)).toMatchObject({
    count: 3,
    kind: 'unreachable',
    reason: expect.stringMatching(/closed the connection/),
  })
})

it('one that lets the next in is gone on with', async () => {
  const { count, reason } = await knock((socket, count) => (count < 2 ? socket.end() : greets(socket)))
  expect([count, reason]).toEqual([2, expect.stringMatching(/^desk1: /)])
})

it('one that has said what it is is not tried again', async () => {
  expect(await knock(greets)).toMatchObject({ count: 1, kind: 'unreachable' })
})
