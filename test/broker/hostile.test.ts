import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BrokerOptions } from '../../src/broker/options.ts'
import { type BrokerReply, longestLine, replySchema } from '../../src/broker/protocol.ts'
import { allowances } from '../../src/broker/rates.ts'
import { serve } from '../../src/broker/serve.ts'
import { anna, answer, bruno, Office } from './support/broker.ts'
import { hostile } from './support/hostile.ts'
import { systemOf } from './support/systems.ts'

let office: Office
beforeEach(() => {
  office = new Office()
})
afterEach(() => office.close())

const systems = [systemOf('office', ['pc1']), systemOf('secret', ['pc9'], { groups: ['teachers'] })]
const never = new AbortController().signal
const hour = 3_600_000

/** The person's own broker. No host is asked by what is refused. */
function annas(given: Partial<BrokerOptions> = {}) {
  return office.broker(anna, systems, {
    fleet: () => Promise.reject(new Error('a host was asked')),
    ...given,
  })
}

/** All that it says to an input. */
async function said(broker: ReturnType<typeof annas>, input: Readable): Promise<BrokerReply[]> {
  const output = new PassThrough()
  const collected = output.toArray()
  await serve(broker, input, output, never)
  output.end()
  const text = Buffer.concat((await collected) as Buffer[]).toString()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => replySchema.parse(JSON.parse(line)))
}

const lines = (...all: readonly (string | Uint8Array)[]) =>
  Readable.from(all.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]))

describe('hostile requests', () => {
  it('are more than two hundred', () => {
    expect(hostile.length).toBeGreaterThan(400)
  })

  it('are each refused once, told in the journal with the person’s name, and change nothing', async () => {
    const taken = {
      n: 1,
      ask: 'account',
      what: 'start',
      channel: 'taken2',
      machine: 'pc9',
      session: 'xfce',
      terminal: 'term1',
    }
    office.give('pc9', bruno)
    expect(await answer(office.broker(bruno, systems), taken)).toHaveProperty('done')
    const before = office.rows('SELECT * FROM desk_account')
    // An hour for each: what is asked in a short time is refused for that alone.
    let now = Date.now()
    const broker = annas({
      now: () => {
        now += 60_000
        return now
      },
    })
    const replies = await said(broker, lines(...hostile.map(({ line }) => line)))
    expect(replies).toHaveLength(hostile.length)
    for (const [i, { what, n, no }] of hostile.entries())
      expect([what, replies[i]]).toEqual([
        what,
        { n, last: true, no, reference: expect.stringMatching(/^[a-z2-7]{6}$/) },
      ])
    const told = office.told(anna)
    expect(told).toHaveLength(hostile.length)
    for (const [i, entry] of told.entries()) {
      const reply = replies[i]
      expect(entry).toMatchObject({ kind: 'did', severity: 'warning', who: 'anna (desk)', host: 'desk' })
      expect(entry.text).toMatch(/^refused: /)
      expect(entry.text).toContain(`(${reply && 'reference' in reply && reply.reference})`)
      // Nothing in it moves a cursor.
      expect(entry.text).not.toMatch(/[\p{Cc}\u2028\u202e]/u)
      expect(entry.plan).toBeUndefined()
    }
    expect(office.rows('SELECT * FROM desk_account')).toEqual(before)
    expect(office.rows('SELECT uid FROM desk_hold')).toEqual([{ uid: bruno.uid }])
  })

  it('do not keep the next request from being answered', async () => {
    office.give('pc1', anna)
    const start = {
      n: 1,
      ask: 'account',
      what: 'start',
      channel: 'abcdef',
      machine: 'pc1',
      session: 'x',
      terminal: 't',
    }
    const replies = await said(annas(), lines('rubbish', Uint8Array.of(0xff), JSON.stringify(start)))
    expect(replies.map((reply) => ('no' in reply ? reply.no : 'done'))).toEqual([
      'malformed',
      'malformed',
      'done',
    ])
  })
})

