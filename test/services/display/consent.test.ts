import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { say } from '../../../src/hosts/label.ts'
import type { XConnection } from '../../../src/services/display/x11/connect.ts'
import { askConsent, showSign } from '../../../src/services/display/x11/consent.ts'

/** Keycodes of this keyboard, and what they are. */
const codes = { f2: 68, escape: 9, a: 38, end: 115 } as const
const keysyms = { 68: 0xffbf, 9: 0xff1b, 38: 0x61, 115: 0xff57 } as const
const root = 1

/** An X server that does as it is told. */
class Fake extends EventEmitter {
  /** what GrabKeyboard says: 0, or that a program holds it */
  status = 0
  windows: number[] = []
  grabbed: number[] = []
  #id = 100

  AllocID = () => ++this.#id
  CreateWindow = (id: number) => this.windows.push(id)
  DestroyWindow = (id: number) => {
    this.windows = this.windows.filter((one) => one !== id)
  }
  ListFonts = (_name: string, _most: number, done: (error: null, found: string[]) => void) => done(null, [])
  GrabKeyboard = (...args: unknown[]) =>
    (args.at(-1) as (error: null, status: number) => void)(null, this.status)
  GetKeyboardMapping = (first: number, count: number, done: (error: null, all: number[][]) => void) =>
    done(
      null,
      Array.from({ length: count }, (_, i) => [keysyms[(first + i) as keyof typeof keysyms] ?? 0]),
    )
  GrabKey = (_window: number, _owner: boolean, modifiers: number) => this.grabbed.push(modifiers)
  UngrabKey = (_window: number, _code: number, modifiers: number) => {
    this.grabbed = this.grabbed.filter((one) => one !== modifiers)
  }
  UngrabKeyboard = vi.fn()
  OpenFont = () => {}
  CreateGC = () => {}
  FreeGC = () => {}
  CloseFont = () => {}
  MapWindow = () => {}
  RaiseWindow = vi.fn()
  ImageText8 = () => {}

  happens(name: string, keycode: number, wid = this.windows[0], sent = false): void {
    this.emit('event', { name, keycode, wid, rawData: Buffer.from([(sent ? 0x80 : 0) | 2]) })
  }
}

let client: Fake
const x = () =>
  ({ client, root, size: { width: 800, height: 600 }, keys: [8, 255] }) as unknown as XConnection
/** What was answered so far. */
const now = async <T>(done: Promise<T>) => await Promise.race([done, Promise.resolve('nothing')])

beforeEach(() => {
  vi.useFakeTimers()
  client = new Fake()
})
afterEach(() => vi.useRealTimers())

describe('the question whether somebody may look', () => {
  const ask = () => askConsent(x(), [[say`carla asks`]])

  it.each([
    ['F2', codes.f2, 'agreed'],
    ['Esc', codes.escape, 'refused'],
  ] as const)('is answered by %s', async (_key, code, answer) => {
    const { done, close } = await ask()
    await vi.advanceTimersByTimeAsync(1_000)
    client.happens('KeyPress', code)
    expect(await now(done)).toBe(answer)
    close()
    expect(client.windows).toEqual([])
    expect(client.UngrabKeyboard).toHaveBeenCalled()
  })

  it('is answered by nothing else: no other key, no click, no program that sends a key, no other window', async () => {
    const { done } = await ask()
    await vi.advanceTimersByTimeAsync(1_000)
    client.happens('KeyPress', codes.a)
    client.happens('ButtonPress', 1)
    client.happens('ButtonPress', codes.f2)
    client.happens('KeyPress', codes.f2, undefined, true)
    client.happens('KeyPress', codes.f2, 99)
    expect(await now(done)).toBe('nothing')
  })

  it('is not agreed to before it could be read: the key may be pressed for something else when it comes', async () => {
    const { done } = await ask()
    await vi.advanceTimersByTimeAsync(900)
    client.happens('KeyPress', codes.f2)
    expect(await now(done)).toBe('nothing')
    client.happens('KeyPress', codes.escape)
    expect(await now(done)).toBe('refused')
  })

  it('is not answered while a lock or a menu holds the keyboard, and is afterwards', async () => {
    client.status = 1
    const { done } = await ask()
    client.happens('KeyPress', codes.f2)
    expect(await now(done)).toBe('nothing')
    client.status = 0
    await vi.advanceTimersByTimeAsync(1_250)
    client.happens('KeyPress', codes.f2)
    expect(await now(done)).toBe('agreed')
  })
})

describe('the sign that somebody looks', () => {
  const sign = () => showSign(x(), [say`carla sees`])

  it('ends it by a click', async () => {
    const { done } = await sign()
    client.happens('KeyPress', codes.a)
    client.happens('ButtonPress', 1, undefined, true)
    expect(await now(done)).toBe('nothing')
    client.happens('ButtonPress', 1)
    expect(await now(done)).toBeUndefined()
  })

  it('ends it by Ctrl+Alt+End, wherever the keyboard is, with whichever locks', async () => {
    const { done, close } = await sign()
    expect(client.grabbed).toEqual([12, 14, 28, 30])
    client.happens('KeyPress', codes.end, root)
    expect(await now(done)).toBeUndefined()
    close()
    expect([client.grabbed, client.windows, client.listenerCount('event')]).toEqual([[], [], 0])
  })

  it('stays in front', async () => {
    await sign()
    const before = client.RaiseWindow.mock.calls.length
    await vi.advanceTimersByTimeAsync(1_000)
    expect(client.RaiseWindow.mock.calls.length).toBeGreaterThan(before)
  })
})
