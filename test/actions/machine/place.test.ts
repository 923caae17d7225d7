import { describe, expect, it } from 'vitest'
import { type Change, permitted } from '../../../src/actions/action.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import type { Answers } from '../../../src/actions/question.ts'
import { run } from '../../../src/actions/run.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import { alertsOf } from '../../../src/fleet/alerts/alerts.ts'
import { placesOf } from '../../../src/fleet/machine/places.ts'
import type { MachineRecord } from '../../../src/fleet/machine/record.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { FleetStore } from '../../../src/fleet/store.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { say } from '../../../src/hosts/label.ts'
import type { MachineFacts } from '../../../src/services/libvirt/facts.ts'
import { facts, off, reading, uuid } from '../../support/facts.ts'
import { StillFleet } from '../../support/still-fleet.ts'

/** What a and b tell, at the moment 10 000. */
function told(byHost: Readonly<Record<string, readonly MachineFacts[]>>, silent?: string): Snapshot {
  const hosts = ['a', 'b'].map((name) => ({
    name,
    roles: ['hypervisor' as const],
    libvirt: 'qemu:///system',
  }))
  const store = new FleetStore(hosts, 4000)
  if (silent) {
    store.apply(reading(silent, 1000, byHost[silent]))
    store.fail(silent, new HostError('unreachable', silent, say`no route`), 5000)
  }
  for (const [name, machines] of Object.entries(byHost))
    if (name !== silent) store.apply(reading(name, 10_000, machines))
  return store.snapshot()
}

const twice = () => told({ a: [facts()], b: [facts({ state: 'paused', reason: 'user' })] })
const machineOf = (snapshot: Snapshot) => snapshot.machines[0] as MachineRecord
const change = (verb: string) => actionsOf.machine.find((one) => one.verb === verb) as Change<MachineRecord>
const changes = actionsOf.machine.filter((action) => action.kind === 'change')

function prepared(snapshot: Snapshot, verb: string, answers: Answers = {}) {
  const fleet = new StillFleet(snapshot)
  return { fleet, made: prepare(change(verb), machineOf(snapshot), answers, fleet) }
}

