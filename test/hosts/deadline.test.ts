import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deadline } from '../../src/hosts/deadline.ts'

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
