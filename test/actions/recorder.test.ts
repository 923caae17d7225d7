import { describe, expect, it } from 'vitest'
import type { Undo } from '../../src/actions/action.ts'
import { type Prepared, prepare } from '../../src/actions/prepare.ts'
import { recorder } from '../../src/actions/recorder.ts'
import { idOf, objectsOf, type Subject, type Target } from '../../src/actions/subjects.ts'
import { actionsOf } from '../../src/actions/table.ts'
import { say } from '../../src/hosts/label.ts'
import { channels, displayServer } from '../support/displays.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { seen } from '../support/sight.ts'
import { StillFleet } from '../support/still-fleet.ts'
import { lb1, ldap, rs1, world } from './sides/balanced.ts'

// What the journal keeps of a change, of each kind of target.

const balanced = world([lb1()])
const oneSession = {
  ...snapshot([], [host('d1', { roles: ['display'] })]),
  displays: [displayServer(channels(seen()))],
}

/** The line that a change of the first of its kind begins with. */
function begun(subject: Subject, verb: string, answers = {}, shown = balanced, undo?: Undo) {
  const fleet = new StillFleet(shown)
  const target = objectsOf(subject, shown).find((one) => subject !== 'service' || one.name === ldap) as Target
  const action = actionsOf[subject].find((one) => one.verb === verb) as Prepared['action']
  const prepared = prepare(action, target, answers, fleet)
  if ('refused' in prepared) throw new Error(prepared.refused)
  recorder(prepared, fleet, say`ada`, 'b1')(say`begun`, 'info', undo)
  return { ...fleet.journal.latest(1)[0], id: idOf(subject, target) }
}

describe('a change is told', () => {
  it.each([
    ['machine', 'pause', {}, snapshot([machine()]), 'a', 'pause: begun'],
    ['frontend', 'weight', { weight: '9' }, balanced, 'rs1', 'weight: begun'],
    ['service', 'add', { address: '10.9.0.13' }, balanced, 'lb1', `add server ${ldap}: begun`],
    ['balancer', 'reload', {}, balanced, 'lb1', 'reload ldirectord: begun'],
    ['host', 'create', { name: 'new1' }, snapshot([]), 'a', 'new machine new1: begun'],
    ['session', 'end', {}, oneSession, 'd1', 'end anna/k7q2mz: begun'],
    ['display', 'close', {}, oneSession, 'd1', 'close :12: begun'],
  ] as const)('of a %s by where it is', (subject, verb, answers, shown, host, text) => {
    const { about, ...line } = begun(subject, verb, answers, shown)
    expect(line).toMatchObject({ host, text, change: { batch: 'b1', verb, target: line.id, isEnded: false } })
    expect(about).toEqual({ kind: subject === 'balancer' ? 'host' : subject, id: line.id })
    expect(line.change).not.toHaveProperty('undo')
    expect(line.change).not.toHaveProperty('isNothing')
  })

  it('with the host that was meant, and with the name of a machine alone', () => {
    const twice = machine({ runsTwice: ['a', 'b'] })
    expect(begun('machine', 'pause', { host: 'a' }, snapshot([twice]))).toMatchObject({ host: 'a' })
    expect(begun('machine', 'pause', {}, snapshot([machine()]))).toHaveProperty('name', 'web1')
    expect(begun('frontend', 'drain')).not.toHaveProperty('name')
  })

  it('with what undoes it, on its target or on others', () => {
    const undo = (targets?: readonly string[]) =>
      begun('frontend', 'drain', {}, balanced, { verb: 'x', answers: {}, ...(targets && { targets }) }).change
        ?.undo
    expect(undo()).toEqual({ verb: 'x', answers: {}, ids: ['10.9.0.11'] })
    expect(undo(['10.9.0.12'])).toEqual({ verb: 'x', answers: {}, ids: ['10.9.0.12'] })
  })

  it('with the difference of a file, and not with what a command reads', () => {
    const { plan } = begun('service', 'add', { address: '10.9.0.13' })
    expect(plan?.filter((line) => line.startsWith('  | +'))).toEqual([
      expect.stringContaining('real=10.9.0.13:389'),
    ])
    expect(plan?.join('\n')).not.toMatch(/[0-9a-f]{64}/)
  })

  it('with how it stood before and after, where these differ', () => {
    const fleet = new StillFleet(balanced)
    const target = balanced.frontends[0] as Target
    const action = actionsOf.frontend.find(({ verb }) => verb === 'weight') as Prepared['action']
    const prepared = prepare(action, target, { weight: '9' }, fleet) as Prepared
    const record = recorder(prepared, fleet, say`ada`, 'b1')
    record(say`begun`, 'info', undefined)
    expect(fleet.journal.latest(1)[0]).not.toHaveProperty('after')
    fleet.show(world([lb1({ [rs1.ldap]: { weight: 9 }, [rs1.http]: { weight: 9 } })]))
    record(say`done`, 'info', undefined, true)
    expect(fleet.journal.latest(1)[0]).toMatchObject({
      before: 'in service, weight 4',
      after: 'in service, weight 9',
      change: { isEnded: true, isNothing: true },
    })
  })
})
