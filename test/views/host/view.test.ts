import { expect, it } from 'vitest'
import { tableState } from '../../../src/console/table-state.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { hostView } from '../../../src/views/host/view.ts'
import { host, snapshot } from '../../support/records.ts'
import { worldOf } from '../../support/world.ts'

it('counts a host as a fault that has an alert, not only one that is silent, and puts the worst first', () => {
  const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const
  const bonds = [{ name: label('bond0'), isUp: true, down: [label('eth1')] }]
  const all = [
    host('well'),
    host('bond', { bonds }),
    host('part', { partial: say`a guest hangs` }),
    host('silent', { trouble }),
  ]
  const rows = (faultsOnly: boolean) =>
    hostView.rows(worldOf(snapshot([], all)), { ...tableState('state'), faultsOnly }).map(({ name }) => name)
  expect(rows(true)).toEqual(['silent', 'bond', 'part'])
  expect(rows(false)).toEqual(['silent', 'bond', 'part', 'well'])
})
