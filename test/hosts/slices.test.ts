import { describe, expect, it } from 'vitest'
import { atOnce, inSlices, type Steps } from '../../src/hosts/slices.ts'

function* counting(steps: number, work: () => void): Steps<number> {
  for (let i = 0; i < steps; i++) {
    work()
    yield
  }
  return steps
}

describe('inSlices', () => {
  it('makes the same as in one go', async () => {
    expect(atOnce(counting(5, () => {}))).toBe(5)
    expect(await inSlices(counting(5, () => {}))).toBe(5)
  })

  it('lets others have their turn while it works', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const busy = () => {
      for (const end = performance.now() + 3; performance.now() < end; );
    }
    await inSlices(counting(50, busy))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  })

  it('gives all work together one slice of a turn, however many begin at once', async () => {
    let inTurn = 0
    let most = 0
    let over = false
    const turn = () => {
      inTurn = 0
      if (!over) setImmediate(turn)
    }
    turn()
    const busy = () => {
      most = Math.max(most, ++inTurn)
      for (const end = performance.now() + 2; performance.now() < end; );
    }
    await Promise.all(Array.from({ length: 40 }, () => inSlices(counting(5, busy))))
    over = true
    expect(most).toBeLessThan(15)
  })

  it('fails as the work does', async () => {
    const failing = counting(5, () => {
      throw new Error('no')
    })
    await expect(inSlices(failing)).rejects.toThrow('no')
  })
})
