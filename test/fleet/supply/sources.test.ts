import { expect, it } from 'vitest'
import { directoryAmounts, hostAmounts, poolAmounts } from '../../../src/fleet/supply/sources.ts'
import { host } from '../../support/records.ts'

it('the amounts of a host are its memory and CPU, as far as they are known', () => {
  const { memoryKiB: _, memoryFreeKiB: __, cpuPercent: ___, ...bare } = host('a')
  const memory = { kind: 'memory', used: 70, most: 100 }
  const cpu = { kind: 'cpu', used: 12, most: 100 }
  expect(hostAmounts({ ...bare, memoryKiB: 100, memoryFreeKiB: 30, cpuPercent: 12 })).toEqual([memory, cpu])
  expect(hostAmounts({ ...bare, memoryKiB: 100, memoryFreeKiB: 30 })).toEqual([memory])
  expect(hostAmounts({ ...bare, memoryKiB: 100, cpuPercent: 12 })).toEqual([cpu])
  expect(hostAmounts({ ...bare, memoryFreeKiB: 30, cpuPercent: 0 })).toEqual([{ ...cpu, used: 0 }])
  expect(hostAmounts(bare)).toEqual([])
})

it('those of a hypervisor are its pools in KiB', () => {
  const poolSizes = [{ rawName: 'default', at: 0, capacity: 4096, available: 1024 }]
  expect(poolAmounts('a', { driver: 'qemu', poolSizes })).toEqual([
    { about: { kind: 'pool', id: 'a default' }, kind: 'pool', which: 'default', used: 3, most: 4 },
  ])
  expect(poolAmounts('a', { driver: 'qemu' })).toEqual([])
})

it('those of a directory are the pages of its database', () => {
  const of = (monitor?: object) => directoryAmounts({ host: 'ldap1', monitor } as never)
  expect(of({ pages: { used: 3, max: 9 } })).toMatchObject([
    { about: { kind: 'directory', id: 'ldap1' }, kind: 'pages', used: 3, most: 9 },
  ])
  expect([of({}), of()]).toEqual([[], []])
})
