import { expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { rowOf } from '../../src/actions/listing.ts'
import type { Prepared } from '../../src/actions/prepare.ts'
import type { Subject, Target } from '../../src/actions/subjects.ts'
import type { DisplayRecord } from '../../src/fleet/display/record.ts'
import { displayRecord } from '../../src/fleet/display/record.ts'
import { type SessionRecord, sessionsAt } from '../../src/fleet/session/record.ts'
import { label, say } from '../../src/hosts/label.ts'
import type { Display } from '../../src/services/display/facts.ts'
import { channels, displayServer, displaysOf } from '../support/displays.ts'
import { host, machine } from '../support/records.ts'
import { seen } from '../support/sight.ts'

const row = (subject: Subject, target: Target, answers: Prepared['answers'] = {}) =>
  rowOf(
    { action: { subject } as Change<unknown>, target, answers, steps: [], risk: 'safe', warnings: [] },
    100_000,
  )

it('a machine is listed with its host, its state, for how long it runs, and where it goes', () => {
  const one = machine({ startedAt: 40_000 })
  expect(row('machine', one)).toEqual(['web1', 'a', 'running (booted)', '1 min', ''])
  expect(row('machine', machine(), { to: 'b' })).toEqual(['web1', 'a', 'running (booted)', '', 'to b'])
})

it('a front end is listed with what it does in the services that are meant', () => {
  const service = { real: '10.9.0.11:389', balancer: 'lb1', duty: 'in service', inactive: 9 } as const
  const frontend = {
    address: '10.9.0.11',
    name: label('fe1'),
    services: [
      { ...service, virtual: 'TCP 10.9.0.100:389', weight: 4, active: 3 },
      { ...service, virtual: 'UDP 10.9.0.100:1812', weight: 4, active: 5 },
    ],
  }
  const all = ['fe1', '10.9.0.11', 'in service, weight 4', '8 active']
  expect(row('frontend', frontend)).toEqual(all)
  expect(row('frontend', frontend, { service: 'TCP 10.9.0.100:389' }).at(-1)).toBe('3 active')
  expect(row('frontend', { ...frontend, services: [] })).toEqual(['fe1', '10.9.0.11', '', '0 active'])
})

it('what has no more to tell is listed by its name, a virtual service with its balancer', () => {
  const service = { name: say`FWM 7`, balancer: 'lb1', scheduler: say`sed`, flags: say``, reals: [] }
  expect([row('host', host('a')), row('balancer', host('lb1')), row('service', service)]).toEqual([
    ['a'],
    ['lb1'],
    ['FWM 7', 'lb1'],
  ])
})

it('a session is listed with who works, where, on what, and where it goes', () => {
  const [one] = channels(seen()) as [DisplayRecord]
  const [session] = sessionsAt(displayServer([one])) as [SessionRecord]
  expect(row('session', session)).toEqual(['anna/k7q2mz', 'anna', 'term3', 'web1', ''])
  expect(row('session', session, { to: 'term7:0' }).at(-1)).toBe('to term7:0')
})

it('a display is listed with who is on it, at which terminal, on which machine, and where it goes', () => {
  const [one] = channels(seen()) as [DisplayRecord]
  const { user, name, channel } = one
  expect(row('display', one)).toEqual([name, user, channel?.terminal, channel?.machine.name, ''])
  expect(row('display', one, { to: 'term2' }).at(-1)).toBe('to term2')
  const [login] = displaysOf([], { others: [{ display: 0, program: 'Xorg' }] }) as [Display]
  expect(row('display', displayRecord('d1', login))).toEqual([':0', login.user ?? '', '', '', ''])
})
