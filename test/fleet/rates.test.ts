import { describe, expect, it } from 'vitest'
import { cpuPercent, diskRate, netRate, sameRate, tenths } from '../../src/fleet/rates.ts'
import { defined } from '../../src/hosts/defined.ts'
import type { Counters } from '../../src/services/libvirt/domstats.ts'

/** What happened between two readings, each in milliseconds. */
function ratesBetween(
  before: Counters & { readonly at: number },
  now: Counters & { readonly at: number },
  vcpus: number | undefined,
) {
  const seconds = (now.at - before.at) / 1000
  return defined({
    cpuPercent: cpuPercent(before, now, seconds, vcpus),
    disk: diskRate(before, now, seconds),
    net: netRate(before, now, seconds),
  })
}

const full = (at: number, n: number) => ({
  at,
  cpuNs: n * 1e9,
  diskReadBytes: n * 100,
  diskWriteBytes: n * 10,
  netReceivedBytes: n * 1000,
  netSentBytes: n * 1,
})

describe('what happens between two readings', () => {
  it('tells what happened in each second', () => {
    expect(ratesBetween(full(0, 0), full(2000, 1), 1)).toEqual({
      cpuPercent: 50,
      disk: { in: 50, out: 5 },
      net: { in: 500, out: 1 },
    })
  })

  it('counts the CPU in shares of the vCPUs of the machine', () => {
    expect(ratesBetween(full(0, 0), full(1000, 1), 4).cpuPercent).toBe(25)
  })

  it('knows nothing when no time has gone by, or the clock was set back', () => {
    expect(ratesBetween(full(1000, 1), full(1000, 2), 1)).toEqual({})
    expect(ratesBetween(full(1000, 1), full(900, 2), 1)).toEqual({})
    expect(ratesBetween(full(1000, 2), full(900, 1), 1)).toEqual({})
  })

  it('knows nothing when the counters began anew, as after a migration', () => {
    expect(ratesBetween(full(0, 100), full(1000, 1), 1)).toEqual({})
  })

  it('leaves out both directions when one of them began anew', () => {
    for (const one of ['netSentBytes', 'netReceivedBytes']) {
      const now = { ...full(1000, 2), [one]: 0 }
      expect(ratesBetween(full(0, 1), now, 1)).not.toHaveProperty('net')
      expect(ratesBetween(full(0, 1), now, 1)).toHaveProperty('disk')
    }
  })

  it('leaves out what the host does not count', () => {
    expect(ratesBetween({ at: 0, cpuNs: 0 }, { at: 1000, cpuNs: 5e8 }, 1)).toEqual({ cpuPercent: 50 })
    expect(ratesBetween({ at: 0 }, { at: 1000, cpuNs: 5e8 }, 1)).toEqual({})
  })

  it('knows no share of unknown vCPUs', () => {
    expect(ratesBetween(full(0, 0), full(1000, 1), undefined)).not.toHaveProperty('cpuPercent')
    expect(ratesBetween(full(0, 0), full(1000, 1), 0)).not.toHaveProperty('cpuPercent')
  })

  it('keeps nought as a number that is known', () => {
    expect(ratesBetween(full(0, 1), full(1000, 1), 1)).toEqual({
      cpuPercent: 0,
      disk: { in: 0, out: 0 },
      net: { in: 0, out: 0 },
    })
  })

  it('is one way only where the other stands still', () => {
    const now = { ...full(1000, 2), netSentBytes: 1, diskReadBytes: 100 }
    expect(ratesBetween(full(0, 1), now, 1)).toMatchObject({
      net: { in: 1000, out: 0 },
      disk: { in: 0, out: 10 },
    })
  })

  it('is the same rate if it is the same both ways', () => {
    const rate = { in: 1, out: 2 }
    expect(sameRate(rate, { ...rate })).toBe(true)
    expect(sameRate(undefined, undefined)).toBe(true)
    for (const other of [{ ...rate, in: 2 }, { ...rate, out: 1 }, undefined]) {
      expect(sameRate(rate, other)).toBe(false)
      expect(sameRate(other, rate)).toBe(false)
    }
  })

  it('keeps one decimal', () => {
    expect(tenths(12.349)).toBe(12.3)
    expect(tenths(0.05)).toBe(0.1)
  })
})
