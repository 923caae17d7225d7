import { afterEach, describe, expect, it, vi } from 'vitest'
import type { HostError } from '../../../src/hosts/host.ts'
import type { Rounds } from '../../../src/hosts/rounds.ts'
import type { RadiusReading, RadiusSettings } from '../../../src/services/radius/facts.ts'
import { codes, decode, encodeResponse, openRequest } from '../../../src/services/radius/packet.ts'
import { watchRadius } from '../../../src/services/radius/watch.ts'
import type { RadiusWire } from '../../../src/services/radius/wire.ts'
import { withTestClock } from '../support/watching.ts'
import { recorded, secret, statusSecret } from './recorded.ts'

withTestClock()

const settings: RadiusSettings = {
  address: '192.0.2.1',
  port: 1812,
  secret,
  statusPort: 18121,
  statusSecret,
  login: { user: 'probe', password: 'open sesame' },
}

/** What is asked of a server: three questions. */
type Question = 'status' | 'statistics' | 'login'
type Manner = 'answers' | 'rejects' | 'is silent' | 'is closed'

/** A server that a test may change while it is watched. */
class Scene {
  readonly manner: Record<Question, Manner>
  readonly asked: { readonly question: Question; readonly at: number }[] = []
  readonly readings: RadiusReading[] = []
  readonly troubles: { readonly error: HostError; readonly at: number }[] = []
  readonly rounds: Rounds
  /** exchanges that have not come to an end */
  open = 0

  constructor(manner: Partial<Record<Question, Manner>>) {
    this.manner = { status: 'answers', statistics: 'answers', login: 'answers', ...manner }
    this.rounds = watchRadius({
      host: 'fe1',
      wire: this.#wire,
      settings: () => settings,
      interval: 1_000,
      now: Date.now,
      sink: {
        reading: (reading) => this.readings.push(reading),
        trouble: (host, error) => {
          expect(host).toBe('fe1')
          this.troubles.push({ error, at: Date.now() })
        },
      },
    })
    this.rounds.start()
  }

  get last(): RadiusReading | undefined {
    return this.readings.at(-1)
  }

  count(question: Question): number {
    return this.asked.filter((one) => one.question === question).length
  }

  readonly #wire: RadiusWire = async ({ port }, request, _, timeout, signal) => {
    const isLogin = decode(request).code === codes.accessRequest
    const question = isLogin ? 'login' : port === settings.statusPort ? 'statistics' : 'status'
    const key = question === 'statistics' ? statusSecret : secret
    openRequest(request, key)
    this.asked.push({ question, at: Date.now() })
    const manner = this.manner[question]
    if (manner === 'is closed') throw Object.assign(new Error(), { code: 'ECONNREFUSED' })
    if (manner === 'is silent') return this.#silence(timeout, signal)
    const { attributes } = decode(recorded('statistics').answer)
    const code = manner === 'rejects' ? codes.accessReject : codes.accessAccept
    return encodeResponse(request, key, code, question === 'statistics' ? attributes : [])
  }

  #silence(timeout: number, signal: AbortSignal): Promise<undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    this.open++
    const timer = setTimeout(() => resolve(undefined), timeout)
    signal.addEventListener('abort', () => reject(signal.reason))
    return promise.finally(() => {
      this.open--
      clearTimeout(timer)
    })
  }
}

let scene: Scene | undefined

function watched(manner: Partial<Record<Question, Manner>> = {}): Scene {
  scene = new Scene(manner)
  return scene
}

/** Lets so many milliseconds pass. */
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

afterEach(() => {
  scene?.rounds.stop()
})

