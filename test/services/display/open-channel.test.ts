import { beforeEach, describe, expect, it } from 'vitest'
import type { ChannelState } from '../../../src/services/display/channel.ts'
import { type ShownEnd, untilEnded } from '../../../src/services/display/keeper/ended.ts'
import { OpenChannel } from '../../../src/services/display/keeper/open-channel.ts'
import { textsFor } from '../../../src/services/display/keeper/texts.ts'
import type { Order } from '../../../src/services/display/opening.ts'
import { seen } from '../../support/sight.ts'

type Parts = ConstructorParameters<typeof OpenChannel>[0]

let state: ChannelState
let now = 0
/** milliseconds since a key was used */
let idle = 0
let viewed: Order[] = []
let ended = Promise.withResolvers<ShownEnd>()

beforeEach(() => {
  state = seen().said
  now = 100_000
  ;[idle, viewed] = [0, []]
  ended = Promise.withResolvers()
})

/** Whoever gives an order waits for what becomes of it. */
const here = new AbortController().signal

/** A channel whose session does as it likes when it is asked to end. */
function open(ask: () => void = () => {}): OpenChannel {
  const parts = {
    book: {
      get state() {
        return state
      },
      tell: async (news: Partial<ChannelState>) => {
        state = { ...state, ...news }
      },
    },
    shown: {
      screen: {
        view: async (order: Order) => {
          viewed.push(order)
          return { done: true }
        },
      },
      activity: async () => ({ clients: 1, idle, size: { width: 1, height: 1 } }),
      ended: ended.promise,
      ask: async () => ask(),
    },
    texts: textsFor({}),
    viewing: { clients: 0 },
    now: () => now,
    patience: 1,
  }
  return new OpenChannel(parts as unknown as Parts)
}

describe('how a channel ended', () => {
  it.each(['ended', 'terminal-lost'] as const)('is as what it showed did: %s', async (how) => {
    const one = open()
    ended.resolve(how)
    expect(await one.over).toBe(how)
  })

  it('is with its machine, where the connection was lost', async () => {
    const one = open()
    ended.reject(new Error('no answer'))
    expect(await one.over).toBe('lost')
  })

  it('is that it was closed, where it was asked to', async () => {
    const one = open(() => ended.resolve('ended'))
    await one.close(false)
    expect(await one.over).toBe('closed')
  })
})

describe('how a session in a display of its own ends', () => {
  const two = () => [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const

  it('is by itself, or as its display did, whichever of them is told first', async () => {
    for (const why of ['ended', 'terminal-lost'] as const)
      for (const first of [0, 1] as const) {
        const both = two()
        const how = untilEnded(both[0].promise, both[1].promise, async () => why)
        both[first].resolve()
        expect(await how).toBe(why)
      }
  })

  it('is with its machine', async () => {
    const [session, display] = two()
    const how = untilEnded(session.promise, display.promise, async () => 'ended')
    session.reject(new Error('no answer'))
    await expect(how).rejects.toThrow('no answer')
  })
})

describe('what does not go well with a channel', () => {
  it('is that it did not end when it was asked, until somebody uses it or it is asked again', async () => {
    const one = open()
    expect(await one.close(false)).toHaveProperty('refused')
    expect(state).toMatchObject({ state: 'open', trouble: 'it was asked to end, and did not' })
    now += 10_000
    idle = 60_000
    await one.activity()
    expect(state.trouble).toBeDefined()
    idle = 1_000
    await one.activity()
    expect(state.trouble).toBeUndefined()
    await one.close(false)
    expect(state.trouble).toBeDefined()
    const ending = open(() => ended.resolve('ended'))
    expect(await ending.close(false)).toEqual({ done: true })
    expect(state).toMatchObject({ state: 'closing', trouble: undefined })
  })
})

describe('a kept channel that is reconnected', () => {
  const view = (display: string, terminal: string) => ({ do: 'view', display, terminal }) as const

  it('is shown again on the terminal where it was last, also where nobody looks at it now', async () => {
    const one = open()
    await one.obey({ ...view('term7:0', 'term7'), cookie: 'abcd' }, here)
    state = { ...state, terminal: { name: 'term7' } }
    expect(await one.obey({ do: 'reconnect' }, here)).toEqual({ done: true })
    expect(viewed.at(-1)).toEqual(view('term7:0', 'term7'))
    expect(state.terminal).toEqual({ name: 'term7', display: 'term7:0' })
  })

  it('was shown on the terminal on which it was opened', async () => {
    await open().obey({ do: 'reconnect' }, here)
    expect(viewed).toEqual([view(':0', 'term3')])
  })

  it('is not, where it was never on a terminal', async () => {
    state = { ...state, terminal: { name: 'term3' } }
    expect(await open().obey({ do: 'reconnect' }, here)).toHaveProperty('refused')
  })
})
