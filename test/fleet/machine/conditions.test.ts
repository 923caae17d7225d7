import { describe, expect, it } from 'vitest'
import { isBad, machineConcern, machineConditions } from '../../../src/fleet/machine/conditions.ts'
import { label } from '../../../src/hosts/label.ts'
import { behindLibvirt } from '../../../src/services/libvirt/xen/states.ts'
import { uuid } from '../../support/facts.ts'
import { machine } from '../../support/records.ts'

describe('what is wrong with a machine', () => {
  it.each([
    ['running', 'booted'],
    ['shut off', 'destroyed'],
    ['paused', 'user'],
    ['paused', 'migrating'],
  ] as const)('is nothing where it is %s (%s)', (state, reason) => {
    expect(machineConditions(machine({ state, reason: label(reason) }))).toEqual([])
    expect(isBad(machine({ state, reason: label(reason) }))).toBe(false)
  })

  it.each([
    ['crashed', 'panicked', 'crashed (panicked) on a'],
    ['crashed', 'unknown', 'crashed on a'],
    ['shut off', 'failed', 'shut off (failed) on a'],
    ['paused', 'I/O error', 'paused (I/O error) on a'],
    ['paused', 'watchdog', 'paused (watchdog) on a'],
  ] as const)('is that it is %s (%s)', (state, reason, text) => {
    const one = machine({ state, reason: label(reason) })
    expect(machineConditions(one)).toMatchObject([{ severity: 'bad', what: 'state', hits: true, text }])
    expect(isBad(one)).toBe(true)
  })

  it('is that it runs where libvirt says that it is off, and must not be started elsewhere', () => {
    expect(machineConditions(machine({ reason: behindLibvirt }))).toMatchObject([
      {
        severity: 'bad',
        what: 'state',
        hits: true,
        text: "running (runs behind libvirt's back) on a",
        advice: 'do not start it anywhere: xl list on a',
      },
    ])
  })

  it('is that it runs twice, before all else, or may do so', () => {
    expect(machineConditions(machine({ state: 'crashed', runsTwice: ['a', 'b'], mayRunOn: ['c'] }))).toEqual([
      {
        severity: 'bad',
        what: 'runs twice',
        text: 'runs on a and b at once: its disks are in danger',
        over: 'no longer runs twice',
        types: ['machine.twice', 'machine.once'],
        advice: 'force off the wrong one',
      },
    ])
    expect(machineConditions(machine({ mayRunOn: ['b', 'c'] }))).toEqual([
      {
        severity: 'warning',
        what: 'may run twice',
        text: 'runs on a, and ran on b and c when that last answered',
        over: 'known again where it runs',
        types: ['machine.unsure', 'machine.sure'],
        advice: 'make sure that it is off on b and c before b and c come back',
      },
    ])
    expect(isBad(machine({ mayRunOn: ['b'] }))).toBe(false)
  })

  it('is told of it by its number, its host and its name', () => {
    expect(machineConcern(machine())).toEqual({
      about: { kind: 'machine', id: uuid(1) },
      host: 'a',
      name: 'web1',
    })
  })
})
