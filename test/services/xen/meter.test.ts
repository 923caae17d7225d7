import { describe, expect, it } from 'vitest'
import { HostLoad, Pacer } from '../../../src/services/libvirt/xen/meter.ts'

describe('the pace of counters', () => {
  it('repeats the last ones with their moment until the window is over', () => {
    const pacer = new Pacer()
    const told = [0, 1000, 4999, 5000].map((at) => pacer.pace('u', 1, { cpuNs: at }, at, 5000))
    expect(told.map(({ cpuNs, countersAt }) => [cpuNs, countersAt])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [5000, 5000],
    ])
  })

  it('tells those of a new domain at once', () => {
    const pacer = new Pacer()
    pacer.pace('u', 1, { cpuNs: 900 }, 0, 5000)
    expect(pacer.pace('u', 2, { cpuNs: 1 }, 1000, 5000)).toEqual({ cpuNs: 1, countersAt: 1000 })
  })

  it('keeps nothing of machines that have gone', () => {
    const pacer = new Pacer()
    pacer.pace('u', 1, { cpuNs: 900 }, 0, 5000)
    pacer.forgetAllBut(new Set())
    expect(pacer.pace('u', 1, { cpuNs: 901 }, 1, 5000).cpuNs).toBe(901)
  })
})

describe('the load of a host', () => {
  const take = (load: HostLoad, at: number, domains: Record<string, number>) =>
    load.take(new Map(Object.entries(domains)), { at, cpus: 2, window: 5000 })

  it('grows by what its domains used, over the time of all CPUs', () => {
    const load = new HostLoad()
    const first = take(load, 0, { '0': 100, '1': 50 })
    const then = take(load, 5000, { '0': 130, '1': 70 })
    expect(then.busyNs - first.busyNs).toBe(50)
    expect(then.totalNs - first.totalNs).toBe(2 * 5000e6)
  })

  it('does not fall when a domain ends, and does not jump when one is first seen', () => {
    const load = new HostLoad()
    const first = take(load, 0, { '0': 100, '1': 1e9 })
    const then = take(load, 5000, { '0': 130, '2': 1e12 })
    expect(then.busyNs - first.busyNs).toBe(30)
  })

  it('stands until the window is over', () => {
    const load = new HostLoad()
    const first = take(load, 0, { '0': 100 })
    expect(take(load, 3000, { '0': 130 })).toEqual(first)
    expect(take(load, 6000, { '0': 160 }).busyNs).toBe(60)
  })
})
