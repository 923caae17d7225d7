import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deadline, whenSilent } from '../../src/hosts/deadline.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('is told once the time is over', () => {
  const late = vi.fn()
  deadline(1_000, late)
  vi.advanceTimersByTime(999)
  expect(late).not.toHaveBeenCalled()
  vi.advanceTimersByTime(5_000)
  expect(late).toHaveBeenCalledOnce()
})

it('is not told once it is called off', () => {
  const late = vi.fn()
  const callOff = deadline(1_000, late)
  callOff()
  vi.advanceTimersByTime(5_000)
  expect(late).not.toHaveBeenCalled()
})

it('begins anew in a process that could not listen until it was over, and is called off then, too', () => {
  const late = vi.fn()
  const callOff = deadline(1_000, late)
  const stopped = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000)
  vi.advanceTimersByTime(1_000)
  stopped.mockRestore()
  expect(late).not.toHaveBeenCalled()
  vi.advanceTimersByTime(999)
  expect(late).not.toHaveBeenCalled()
  callOff()
  vi.advanceTimersByTime(5_000)
  expect(late).not.toHaveBeenCalled()
})

it('bears who is slow, and ends who falls silent', () => {
  const late = vi.fn()
  let heardAt = performance.now()
  whenSilent(1_000, () => heardAt, late)
  for (let i = 0; i < 3; i++) {
    vi.advanceTimersByTime(900)
    heardAt = performance.now()
  }
  vi.advanceTimersByTime(999)
  expect(late).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(late).toHaveBeenCalledOnce()
})

it('ends who only keeps one waiting after six times as long', () => {
  const late = vi.fn()
  whenSilent(1_000, () => performance.now(), late)
  vi.advanceTimersByTime(5_999)
  expect(late).not.toHaveBeenCalled()
  vi.advanceTimersByTime(5_000)
  expect(late).toHaveBeenCalledOnce()
})

it('is told of no silence once it is called off, also in between', () => {
  const late = vi.fn()
  let heardAt = performance.now()
  const callOff = whenSilent(1_000, () => heardAt, late)
  vi.advanceTimersByTime(500)
  heardAt = performance.now()
  vi.advanceTimersByTime(600)
  callOff()
  vi.advanceTimersByTime(10_000)
  expect(late).not.toHaveBeenCalled()
})
