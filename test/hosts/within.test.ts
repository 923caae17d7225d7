import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { orAborted, within } from '../../src/hosts/abort.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('leaves nothing behind of work that comes to its end', async () => {
  let signal: AbortSignal | undefined
  const done = within(1_000, async (late) => {
    signal = late
    return 7
  })
  expect(await done).toBe(7)
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(signal?.aborted).toBe(false)
})

it('gives up what takes longer', async () => {
  const never = new Promise<never>(() => {})
  const given = expect(within(1_000, (late) => orAborted(never, late))).rejects.toMatchObject({
    name: 'TimeoutError',
  })
  await vi.advanceTimersByTimeAsync(1_000)
  await given
})
