import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tally } from '../../../src/fleet/load/tally.ts'
import { label, say } from '../../../src/hosts/label.ts'

describe('what was counted of a load', () => {
  it('is how many, how soon, and why the others failed', () => {
    const tally = new Tally()
    tally.due(4)
    tally.add({ due: 0, ended: 10 })
    tally.add({ due: 0, ended: 10, why: say`refused` })
    tally.add({ due: 0, ended: 10, why: say`no answer` })
    tally.add({ due: 0, ended: 10, why: say`no answer` })
    expect(tally.count).toMatchObject({
      due: 4,
      answered: 1,
      failed: 3,
      failures: [
        { why: 'no answer', count: 2 },
        { why: 'refused', count: 1 },
      ],
    })
    expect(new Tally().count).toEqual({ due: 0, answered: 0, failed: 0, failures: [] })
  })

  it('tells times to 1 %, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1 }), (times) => {
        const tally = new Tally()
        for (const ended of times) tally.add({ due: 0, ended })
        const sorted = times.toSorted((a, b) => a - b)
        for (const [name, share] of [
          ['p50', 0.5],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const) {
          const wanted = sorted[Math.ceil(share * sorted.length) - 1] ?? 0
          expect(Math.abs((tally.count.times?.[name] ?? 0) - wanted)).toBeLessThanOrEqual(0.0101 * wanted)
        }
      }),
    )
  })

  it('does not grow with reasons that a server makes up', () => {
    const tally = new Tally()
    for (let i = 0; i < 1000; i++) tally.add({ due: 0, ended: 1, why: label(`no ${i}`) })
    expect(tally.count.failed).toBe(1000)
    expect(tally.count.failures.length).toBeLessThanOrEqual(20)
  })
})
