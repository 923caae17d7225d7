import { expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { prepare, prepareAll } from '../../src/actions/prepare.ts'
import { actionsOf } from '../../src/actions/table.ts'
import type { HostRecord } from '../../src/fleet/host/record.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import { channels, displayServer } from '../support/displays.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { seen } from '../support/sight.ts'
import { StillFleet } from '../support/still-fleet.ts'

const create = actionsOf.host.find(({ verb }) => verb === 'create') as Change<HostRecord>
const answers = {
  name: 'new1',
  os: 'linux',
  vcpus: '1',
  memory: '1G',
  disk: '10',
  pool: 'default',
  network: 'lan',
}

/** Which answer is the reason why there is no plan. */
function wrong(given: Record<string, string>) {
  const made = prepare(create, host('a'), { ...answers, ...given }, new StillFleet(snapshot([])))
  return 'refused' in made ? made.wrong : undefined
}

it('an answer that names what the host does not have is told from one that can never be one', () => {
  expect(wrong({})).toBeUndefined()
  expect(wrong({ pool: 'nope' })).toMatchObject({ id: 'pool', isNoAnswer: true, isUnknown: true })
  expect(wrong({ network: 'nope' })).toMatchObject({ id: 'network', isUnknown: true })
  const odd = wrong({ memory: '1' })
  expect(odd).toMatchObject({ id: 'memory', isNoAnswer: true })
  expect(odd).not.toHaveProperty('isUnknown')
})

it('whom a change of several hits is said once, by the first of them', () => {
  const shutdown = actionsOf.machine.find(({ verb }) => verb === 'shutdown') as Change<MachineRecord>
  const both = [machine({ name: 'web1' }), machine({ name: 'web2', uuid: uuid(2) })]
  const on = seen({ id: 'bbbbbb', machine: { name: 'web2', address: 'web2' } }, { user: 'bruno' })
  const shown = { ...snapshot(both), displays: [displayServer(channels(seen(), on))] }
  const { prepared } = prepareAll(shutdown, both, {}, new StillFleet(shown))
  expect(prepared.map(({ warnings }) => warnings)).toEqual([
    ['2 people are working on them: anna (term3), bruno (term3)'],
    [],
  ])
})
