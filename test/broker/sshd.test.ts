import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { awaitSshd } from '../../src/broker/sshd.ts'

const opened: Server[] = []
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

async function listening(on: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    on(socket)
  })
  opened.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

const never = new AbortController().signal
const at = async (port: number, patience = 0, signal = never) =>
  await awaitSshd({ host: '127.0.0.1', port }, patience, signal)

describe('the sshd of a machine', () => {
  it('is there when it says so, also behind other lines', async () => {
    expect(await at(await listening((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))).toBe(true)
    expect(await at(await listening((socket) => socket.write('welcome\r\nSSH-2.0-x\r\n')))).toBe(true)
  })

  it('is not what listens and is another', async () => {
    expect(await at(await listening((socket) => socket.end('HTTP/1.1 400 SSH-2.0\r\n')))).toBe(false)
    expect(await at(await listening((socket) => socket.end()))).toBe(false)
    expect(await at(await listening((socket) => socket.write('x'.repeat(100_000))))).toBe(false)
    expect(await at(1)).toBe(false)
  })

  it('is waited for', async () => {
    let times = 0
    const port = await listening((socket) => socket.end(++times < 3 ? '' : 'SSH-2.0-x\r\n'))
    expect(await at(port, 60_000)).toBe(true)
    expect(times).toBe(3)
  })

  it('is not waited for by whoever has gone', async () => {
    const gone = new AbortController()
    const port = await listening(() => gone.abort())
    expect(await at(port, 600_000, gone.signal)).toBe(false)
  })
})
