import { expect, it } from 'vitest'
import { Console } from '../../src/console/console.ts'
import { label, say } from '../../src/hosts/label.ts'
import { entry, incidentsOf } from '../fleet/incident/support.ts'
import { snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'

it('a note on an incident goes to the journal with who made it, and an empty one nowhere', () => {
  const incidents = incidentsOf(entry(1, 'host.lost', { host: 'hv1' }))
  const fleet = new StillFleet({ ...snapshot([]), incidents })
  const console = new Console(fleet, say`ada@console`)
  const press = (...keys: string[]) => {
    for (const key of keys) console.press(key)
  }
  press('4', 'tab', 'n', ...'disk is ordered', 'return')
  expect(fleet.journal.latest(5)).toMatchObject([
    {
      kind: 'did',
      type: 'incident.noted',
      about: { kind: 'incident', id: incidents[0]?.id },
      who: label('ada@console'),
      text: label('disk is ordered'),
    },
  ])
  press('n', 'return')
  expect(console.notice?.text).toContain('nothing noted')
  expect(fleet.journal.latest(5)).toHaveLength(1)
  // It is a key of incidents alone.
  press('4', 'n')
  expect(console.layers).toEqual([])
})
