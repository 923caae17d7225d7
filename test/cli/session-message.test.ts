import { expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { actionsOf } from '../../src/actions/table.ts'
import { hearers } from '../../src/cli/session-actions.ts'
import type { SessionRecord } from '../../src/fleet/session/record.ts'
import { channels, displayServer } from '../support/displays.ts'
import { host, snapshot } from '../support/records.ts'
import { seen } from '../support/sight.ts'
import { StillFleet } from '../support/still-fleet.ts'

const bruno = { user: 'bruno', uid: 1004 }
const other = { name: 'web2', address: 'web2.example.org' }
const shown = {
  ...snapshot([], [host('d1', { roles: ['display'] })]),
  displays: [
    displayServer(
      channels(
        seen(),
        seen({ id: 'aaaaaa', display: 13, machine: other }),
        seen({ id: 'bbbbbb', display: 14 }, bruno),
        seen({ id: 'cccccc', display: 15, terminal: { name: 'term9' } }, bruno),
      ),
    ),
  ],
}
const message = actionsOf.session.find(({ verb }) => verb === 'message') as Change<SessionRecord>
const told = (words: string[], machine?: string) =>
  hearers(words, machine, message, new StillFleet(shown), shown).map(({ key }) => key)

it('a message goes to a person with all that they have, to all of a machine, or to all who can see it', () => {
  expect(told(['anna'])).toEqual(['k7q2mz', 'aaaaaa'])
  expect(told(['bbbbbb', 'bruno'])).toEqual(['bbbbbb', 'cccccc'])
  expect(told([], 'web1')).toEqual(['k7q2mz', 'bbbbbb'])
  expect(told([], 'web2.example.org')).toEqual(['aaaaaa'])
  expect(told([])).toEqual(['k7q2mz', 'aaaaaa', 'bbbbbb'])
})

it('a machine is meant by all that it is called, as where it is told who works on it', () => {
  const web = { name: 'The web', address: 'web3.example.org' }
  const all = { ...shown, displays: [displayServer(channels(seen({ machine: web })))] }
  for (const name of ['The web', 'web3', 'web3.example.org'])
    expect(hearers([], name, message, new StillFleet(all), all)).toHaveLength(1)
})

it('a message to nobody is refused', () => {
  expect(() => told([], 'web3')).toThrow('nobody works on web3 who could be told')
  expect(() => told(['carla'])).toThrow('no session carla')
})
