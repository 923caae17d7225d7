import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dial } from '../../../src/hosts/dial.ts'
import type { ChannelState } from '../../../src/services/display/channel.ts'
import { takeOrders } from '../../../src/services/display/here/control.ts'
import { askToLook } from '../../../src/services/display/here/look.ts'
import { ChannelFailure } from '../../../src/services/display/keeper/failure.ts'
import type { Scraping } from '../../../src/services/display/keeper/scraping.ts'
import { textsFor } from '../../../src/services/display/keeper/texts.ts'
import { type TellLook, Viewing, type ViewingOptions } from '../../../src/services/display/keeper/viewing.ts'
import { seen } from '../../support/sight.ts'

type Told = Awaited<ReturnType<TellLook>>

const never = new AbortController().signal
const times = { question: 60_000, span: 600_000, watch: 5 }

let folder = ''
let state: ChannelState
let now = 0
/** what the broker says to each step; default: it is written */
let broker: Partial<Record<string, Told>>
let told: string[]
/** what stands on the channel: the question, and that somebody looks */
let standing: string[]
let answer: PromiseWithResolvers<'agreed' | 'refused'>
let stop: PromiseWithResolvers<void>
/** the VNC server of the display */
let server: Server
let screens: Socket[]
/** nothing can be written down of the channel */
let isFull = false
let ended: PromiseWithResolvers<string>
let orders: Server
let viewing: Viewing

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-viewing-'))
  state = seen().said
  now = 1_000_000
  isFull = false
  ;[broker, told, standing, screens] = [{}, [], [], []]
  answer = Promise.withResolvers()
  stop = Promise.withResolvers()
  ended = Promise.withResolvers()
  server = createServer((socket) => {
    socket.on('error', () => {})
    screens.push(socket)
    socket.write('RFB 003.008\n')
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'vnc'), resolve))
  await open()
})
afterEach(async () => {
  await viewing.end()
  orders.close()
  server.close()
  rmSync(folder, { recursive: true })
})

function stands<T>(what: string, done: Promise<T>) {
  standing.push(what)
  return {
    done,
    close: () => {
      standing = standing.filter((one) => one !== what)
    },
  }
}

async function scrape(): Promise<Scraping> {
  const socket = await dial({ path: join(folder, 'vnc') }, never)
  const end = () => ended.resolve('')
  return { socket, server: { pid: 1, ended: ended.promise, end } }
}

/** A channel that takes orders. */
async function open(given: Partial<ViewingOptions> = {}): Promise<void> {
  orders?.close()
  const book = {
    get state() {
      return state
    },
    tell: async (news: Partial<ChannelState>) => {
      state = { ...state, ...news }
    },
    write: async (news: Partial<ChannelState>) => {
      state = { ...state, ...news }
      if (isFull) throw new Error('no space left on the disk')
    },
  }
  const inner = {
    display: 12,
    authority: '/nowhere/auth',
    ask: async (question: readonly (readonly string[])[]) =>
      stands(question.flat().join(' '), answer.promise),
    sign: async (text: readonly string[]) => stands(text.join(' '), stop.promise),
  }
  viewing = new Viewing({
    book,
    shown: { inner },
    texts: textsFor({}),
    folder,
    env: {},
    now: () => now,
    tell: async (what, { by, controls, endedBy }) => {
      told.push([what, by, controls ? 'controls' : '', endedBy ?? ''].filter(Boolean).join(' '))
      return broker[what] ?? 'written'
    },
    times,
    find: async () => ({ program: 'X0tigervnc', known: [] }),
    scrape,
    ...given,
  } as ViewingOptions)
  orders = await takeOrders(join(folder, 'control'), async (order, gone) => {
    if (order.do !== 'look') throw new Error('not here')
    return await viewing.ask(order, gone)
  })
}

const look = (by = 'carla', controls = false, gone: AbortSignal = never) =>
  askToLook(join(folder, 'control'), { do: 'look', by, controls }, gone)

async function agreed(by?: string, controls?: boolean): Promise<Socket> {
  const asking = look(by, controls)
  await expect.poll(() => standing).toHaveLength(1)
  answer.resolve('agreed')
  const socket = await asking
  if ('refused' in socket) throw new Error(socket.refused)
  await expect.poll(() => String(socket.read() ?? '')).toBe('RFB 003.008\n')
  return socket
}

