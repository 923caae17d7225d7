import { expect, it } from 'vitest'
import { HostLoads } from '../../../src/fleet/host/loads.ts'
import { usualSpan } from '../../../src/fleet/rates.ts'
import { host } from '../../support/records.ts'

const before = host('a', { cpuPercent: 12, net: { in: 1, out: 2 } })

it('the network of a host is what came and went between two looks, in bytes a second', () => {
  const loads = new HostLoads()
  const net = (at: number, received: number, sent: number) => loads.net(before, { received, sent }, at)
  expect(net(1000, 500, 800)).toBeUndefined()
  expect(net(3000, 2500, 800)).toEqual({ in: 1000, out: 0 })
  // Too soon: the rate from before stands, and is counted on from the last.
  expect(net(2999 + usualSpan, 2501, 801)).toEqual(before.net)
  expect(loads.net(before, undefined, 4000)).toBeUndefined()
  expect(net(4000, 3500, 900)).toEqual({ in: 1000, out: 100 })
  expect(net(4000 + usualSpan, 3500, 900)).toEqual({ in: 0, out: 0 })
})

it('the CPU of a host that is idle, or was booted anew, is told rightly', () => {
  const loads = new HostLoads()
  const cpu = (at: number, busy: number, total: number) => loads.cpu(before, { busy, total }, at)
  expect(cpu(1000, 50, 100)).toBeUndefined()
  expect(cpu(1400, 50, 200)).toBe(0)
  // Its counters have not been read anew.
  expect(cpu(2000, 50, 200)).toBe(12)
  expect(cpu(3000, 60, 150)).toBeUndefined()
  expect(cpu(4000, 70, 170)).toBe(50)
  expect(loads.cpu(before, undefined, 5000)).toBeUndefined()
})
