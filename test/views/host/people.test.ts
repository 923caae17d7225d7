import { expect, it } from 'vitest'
import { hostFacts } from '../../../src/views/host/facts.ts'
import { hostJson } from '../../../src/views/host/json.ts'
import { machineFacts } from '../../../src/views/machine/facts.ts'
import { machineJson } from '../../../src/views/machine/json.ts'
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
  expect(of(machineFacts(web, shown, 10_000))).toBe('1: anna (term3)')
  expect(hosts.map((one) => of(hostFacts(one, shown, 10_000)))).toEqual([
    '1: anna (term3)',
    undefined,
    '2: anna (term3), bruno (term3)',
  ])
})

it('tells programs the same, and that it is not known where no display server has told', () => {
  const moment = { snapshot: shown, now: 10_000 }
  const anna = { user: 'anna', sessions: [{ name: 'anna/k7q2mz', kind: 'desktop', terminal: 'term3' }] }
  expect(machineJson(web, moment)).toMatchObject({ people: [anna] })
  expect(hosts.map((one) => hostJson(one, moment).people)).toMatchObject([
    [anna],
    [],
    [anna, { user: 'bruno' }],
  ])
  const unheard = displayServer([], { reading: undefined as never })
  const silent = { ...moment, snapshot: { ...shown, displays: [unheard] } }
  expect(machineJson(web, silent).people).toBeNull()
  expect(machineJson(web, { ...moment, snapshot: { ...shown, displays: [] } }).people).toEqual([])
  const facts = new Map(machineFacts(web, silent.snapshot, 10_000))
  expect(facts.get('People')).toBe('not known of d1, which cannot be asked')
})