describe('whoever wants to look', () => {
  it('is let in by the person alone, who sees it, until the person ends it', async () => {
    const socket = await agreed()
    expect(standing).toEqual(['carla sees this desktop click here, or Ctrl+Alt+End: end it'])
    expect(state.looked).toMatchObject({ by: 'carla', controls: false, at: expect.any(Number) })
    expect(viewing.clients).toBe(1)
    const heard = new Promise((resolve) => screens[0]?.once('data', resolve))
    // What is no text comes as it is.
    socket.write(Buffer.from([0xff, 0x00, 0xc3]))
    expect(await heard).toEqual(Buffer.from([0xff, 0x00, 0xc3]))
    stop.resolve()
    await expect
      .poll(() => [standing, state.looked, socket.destroyed || socket.readableEnded])
      .toEqual([[], undefined, true])
    await ended.promise
    await expect.poll(() => told).toEqual(['asked carla', 'agreed carla', 'ended carla person'])
    expect(viewing.clients).toBe(0)
  })

  it('says so where they want to type, too', async () => {
    const asking = look('carla', true)
    await expect
      .poll(() => standing[0])
      .toMatch(/^carla asks to see this desktop, and to use its keyboard and mouse\./)
    answer.resolve('agreed')
    await asking
    expect(standing[0]).toMatch(/^carla sees this desktop, and types here/)
    expect(told).toEqual(['asked carla controls', 'agreed carla controls'])
  })

  it.each([
    ['refused', 'the person said no'],
    ['unanswered', 'the person did not answer within 0.05 s'],
  ] as const)('is %s, and sees nothing', async (how, why) => {
    await open({ times: { ...times, question: how === 'unanswered' ? 50 : 60_000 } })
    if (how === 'refused') answer.resolve('refused')
    expect(await look()).toEqual({ refused: why })
    expect([told, standing, screens]).toEqual([['asked carla', `${how} carla`], [], []])
  })

  it.each([
    ['it is off', { asked: 'refused' }, /desk\.viewing: ask/, ['asked carla']],
    ['it cannot be written down', { asked: 'unheard' }, /not written down/, ['asked carla']],
    [
      'the yes cannot be written down',
      { agreed: 'unheard' },
      /not written down/,
      ['asked carla', 'agreed carla'],
    ],
  ] as const)('sees nothing where %s', async (_what, says, why, steps) => {
    broker = says
    answer.resolve('agreed')
    expect(await look()).toEqual({ refused: expect.stringMatching(why) })
    expect([told, standing, screens]).toEqual([steps, [], []])
  })

  it('is one at a time: another one asks nobody, whoever is quicker', async () => {
    const first = look('carla')
    await expect.poll(() => standing).toHaveLength(1)
    const second = await look('dario')
    expect(second).toEqual({ refused: 'carla asks, or looks already: one at a time' })
    answer.resolve('agreed')
    await first
    expect(await look('dario')).toEqual(second)
    expect(told).toEqual(['asked carla', 'agreed carla'])
  })

  it('asks a person three times in ten minutes at most', async () => {
    answer.resolve('refused')
    for (let i = 0; i < 100; i++) await look()
    expect(told.filter((one) => one === 'asked carla')).toHaveLength(3)
    expect(await look('dario')).toEqual({ refused: 'the person was asked 3 times within 10 min' })
    now += 600_000
    expect(await look()).toEqual({ refused: 'the person said no' })
  })

  it('who goes away takes the question along', async () => {
    const leaving = new AbortController()
    const asking = look('carla', false, leaving.signal)
    await expect.poll(() => standing).toHaveLength(1)
    leaving.abort()
    await expect(asking).rejects.toThrow()
    await expect.poll(() => [standing, told]).toEqual([[], ['asked carla', 'withdrawn carla']])
    // The next one is asked for.
    await expect
      .poll(async () => {
        answer.resolve('refused')
        return await look()
      })
      .toEqual({ refused: 'the person said no' })
  })

  it('sees nothing where the row could not say so, and leaves no server behind', async () => {
    isFull = true
    answer.resolve('agreed')
    expect(await look()).toEqual({ refused: 'no space left on the disk' })
    await ended.promise
    expect([standing, viewing.clients, state.looked]).toEqual([[], 0, undefined])
    // What was agreed to has an end.
    expect(told.at(-1)).toBe('ended carla server')
    await expect
      .poll(() => screens.map(({ destroyed, readableEnded }) => destroyed || readableEnded))
      .toEqual([true])
  })

  it('sees nothing where the person has left the terminal while it was written down that they agreed', async () => {
    answer.resolve('agreed')
    await open({
      tell: async (what, { endedBy }) => {
        told.push(endedBy ? `${what} ${endedBy}` : what)
        if (what === 'agreed') state = { ...state, terminal: { name: 'term3' } }
        return 'written'
      },
    })
    const seen = await look()
    expect('refused' in seen && seen.refused).toBe('the person has left the terminal')
    expect([told, standing, screens]).toEqual([['asked', 'agreed', 'ended away'], [], []])
  })

  it('may not say anything before the answer', async () => {
    const socket = await dial({ path: join(folder, 'control') }, never)
    socket.write('{"do":"look","by":"carla","controls":true}\n')
    await expect.poll(() => standing).toHaveLength(1)
    socket.write('{"do":"look","by":"carla","controls":true}\n')
    await expect.poll(() => told).toEqual(['asked carla controls', 'withdrawn carla controls'])
    socket.destroy()
  })

  it('is shown by a name that moves no cursor', async () => {
    await agreed('carla\u001b[2J\u202e')
    expect(standing[0]).toContain('carla\\e[2J\\u{202e} sees')
    expect(told).toEqual(['asked carla\\e[2J\\u{202e}', 'agreed carla\\e[2J\\u{202e}'])
    // Whoever reads it makes a label of it.
    expect(state.looked?.by).toBe('carla\u001b[2J\u202e')
  })

  it.each([
    ['no terminal shows it', () => ({ keep: true, terminal: { name: 'term3' } }), /no terminal shows it/],
    ['it is closing', () => ({ state: 'closing' as const }), /it is closing/],
  ])('asks nobody where %s', async (_what, news, why) => {
    state = { ...state, ...news() }
    expect(await look()).toEqual({ refused: expect.stringMatching(why) })
    expect([told, standing]).toEqual([[], []])
  })

  it.each([
    ['the screen of a machine', { shown: {} }, /hypervisor/],
    ['where nobody writes it down', { tell: undefined }, /writes down/],
    [
      'where no VNC server is installed',
      {
        find: () =>
          Promise.reject(new ChannelFailure('no-server', 'apt-get install tigervnc-scraping-server')),
      },
      /tigervnc-scraping-server/,
    ],
  ])('asks nobody of %s', async (_what, given, why) => {
    await open(given)
    expect(await look()).toEqual({ refused: expect.stringMatching(why) })
    expect([told, standing]).toEqual([[], []])
  })
})

