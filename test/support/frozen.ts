import { vi } from 'vitest'
import { clock } from '../../src/hosts/clock.ts'
import { endTurn } from '../../src/hosts/slices.ts'

/** When it is in a frozen world: a Monday morning, UTC. */
export const frozenAt = Date.UTC(2026, 0, 5, 8)

/** Milliseconds in which everything that is due happens together. */
const step = 25

/**
 * Stops the clock of this process: dates, timers and stopwatches go only when `pass` lets them, so that the same happens in the same
 * order on every machine, however busy.
 */
export function freeze(): void {
  process.env.TZ = 'UTC'
  vi.useFakeTimers({
    now: frozenAt,
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  })
  begin()
}

export function thaw(): void {
  vi.useRealTimers()
  begin()
}

function begin(): void {
  clock.begin()
  endTurn()
}

/** Lets what has begun come to its end without any time passing: promises, streams, what Ink draws. */
export async function settle(turns = 12): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise(setImmediate)
}

/** Lets come to its end what waits for timers that are due at once, without any time passing. */
export async function finished<T>(promise: Promise<T>): Promise<T> {
  vi.advanceTimersByTime(0)
  return await promise
}

/** Lets time pass. */
export async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= step) {
    vi.advanceTimersByTime(Math.min(step, left))
    await settle(4)
  }
}

export async function passUntil<T>(promise: Promise<T>, most = 120_000): Promise<T> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  promise.then(over, over)
  for (let past = 0; !isOver && past < most; past += step) await pass(step)
  if (!isOver) throw new Error(`not over after ${most} ms of its own time`)
  return promise
}