describe('a machine that runs on two hosts', () => {
  it.each(changes.map(({ verb }) => verb))('is not touched by %s before its host is named', (verb) => {
    const snapshot = twice()
    const context = { fleet: new StillFleet(snapshot), snapshot }
    const answers = { to: 'b', autostart: 'on', vcpus: '1', memory: '1' }
    const { made } = prepared(snapshot, verb, answers)
    if (permitted(change(verb), machineOf(snapshot), context) === true)
      expect(made).toEqual({ refused: 'it runs on a and b at once; --host says which is meant' })
    else expect(made).toHaveProperty('refused')
  })

  it.each(['a', 'b'])('is forced off on %s when that is named, and the other goes on', async (name) => {
    const { fleet, made } = prepared(twice(), 'off', { host: name })
    if ('refused' in made) throw new Error(made.refused)
    expect(made.steps.map(({ host, argv }) => [host, ...argv.slice(-2)])).toEqual([
      [name, 'destroy', uuid(1)],
    ])
    for (const host of fleet.hosts.values())
      host.answer = (argv) => {
        if (argv.includes('domstate')) return { stdout: 'shut off\n\n' }
        fleet.show(told({ a: [facts()], b: [facts()], [name]: [off()] }))
        return {}
      }
    expect(await run(made, fleet, { who: say`ada` })).toMatchObject({ kind: 'done' })
    expect(fleet.hosts.get(name)?.ran.map(({ argv }) => argv.at(-2))).toEqual(['destroy', 'domstate'])
    expect(fleet.hosts.get(name === 'a' ? 'b' : 'a')?.ran).toEqual([])
    expect(fleet.journal.latest(1)[0]).toMatchObject({
      host: name,
      before: name === 'a' ? 'running (booted) on a' : 'paused (user) on b',
      after: `shut off (shutdown) on ${name}`,
    })
  })

  it('is read again where it is to be forced off, and not only where it also runs', async () => {
    const { fleet, made } = prepared(twice(), 'off', { host: 'b' })
    if ('refused' in made) throw new Error(made.refused)
    fleet.lookAfresh = () => {
      fleet.show({ ...fleet.snapshot(), seenAt: new Map(Object.entries({ a: 10_001, b: 10_000 })) })
      setImmediate(() =>
        fleet.show({ ...told({ a: [facts()], b: [off()] }), seenAt: new Map([['b', 10_001]]) }),
      )
    }
    expect(await run(made, fleet, { who: say`ada` })).toMatchObject({ kind: 'refused' })
    expect(fleet.hosts.get('b')?.ran).toEqual([])
  })

  it('is done with as its place allows', () => {
    expect(prepared(twice(), 'resume', { host: 'b' }).made).toHaveProperty('steps')
    expect(prepared(twice(), 'resume', { host: 'a' }).made).toEqual({ refused: 'it is running, not paused' })
    expect(prepared(twice(), 'off', { host: 'c' }).made).toMatchObject({
      refused: expect.stringContaining('c does not know it'),
    })
  })

  it('is asked for its host, with how it stands on each', () => {
    const snapshot = twice()
    const [which] = change('off').asks
    const choices = which?.choices?.(machineOf(snapshot), snapshot, 10_000, {}, [])
    expect(choices?.map(({ value, note }) => [value, note])).toEqual([
      ['a', 'running'],
      ['b', 'paused'],
    ])
  })

  it('is proposed what it has on the host that is meant', () => {
    const lent = told({ a: [facts()], b: [facts({ autostart: true })] })
    expect(prepared(lent, 'autostart', { host: 'a' }).made).toMatchObject({ answers: { autostart: 'on' } })
    expect(prepared(lent, 'autostart', { host: 'b' }).made).toMatchObject({ answers: { autostart: 'off' } })
  })

  it('keeps its host when what was done is undone', () => {
    const { fleet, made } = prepared(twice(), 'resume', { host: 'b' })
    if ('refused' in made) throw new Error(made.refused)
    expect(made.action.undo?.(made.target, made.answers, fleet.snapshot())).toEqual({
      verb: 'pause',
      answers: { host: 'b' },
    })
  })

  it('is told of at once, with both places', () => {
    const snapshot = twice()
    expect(alertsOf(snapshot, 10_000)).toMatchObject([{ severity: 'bad', what: 'runs twice' }])
    expect(placesOf(machineOf(snapshot)).map(({ host, state }) => `${state} on ${host}`)).toEqual([
      'running on a',
      'paused on b',
    ])
  })

  it('is acted on as ever when it runs once: another host cannot be named', () => {
    const once = told({ a: [facts()], b: [off()] })
    expect(prepared(once, 'off').made).toMatchObject({ steps: [{ host: 'a' }] })
    expect(prepared(once, 'off', { host: 'a' }).made).toMatchObject({ steps: [{ host: 'a' }] })
    expect(prepared(once, 'off', { host: 'b' }).made).toMatchObject({
      refused: expect.stringContaining('it is on a'),
    })
    expect(prepared(once, 'start', { host: 'b' }).made).toEqual({ refused: 'it is running' })
  })
})

describe('a machine whose host is silent', () => {
  const lost = (b = off()) => told({ a: [facts()], b: [b] }, 'a')

  it('is started elsewhere only where that is named, with its name typed, and never by a mere yes', () => {
    expect(prepared(lost(), 'start').made).toEqual({
      refused: 'a does not answer; it is known on b too: --host says which is meant',
    })
    expect(prepared(lost(), 'start', { host: 'a' }).made).toEqual({ refused: 'a does not answer: no route' })
    expect(prepared(lost(), 'start', { host: 'b' }).made).toMatchObject({
      risk: 'destructive',
      insists: expect.stringContaining('it ran on a when that last answered, and may still'),
      steps: [{ host: 'b' }],
    })
  })

  it('is not known to run, so no other verb goes to the other host', () => {
    expect(prepared(lost(), 'undefine', { host: 'b' }).made).toEqual({
      refused: 'a does not answer: no route',
    })
  })

  it('is told of when it runs elsewhere too', () => {
    expect(alertsOf(lost(facts()), 10_000)).toMatchObject([
      { what: 'unreachable' },
      { severity: 'warning', text: 'runs on b, and ran on a when that last answered' },
    ])
    expect(alertsOf(told({ a: [off()], b: [facts()] }, 'a'), 10_000)).toHaveLength(1)
  })

  it('is started as ever where it is known to be off, with a word on hosts that have never answered', () => {
    expect(prepared(told({ a: [off()], b: [] }), 'start').made).toMatchObject({
      risk: 'disruptive',
      warnings: [],
    })
    expect(prepared(told({ a: [off()] }), 'start').made).toMatchObject({
      risk: 'disruptive',
      warnings: ['b: no answer yet; whether it runs there is not known'],
    })
  })
})