describe('what somebody sees ends', () => {
  const isOver = async (by: string) => {
    await expect
      .poll(() => [told.at(-1), standing, state.looked])
      .toEqual([`ended carla ${by}`, [], undefined])
    await expect.poll(() => screens.every((one) => one.destroyed || one.readableEnded)).toBe(true)
    await ended.promise
  }

  it('with whoever looks, however they end', async () => {
    ;(await agreed()).destroy()
    await isOver('looker')
  })

  it('when the person leaves the terminal: nobody would see that somebody looks', async () => {
    await agreed()
    state = { ...state, terminal: { name: 'term3' } }
    await isOver('away')
  })

  it('when it is shown at another terminal', async () => {
    await agreed()
    state = { ...state, terminal: { name: 'term4', display: ':7' } }
    await isOver('away')
  })

  it('when the person left while it began', async () => {
    await open({
      scrape: async () => {
        const scraping = await scrape()
        state = { ...state, terminal: { name: 'term3' } }
        return scraping
      },
    })
    answer.resolve('agreed')
    await look()
    await isOver('away')
  })

  it('with the channel, which waits for that', async () => {
    await agreed()
    await viewing.end()
    await isOver('channel')
  })

  it('with the VNC server', async () => {
    await agreed()
    screens[0]?.destroy()
    await isOver('server')
  })

  it('and then the next one may ask', async () => {
    ;(await agreed()).destroy()
    await isOver('looker')
    ended = Promise.withResolvers()
    expect(await look('dario')).toHaveProperty('on')
    expect(state.looked?.by).toBe('dario')
  })
})
