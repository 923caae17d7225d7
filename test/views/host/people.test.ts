import { expect, it } from 'vitest'
import { hostFacts } from '../../../src/views/host/facts.ts'
import { machineFacts } from '../../../src/views/machine/facts.ts'
import { channels, displayServer } from '../../support/displays.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import { seen } from '../../support/sight.ts'

const hosts = [host('a'), host('b'), host('d1', { roles: ['display'] })]
const web = machine({ name: 'web1' })
const shown = {
  ...snapshot([web], hosts),
  displays: [
    displayServer(
      channels(
        seen(),
        seen({ id: 'bbbbbb', machine: { name: 'db1', address: 'db1' } }, { user: 'bruno', uid: 1004 }),
        seen({ id: 'cccccc' }, { user: 'carla', uid: 1005, fate: 'orphan' }),
      ),
    ),
  ],
}

it('the pages of machines, of their hosts and of display servers name the people, and others do not', () => {
  const of = (facts: readonly [string, string][]) => facts.find(([title]) => title === 'People')?.[1]
  expect(of(machineFacts(web, shown, 10_000))).toBe('anna (term3)')
  expect(hosts.map((one) => of(hostFacts(one, shown, 10_000)))).toEqual([
    '1: anna (term3)',
    undefined,
    '2: anna (term3), bruno (term3)',
  ])
})
