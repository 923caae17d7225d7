import { expect, it } from 'vitest'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { serviceRows } from '../../../src/views/service/rows.ts'
import { snapshot } from '../../support/records.ts'
import { worldOf } from '../../support/world.ts'

const services = [
  { name: 'TCP 10.0.0.100:389', balancer: 'lb1', reals: [] },
  { name: 'UDP 10.0.0.100:1812', balancer: 'lb1', reals: [] },
]
const shown = worldOf({ ...snapshot([]), services } as unknown as Snapshot)
const found = (filter: string) =>
  serviceRows(shown, { sort: 'tree', descending: false, filter, host: '', faultsOnly: false }).map(
    ({ id }) => id,
  )

it.each([
  ['tcp', ['TCP 10.0.0.100:389']],
  [' 1812 ', ['UDP 10.0.0.100:1812']],
  ['!tcp', ['UDP 10.0.0.100:1812']],
  ['!', services.map(({ name }) => name)],
  ['sctp', []],
])('a service without real servers is found as all else: %s', (filter, names) => {
  expect(found(filter)).toEqual(names)
})
