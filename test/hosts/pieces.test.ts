import { describe, expect, it } from 'vitest'
import { Backoff } from '../../src/hosts/backoff.ts'
import { Slots } from '../../src/hosts/slots.ts'

describe('Backoff', () => {
  it('doubles up to its bound, with jitter between half and the whole', () => {
    for (const [random, factor] of [
      [0, 0.5],
      [1, 1],
    ] as const) {
      const backoff = new Backoff({ random: () => random })
      const pauses = Array.from({ length: 7 }, () => {
        backoff.failed(0)
        return backoff.remaining(0) / factor
      })
      expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000])
    }
  })

  it('ends after its time, and starts anew after a success', () => {
    const backoff = new Backoff({ random: () => 1 })
    expect(backoff.remaining(0)).toBe(0)
    backoff.failed(1000)
    expect(backoff.remaining(1200)).toBe(300)
    expect(backoff.remaining(1500)).toBe(0)
    backoff.failed(2000)
    backoff.succeeded()
    expect(backoff.remaining(2000)).toBe(0)
    backoff.failed(3000)
    expect(backoff.remaining(3000)).toBe(500)
  })

  it('waits longest at once when only a person can help', () => {
    const backoff = new Backoff({ random: () => 1 })
    backoff.failed(0, true)
    expect(backoff.remaining(0)).toBe(15_000)
  })
})

describe('Slots', () => {
  const never = new AbortController().signal

  it('lets whoever came first go first', async () => {
    const slots = new Slots(1)
    const order: number[] = []
    const first = await slots.take(never)
    const others = [1, 2, 3].map(async (number) => {
      const giveBack = await slots.take(never)
      order.push(number)
      giveBack()
    })
    first()
    await Promise.all(others)
    expect(order).toEqual([1, 2, 3])
  })

  it('loses no slot to one who gives up or gives back twice', async () => {
    const slots = new Slots(1)
    const giveBack = await slots.take(never)
    const leaving = new AbortController()
    const waiting = slots.take(leaving.signal)
    leaving.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(slots.waiting).toBe(0)
    giveBack()
    giveBack()
    const again = await slots.take(never)
    const second = slots.take(never)
    expect(slots.waiting).toBe(1)
    again()
    await second
  })

  it('passes on a slot that was handed over in the moment of giving up', async () => {
    const slots = new Slots(1)
    const giveBack = await slots.take(never)
    const leaving = new AbortController()
    const waiting = slots.take(leaving.signal)
    leaving.abort(new Error('enough'))
    giveBack()
    await expect(waiting).rejects.toThrow('enough')
    await slots.take(never)
  })
})
