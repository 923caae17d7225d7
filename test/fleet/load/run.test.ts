import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Asker, runLoad } from '../../../src/fleet/load/run.ts'
import type { Outcome } from '../../../src/fleet/load/tally.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { say } from '../../../src/hosts/label.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Answers after so many milliseconds. */
const answering = (after: () => number): Asker => ({
  ask: () => new Promise((resolve) => setTimeout(resolve, after())),
  close: () => {},
})

function loaded(plan: Omit<Parameters<typeof runLoad>[0], 'askers'>, askers: readonly Asker[]) {
  const outcomes: Outcome[] = []
  const ending = new AbortController()
  let due = 0
  let isOver = false
  const heard = {
    due: (count: number) => {
      due += count
    },
    outcome: (one: Outcome) => void outcomes.push(one),
  }
  const over = runLoad({ ...plan, askers }, heard, ending.signal, () => performance.now()).then(() => {
    isOver = true
  })
  return {
    outcomes,
    ending,
    over,
    get due() {
      return due
    },
    get isOver() {
      return isOver
    },
  }
}

describe('load', () => {
  it('is put on at its rate, and ends when all is answered', async () => {
    const run = loaded({ rate: 50, seconds: 2 }, [answering(() => 8), answering(() => 8)])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(run.due).toBe(51)
    await vi.advanceTimersByTimeAsync(1_050)
    expect([run.due, run.outcomes.length, run.isOver]).toEqual([100, 100, true])
    for (const { due, ended, why } of run.outcomes) expect([why, ended - due < 16]).toEqual([undefined, true])
  })

  it('does not ask less because answers are late: they are counted as late as they are', async () => {
    let slow = 1_000
    const run = loaded({ rate: 10, seconds: 3 }, [answering(() => slow)])
    await vi.advanceTimersByTimeAsync(990)
    slow = 1
    await vi.advanceTimersByTimeAsync(2_500)
    const times = run.outcomes.map(({ due, ended }) => Math.round((ended - due) / 100))
    expect(run.due).toBe(30)
    // The ten that became due while one waited have waited as long as it, each a tenth of a second less.
    expect(times.slice(0, 12)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0])
    expect(run.isOver).toBe(true)
  })

  it('lets what waits too long for a connection go, and says so', async () => {
    const run = loaded({ rate: 1, seconds: 8 }, [answering(() => 60_000)])
    await vi.advanceTimersByTimeAsync(60_100)
    const late = run.outcomes.filter(({ why }) => why !== undefined)
    expect(late).toHaveLength(7)
    for (const { due, ended, why } of late)
      expect([ended - due, why]).toEqual([5_000, 'no connection free in 5 s'])
    expect(run.isOver).toBe(true)
  })

  it('goes on when requests fail, and tells why without the name', async () => {
    const refusing: Asker = {
      ask: async () => {
        throw new HostError('unreachable', 'TCP 10.0.0.1:389', say`LDAP: connection refused`)
      },
      close: () => {},
    }
    const run = loaded({ rate: 10, seconds: 1 }, [refusing])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(run.outcomes.map(({ why }) => why)).toEqual(Array(10).fill('LDAP: connection refused'))
    expect(run.isOver).toBe(true)
  })

  it('ends at once when it is told to, and counts nothing that comes later', async () => {
    let closed = 0
    const run = loaded({ rate: 10 }, [
      { ...answering(() => 500), close: () => void closed++ },
      { ...answering(() => 500), close: () => void closed++ },
    ])
    await vi.advanceTimersByTimeAsync(1_200)
    const before = run.outcomes.length
    run.ending.abort()
    await vi.advanceTimersByTimeAsync(2_000)
    expect([run.isOver, run.outcomes.length, closed]).toEqual([true, before, 2])
    expect(before).toBeGreaterThan(0)
  })
})
