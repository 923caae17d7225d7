import { expect, it } from 'vitest'
import { at, reachable, running, settledHere, unlessEnded } from '../../../src/actions/machine/target.ts'
import type { HostRecord } from '../../../src/fleet/host/record.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const trouble = { kind: 'timeout', reason: say`no answer in 5 s`, advice: say``, since: 0 } as const
const migration = { from: 'a', to: 'b' }

function context(...hosts: readonly HostRecord[]) {
  const shown = snapshot([machine()], hosts)
  return { fleet: new StillFleet(shown, { configs: { a: { libvirt: 'xen:///system' } } }), snapshot: shown }
}

it('a machine is reached by the connection that is configured for its host, else by the usual one', () => {
  expect(at(machine(), context(host('a'))).uri).toBe('xen:///system')
  expect(at(machine({ host: 'elsewhere' }), context(host('a'))).uri).toBe('qemu:///system')
})

it.each([
  [true, host('a'), {}],
  ['a does not answer', host('b'), {}],
  ['a does not answer', host('a', { reachable: false }), {}],
  ['a does not answer: no answer in 5 s', host('a', { reachable: false, trouble }), {}],
  ['a: no answer in 5 s', host('a', { reachable: false, trouble: { ...trouble, hostAnswers: true } }), {}],
  ['xl made it and libvirt does not know it: use xl on a', host('a'), { foreign: true }],
] as const)('a change of a machine is possible, or it says why not: %s', (said, on, given) => {
  expect(reachable(machine(given), context(on))).toBe(said)
  expect(settledHere(machine(given), context(on))).toBe(said)
})

it('most changes have to wait for the end of a migration, and say first that its host is silent', () => {
  const moving = machine({ state: 'migrating', migration })
  expect(reachable(moving, context(host('a')))).toBe(true)
  expect(settledHere(moving, context(host('a')))).toBe('it is migrating to b')
  expect(settledHere(moving, context(host('b')))).toBe('a does not answer')
})

it.each([
  [true, 'running'],
  [true, 'paused'],
  [false, 'migrating'],
  [false, 'shut off'],
] as const)('it runs here: %s, where it is %s', (runs, state) => {
  expect(running(machine({ state, reason: label('') }))).toBe(runs)
})

it('the end of a machine is not believed where its host is not in the configuration', async () => {
  const objection = await unlessEnded(
    machine({ host: 'elsewhere' }),
    {},
    context(host('a')),
    new AbortController().signal,
  )
  expect(objection).toBe('elsewhere is not in the configuration')
})
