import { expect, it } from 'vitest'
import { kinds } from '../../../src/fleet/kinds.ts'
import { isAsking, pollsOf } from '../../../src/fleet/polls.ts'
import { provisioned } from '../../../src/fleet/pool/record.ts'
import { FleetStore } from '../../../src/fleet/store.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { reading } from '../../support/facts.ts'

const host = (name: string) => ({ name, roles: ['hypervisor'] as ['hypervisor'], libvirt: 'qemu:///system' })
const volumes = [
  { name: label('one'), capacity: 30, allocation: 10 },
  { name: label('two'), capacity: 50, allocation: 50 },
]
const sized = (rawName: string) => ({
  poolSizes: [{ rawName, at: 0, capacity: 100, available: 40, volumes }],
})

it('pools are those of the last answer of each host, in the order of the hosts, also when it answers no more', () => {
  const store = new FleetStore([host('a'), host('b')], 4000)
  const names = () => kinds.pool.all(store.snapshot()).map(({ id }) => id)
  const asking = () =>
    pollsOf(store.snapshot()).filter((one) => one.facts === 'pools' && isAsking(one)).length
  expect([names(), asking()]).toEqual([[], 2])
  store.apply(reading('b', 1000, [], { hypervisor: sized('p\\1') }))
  store.apply(reading('a', 1000, [], { hypervisor: sized('default') }))
  expect([names(), asking()]).toEqual([['a default', 'b p\\1'], 0])
  // Not read yet again, and not gone.
  store.apply(reading('a', 2000))
  store.fail('b', new HostError('unreachable', 'b', say`no route`, say``), 3000)
  expect(names()).toEqual(['a default', 'b p\\1'])
  store.apply(reading('a', 4000, [], { hypervisor: { poolSizes: [] } }))
  expect(names()).toEqual(['b p\\1'])
})

it('what volumes may grow to is their sum, and not known where they could not be read', () => {
  const pool = { id: '', host: 'a', name: label('x'), rawName: 'x', at: 0, capacity: 100, available: 40 }
  expect(provisioned({ ...pool, volumes })).toBe(80)
  expect(provisioned({ ...pool, volumes: [] })).toBe(0)
  expect(provisioned(pool)).toBeUndefined()
})
