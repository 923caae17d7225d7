import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { overUdp } from '../../../src/services/radius/wire.ts'
import { until } from '../../support/until.ts'
import { FakeServer } from './server.ts'

const question = Buffer.from('question')
const answer = Buffer.from('answer')
const isAnswer = (datagram: Buffer) => datagram.equals(answer)
const never = new AbortController().signal
const timeout = 1_000

let server: FakeServer | undefined

/** Time goes on only as the tests say; packets come and go by themselves. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(async () => {
  vi.useRealTimers()
  await server?.close()
  server = undefined
})

/** UDP sockets of this process. */
const sockets = () => process.getActiveResourcesInfo().filter((name) => /^UDP/i.test(name)).length

/** A port of loopback on which nothing listens. */
async function closedPort(address: string): Promise<number> {
  const gone = await FakeServer.open(() => {}, address)
  const { port } = gone.at
  await gone.close()
  return port
}

describe('a packet by UDP', () => {
  it.each(['127.0.0.1', '::1'])('brings the answer back from %s', async (address) => {
    server = await FakeServer.open((_, reply) => reply(answer), address)
    expect(await overUdp(server.at, question, isAnswer, timeout, never)).toEqual(answer)
    expect(server.requests).toEqual([question])
  })

  it('finds the address of a name', async () => {
    server = await FakeServer.open((_, reply) => reply(answer), (await lookup('localhost')).address)
    const to = { address: 'localhost', port: server.at.port }
    expect(await overUdp(to, question, isAnswer, timeout, never)).toEqual(answer)
  })

  it('is sent once more, the same, when half of the time is over', async () => {
    let isLost = true
    server = await FakeServer.open((_, reply) => {
      if (!isLost) reply(answer)
      isLost = false
    })
    const asked = overUdp(server.at, question, isAnswer, timeout, never)
    await server.heard(1)
    vi.advanceTimersByTime(timeout / 2)
    expect(await asked).toEqual(answer)
    expect(server.requests).toEqual([question, question])
  })

  it('is not sent a third time, and is given up in the end', async () => {
    server = await FakeServer.open(() => {})
    const asked = overUdp(server.at, question, isAnswer, timeout, never)
    await server.heard(1)
    vi.advanceTimersByTime(timeout / 2)
    await server.heard(2)
    vi.advanceTimersByTime(timeout / 2)
    expect(await asked).toBeUndefined()
    expect(server.requests).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('passes over what is no answer', async () => {
    server = await FakeServer.open((_, reply) => {
      for (const text of ['no', '', 'answer?']) reply(Buffer.from(text))
      reply(answer)
    })
    const seen: string[] = []
    const noted = (datagram: Buffer) => {
      seen.push(datagram.toString())
      return isAnswer(datagram)
    }
    expect(await overUdp(server.at, question, noted, timeout, never)).toEqual(answer)
    expect(seen).toEqual(['no', '', 'answer?', 'answer'])
  })

  it('leaves no socket behind', async () => {
    server = await FakeServer.open((_, reply) => reply(answer))
    const before = sockets()
    expect(before).toBeGreaterThan(0)
    for (let i = 0; i < 5; i++) await overUdp(server.at, question, isAnswer, timeout, never)
    vi.useRealTimers()
    await until('the sockets to be closed', () => sockets() <= before)
  })

  it('hears nobody but the one that was asked', async () => {
    server = await FakeServer.open((_, reply, from) => {
      // Its datagram is there before the answer: both go by loopback, one after the other.
      const stranger = createSocket('udp4')
      stranger.send(answer, from, '127.0.0.1', () => {
        stranger.close()
        reply(Buffer.from('right'))
      })
    })
    expect(await overUdp(server.at, question, () => true, timeout, never)).toEqual(Buffer.from('right'))
  })

  it("that comes after the deadline is nobody's", async () => {
    const late: (() => void)[] = []
    server = await FakeServer.open((request, reply) => {
      if (request.equals(question)) late.push(() => reply(Buffer.from('late')))
      else {
        for (const one of late) one()
        reply(answer)
      }
    })
    const first = overUdp(server.at, question, () => true, timeout, never)
    await server.heard(1)
    vi.advanceTimersByTime(timeout)
    expect(await first).toBeUndefined()
    expect(await overUdp(server.at, Buffer.from('second'), () => true, timeout, never)).toEqual(answer)
  })

  it.each(['127.0.0.1', '::1'])('to a closed port of %s fails at once', async (address) => {
    const to = { address, port: await closedPort(address) }
    await expect(overUdp(to, question, isAnswer, timeout, never)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('to a name that nobody has fails', async () => {
    const to = { address: 'name with blanks.invalid', port: 1812 }
    await expect(overUdp(to, question, isAnswer, timeout, never)).rejects.toHaveProperty('code')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is given up when the caller gives up', async () => {
    server = await FakeServer.open(() => {})
    const caller = new AbortController()
    const asked = overUdp(server.at, question, isAnswer, timeout, caller.signal)
    await server.heard(1)
    caller.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not sent where the caller has given up before', async () => {
    const asked = overUdp(
      { address: '::1', port: 1812 },
      question,
      isAnswer,
      timeout,
      AbortSignal.abort(new Error('enough')),
    )
    await expect(asked).rejects.toThrow('enough')
    expect(vi.getTimerCount()).toBe(0)
  })
})