describe('an input', () => {
  it('that never ends a line is told so once, and takes no memory', async () => {
    const piece = Buffer.alloc(longestLine, 'x')
    async function* endless() {
      for (let i = 0; i < 2_000; i++) yield piece
      yield Buffer.from('\n{"n":3,"ask":"account","what":"alive"}\n')
    }
    global.gc?.()
    const before = process.memoryUsage().arrayBuffers
    const replies = await said(annas(), Readable.from(endless()))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * longestLine)
    expect(replies).toMatchObject([
      { n: -1, no: 'malformed' },
      { n: 3, no: 'malformed' },
    ])
    expect(office.told(anna)).toHaveLength(2)
  })

  it('of thousands of requests is answered to each, and most are too many', async () => {
    const now = 1_000_000 * hour
    const all = Array.from({ length: 5_000 }, (_, n) =>
      JSON.stringify({ n, ask: 'machine', system: 'secret' }),
    )
    const replies = await said(annas({ now: () => now }), lines(...all))
    expect(replies.map(({ n }) => n)).toEqual(all.map((_, n) => n))
    const many = replies.filter((reply) => 'no' in reply && reply.no === 'too-many')
    expect(many).toHaveLength(5_000 - allowances.told.most)
    expect(office.told(anna).length).toBeLessThan(allowances.told.most + 3)
  })

  it('that comes letter by letter is understood', async () => {
    const letters = [...'{"n":1,"ask":"machine","system":"no"}\n{"n":2,"ask":"machine","system":"no"}'].map(
      (one) => Buffer.from(one),
    )
    expect(await said(annas(), Readable.from(letters))).toMatchObject([{ n: 1 }, { n: 2 }])
  })

  it('that breaks is the end of it', async () => {
    const input = new PassThrough()
    const ended = serve(annas(), input, new PassThrough(), never)
    input.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    await ended
  })
})

describe('an output', () => {
  it('that nobody reads any more ends it, also while it waits for a request', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const ended = serve(annas(), input, output, never)
    output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await ended
    expect(input.destroyed).toBe(true)
  })

  it('that nobody reads any more gives up what is under way, and takes no machine from the others', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const waiting = Promise.withResolvers<void>()
    const broker = office.broker(anna, [systemOf('exam', ['exam-02'])], {
      sshd: async (_place, _patience, signal) => {
        waiting.resolve()
        await once(signal, 'abort')
        return false
      },
    })
    const ended = serve(broker, input, output, never)
    input.write('{"n":1,"ask":"machine","system":"exam"}\n')
    await waiting.promise
    output.destroy()
    await ended
    expect(office.rows('SELECT uid FROM desk_hold')).toEqual([{ uid: anna.uid }])
  })

  it('that is full is waited for, and no further request is begun', async () => {
    const output = new PassThrough({ highWaterMark: 1 })
    const asked: number[] = []
    const broker = {
      async *handle(line: Uint8Array | 'too long'): AsyncGenerator<BrokerReply> {
        asked.push(line.length)
        yield { n: 1, last: true, done: true }
      },
    }
    const ended = serve(broker, lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), output, never)
    await once(output, 'readable')
    expect(asked.length).toBeLessThan(4)
    output.resume()
    await ended
    expect(asked).toHaveLength(8)
  })

  it('that nobody reads, though it is open, ends it after a while, and what is under way', async () => {
    const [input, output] = [new PassThrough(), new PassThrough({ highWaterMark: 1 })]
    const broker = {
      async *handle(): AsyncGenerator<BrokerReply> {
        for (;;) yield { n: 1, step: 'waiting' }
      },
    }
    const ended = serve(broker, input, output, never, 10)
    input.write('a\n')
    await ended
    expect(input.destroyed).toBe(true)
  })

  it('is ended by a signal', async () => {
    const ending = new AbortController()
    const ended = serve(annas(), new PassThrough(), new PassThrough(), ending.signal)
    ending.abort()
    await ended
  })
})
