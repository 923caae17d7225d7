import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Audience, untilFound } from '../../src/fleet/audience.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('an audience', () => {
  it('is told once in a while of all that came, and of news only where some of it was', () => {
    const audience = new Audience(100)
    const [heard, news] = [vi.fn(), vi.fn()]
    audience.subscribe(heard)
    const leave = audience.onNews(news)
    audience.tell(false)
    audience.tell(false)
    vi.advanceTimersByTime(99)
    expect(heard).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect([heard.mock.calls.length, news.mock.calls.length]).toEqual([1, 0])
    audience.tell(true)
    audience.tell(false)
    vi.advanceTimersByTime(100)
    expect([heard.mock.calls.length, news.mock.calls.length]).toEqual([2, 1])
    audience.tell(false)
    vi.advanceTimersByTime(100)
    expect([heard.mock.calls.length, news.mock.calls.length]).toEqual([3, 1])
    leave()
    audience.tell(true)
    vi.advanceTimersByTime(100)
    expect([heard.mock.calls.length, news.mock.calls.length]).toEqual([4, 1])
  })

  it('is told of nothing that was still to be told when it left', () => {
    const audience = new Audience(100)
    const heard = vi.fn()
    audience.subscribe(heard)
    audience.tell(true)
    audience.leave()
    vi.advanceTimersByTime(1_000)
    expect(heard).not.toHaveBeenCalled()
  })
})

describe('what is looked for', () => {
  it('is looked for no more once it is found', async () => {
    const audience = new Audience(0)
    let there: string | undefined
    const find = vi.fn(() => there)
    const signal = new AbortController()
    const ended = vi.spyOn(signal.signal, 'removeEventListener')
    const found = untilFound((check) => audience.subscribe(check), find, signal.signal)
    audience.tell(false)
    vi.advanceTimersByTime(1)
    expect(find).toHaveBeenCalledTimes(2)
    there = 'there'
    audience.tell(false)
    vi.advanceTimersByTime(1)
    expect(await found).toBe('there')
    audience.tell(false)
    vi.advanceTimersByTime(1)
    expect(find).toHaveBeenCalledTimes(3)
    expect(ended).toHaveBeenCalledOnce()
  })
})
