import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KeyPress } from '../../src/terminal/key-names.ts'
import { Keyboard, keyTimes } from '../../src/terminal/keyboard.ts'
import { usualTimes } from '../../src/terminal/keys.ts'

let input: PassThrough
let keys: string[]
let keyboard: Keyboard

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  input = new PassThrough()
  keys = []
  const hear = (press: KeyPress) => keys.push('key' in press ? press.key : `paste:${press.paste}`)
  keyboard = new Keyboard(input as unknown as NodeJS.ReadStream, hear)
})

afterEach(() => {
  vi.useRealTimers()
})

/** Bytes come from the terminal. */
const comes = (bytes: string) => input.emit('data', Buffer.from(bytes, 'latin1'))

describe('a keyboard', () => {
  it('is read while it is on, and only once however often it is put on', () => {
    comes('a')
    keyboard.on()
    keyboard.on()
    comes('b')
    expect(input.isPaused()).toBe(false)
    keyboard.off()
    expect(input.isPaused()).toBe(true)
    expect(input.listenerCount('data')).toBe(0)
    comes('c')
    keyboard.on()
    comes('d')
    input.emit('data', 'ä')
    expect(keys).toEqual(['b', 'd', 'ä'])
  })

  it('that was never on is put off without a word', () => {
    const pause = vi.spyOn(input, 'pause')
    keyboard.off()
    expect(pause).not.toHaveBeenCalled()
  })

  it('tells Esc when nothing more has come for its time', () => {
    keyboard.on()
    comes('\x1b')
    vi.advanceTimersByTime(usualTimes.escape - 1)
    expect(keys).toEqual([])
    vi.advanceTimersByTime(1)
    expect(keys).toEqual(['escape'])
  })

  it('takes what comes within that time for the rest of it, and then waits no more', () => {
    keyboard.on()
    comes('\x1b')
    vi.advanceTimersByTime(usualTimes.escape - 1)
    comes('[A')
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(10_000)
    expect(keys).toEqual(['up'])
  })

  it('that is put off ends what was begun, and waits for nothing', () => {
    keyboard.on()
    comes('\x1b')
    keyboard.off()
    expect(keys).toEqual(['escape'])
    expect(vi.getTimerCount()).toBe(0)
    keyboard.on()
    comes('[A')
    expect(keys).toEqual(['escape', '[', 'A'])
  })

  it('that a key puts off does not wait for what stood behind it', () => {
    keyboard = new Keyboard(input as unknown as NodeJS.ReadStream, () => keyboard.off())
    keyboard.on()
    comes('q\x1b')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the time after Esc', () => {
  it.each([
    [{}, 150, 600],
    [{ ESCDELAY: '' }, 150, 600],
    [{ ESCDELAY: 'soon' }, 150, 600],
    [{ ESCDELAY: '9' }, 150, 600],
    [{ ESCDELAY: '10' }, 10, 600],
    [{ ESCDELAY: '1000' }, 1000, 1000],
    [{ ESCDELAY: '5000' }, 5000, 5000],
    [{ ESCDELAY: '5001' }, 150, 600],
  ])('of %j is %i ms', (env, afterEscape, sequence) => {
    expect(keyTimes(env)).toEqual({ escape: afterEscape, sequence, paste: 2000 })
  })
})