describe('watching a RADIUS server', () => {
  it('tells how it answers, what it counts, and how the login was', async () => {
    const { readings } = watched()
    await pass(0)
    expect(readings).toEqual([
      {
        host: 'fe1',
        at: Date.now(),
        ms: expect.any(Number),
        statistics: expect.objectContaining({ accepts: 3 }),
        statisticsAt: Date.now(),
        login: { ok: true, ms: expect.any(Number), at: Date.now() },
      },
    ])
  })

  it('asks at each look, but for statistics at every third, and tries a login that succeeds every five seconds', async () => {
    const one = watched()
    const began = Date.now()
    await pass(12_500)
    expect(one.count('status')).toBe(13)
    const statistics = one.asked.filter(({ question }) => question === 'statistics')
    expect(statistics.map(({ at }) => at - began)).toEqual([0, 1_000, 4_000, 7_000, 10_000])
    expect(one.last?.statisticsAt).toBe(began + 10_000)
    expect(one.asked.filter(({ question }) => question === 'login').map(({ at }) => at - began)).toEqual([
      0, 5_000, 10_000,
    ])
    expect(one.last?.login?.at).toBe(began + 10_000)
    expect(one.last?.at).toBe(began + 12_000)
  })

  it('tries a login that is rejected no more often than one that succeeds, or the account may be locked for it', async () => {
    const one = watched({ login: 'rejects' })
    const began = Date.now()
    await pass(4_500)
    expect(one.count('login')).toBe(1)
    expect(one.last?.login).toMatchObject({
      ok: false,
      why: expect.stringContaining('rejects'),
      at: began,
    })
    expect(one.troubles).toEqual([])
    one.manner.login = 'answers'
    await pass(1_000)
    expect(one.last?.login).toMatchObject({ ok: true })
  })

  it('takes a login without an answer for one that fails', async () => {
    const one = watched({ login: 'is silent' })
    await pass(3_000)
    expect(one.last?.login).toMatchObject({
      ok: false,
      why: expect.stringMatching(/^no answer in 2.5 s \(.*\)$/),
    })
    expect(one.troubles).toEqual([])
  })

  it.each([
    ['is silent', /^no answer in 1 s \(.*type = status/],
    ['is closed', /^nothing listens on port 18121 \(/],
  ] as const)('has no trouble where only the port of statistics %s', async (manner, why) => {
    const one = watched({ statistics: manner })
    await pass(1_500)
    expect(one.last).toMatchObject({ statisticsTrouble: expect.stringMatching(why), login: { ok: true } })
    expect(one.last).not.toHaveProperty('statistics')
    expect(one.troubles).toEqual([])
  })

  it('asks for no more than is configured', async () => {
    const { statusPort: _, login: __, ...least } = settings
    const readings: RadiusReading[] = []
    const asked: number[] = []
    const rounds = watchRadius({
      host: 'fe1',
      wire: async ({ port }, request) => {
        asked.push(port)
        return encodeResponse(request, secret, codes.accessAccept)
      },
      settings: () => least,
      interval: 1_000,
      now: Date.now,
      sink: { reading: (one) => readings.push(one), trouble: () => expect.unreachable() },
    })
    rounds.start()
    await pass(0)
    rounds.stop()
    expect(asked).toEqual([1812])
    expect(readings).toEqual([{ host: 'fe1', at: Date.now(), ms: expect.any(Number) }])
  })

  it('tells trouble when Status-Server is not answered, and waits for nothing else', async () => {
    const one = watched({ status: 'is silent', login: 'is silent' })
    const began = Date.now()
    await pass(1_001)
    expect(one.troubles).toEqual([
      { error: expect.objectContaining({ kind: 'timeout', reason: 'no answer in 1 s' }), at: began + 1_000 },
    ])
    expect(one.open).toBe(0)
    expect(one.readings).toEqual([])
  })

  it('tells of a closed port at once, and of the server when it is back, with a login and counts of then', async () => {
    const one = watched()
    await pass(500)
    one.manner.status = one.manner.statistics = one.manner.login = 'is closed'
    await pass(1_000)
    expect(one.troubles[0]?.error).toMatchObject({
      kind: 'unreachable',
      reason: 'nothing listens on port 1812',
    })
    const failed = one.readings.length
    one.manner.status = one.manner.statistics = one.manner.login = 'answers'
    await pass(5_000)
    const back = one.readings[failed]
    expect(back?.login).toMatchObject({ ok: true, at: back?.at })
    // What it counts begins anew with it.
    expect(back?.statisticsAt).toBe(back?.at)
  })

  it('tells nothing after it was stopped', async () => {
    const one = watched({ status: 'is silent', login: 'is silent' })
    await pass(200)
    one.rounds.stop()
    await pass(10_000)
    expect([one.readings, one.troubles, one.open]).toEqual([[], [], 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells nothing of answers that come after it was stopped', async () => {
    const answers: (() => void)[] = []
    const told: unknown[] = []
    const rounds = watchRadius({
      host: 'fe1',
      wire: (_, request) => {
        const { promise, resolve } = Promise.withResolvers<Buffer>()
        answers.push(() => resolve(encodeResponse(request, secret, codes.accessAccept)))
        return promise
      },
      settings: () => ({ address: '192.0.2.1', port: 1812, secret }),
      interval: 1_000,
      now: Date.now,
      sink: { reading: (one) => told.push(one), trouble: (...one) => told.push(one) },
    })
    rounds.start()
    await pass(0)
    rounds.stop()
    for (const answer of answers) answer()
    await pass(1_000)
    expect(answers).toHaveLength(1)
    expect(told).toEqual([])
  })
})
