import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Change, Undo } from '../../src/actions/action.ts'
import type { CarryOutOptions, Outcome } from '../../src/actions/outcome.ts'
import { confirmation, type Prepared, prepare } from '../../src/actions/prepare.ts'
import type { Answers } from '../../src/actions/question.ts'
import { run } from '../../src/actions/run.ts'
import type { Progress } from '../../src/actions/run-step.ts'
import { actionsOf } from '../../src/actions/table.ts'
import type { ResourceRecord } from '../../src/fleet/cluster/record.ts'
import type { FrontendRecord } from '../../src/fleet/frontend/frontends.ts'
import type { HostRecord } from '../../src/fleet/host/record.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import { HostError } from '../../src/hosts/host.ts'
import { label, say } from '../../src/hosts/label.ts'
import { clusterWorld, resourceIn } from '../support/clusters.ts'
import { libvirt } from '../support/fixture.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { type RecordingHost, StillFleet } from '../support/still-fleet.ts'
import { until } from '../support/until.ts'
import { lb1, ldap, world } from './sides/balanced.ts'

const who = say`ada@console`
const change = (verb: string) => actionsOf.machine.find((one) => one.verb === verb) as Change<MachineRecord>
const drain = actionsOf.frontend.find(({ verb }) => verb === 'drain') as Change<FrontendRecord>
const off = machine({ state: 'shut off', reason: label('shutdown') })
const on = machine()

let fleet: StillFleet
let a: RecordingHost
function fleetWith(...machines: MachineRecord[]) {
  fleet = new StillFleet(snapshot(machines))
  a = fleet.hosts.get('a') as RecordingHost
}
beforeEach(() => fleetWith(off))

/** Prepares and runs; what is refused is an outcome too. */
async function act<T>(
  action: Change<T>,
  target: T,
  answers: Answers = {},
  options: Partial<CarryOutOptions> = {},
): Promise<Outcome> {
  const prepared = prepare(action, target, answers, fleet)
  return 'refused' in prepared
    ? { kind: 'refused', text: prepared.refused }
    : await run(prepared, fleet, { who, ...options })
}
const start = (options: Partial<CarryOutOptions> = {}) => act(change('start'), off, {}, options)
const journal = () => fleet.journal.latest(10).toReversed()

describe('run', () => {
  it('runs the plan and ends when the change is seen', async () => {
    a.answer = (_argv, { onStderr }) => {
      onStderr?.('a warning')
      vi.spyOn(fleet, 'now').mockReturnValue(12_340)
      fleet.show(snapshot([on]))
      return {}
    }
    expect(await start()).toMatchObject({ kind: 'done', text: 'done in 2.3 s' })
    expect(a.ran.map(({ argv }) => argv.slice(-2))).toEqual([['start', on.uuid]])
    expect(a.ran[0]?.options).toMatchObject({ timeout: 120_000 })
  })

  it('does not end before the change is seen, and looks at the hosts meanwhile', async () => {
    let outcome: Outcome | undefined
    const running = start().then((ended) => {
      outcome = ended
    })
    await until('the look', () => fleet.looked.length === 1)
    expect(fleet.looked).toEqual(['a'])
    expect(outcome).toBeUndefined()
    fleet.show(snapshot([on]))
    await running
    expect(outcome).toMatchObject({ kind: 'done' })
  })

  it('tells another member of the cluster where the one that was to be told is silent meanwhile', async () => {
    const shown = clusterWorld({ scene: 'moved', rules: 'moved' })
    fleet = new StillFleet(shown)
    const clear = actionsOf.resource.find(({ verb }) => verb === 'clear') as Change<ResourceRecord>
    const prepared = prepare(clear, resourceIn(shown, 'directory-ip'), {}, fleet)
    if ('refused' in prepared) throw new Error(prepared.refused)
    const [{ host: first } = { host: '' }] = prepared.steps
    const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const
    fleet.show({
      ...shown,
      clusters: shown.clusters.map((one) => (one.host === first ? { ...one, trouble } : one)),
    })
    await run(prepared, fleet, { who, wait: false })
    expect(fleet.hosts.get(first)?.ran).toEqual([])
    const other = first === 'ha1' ? 'ha2' : 'ha1'
    expect(fleet.hosts.get(other)?.ran[0]?.argv).toEqual(prepared.steps[0]?.argv)
  })

  it('writes to the journal that it begins, and how it ended, with the state before and after', async () => {
    a.answer = () => {
      fleet.show(snapshot([on]))
      return {}
    }
    await start()
    const plan = [`a$ virsh -c qemu:///system start ${on.uuid}`]
    const common = {
      at: 10_000,
      kind: 'did',
      severity: 'info',
      host: 'a',
      name: 'web1',
      about: { kind: 'machine', id: on.uuid },
      who,
      plan,
      change: expect.objectContaining({
        verb: 'start',
        target: on.uuid,
        undo: { verb: 'shutdown', answers: {}, ids: [on.uuid] },
      }),
    }
    const before = { state: 'shut off (shutdown)', host: 'a', vcpus: 2 }
    expect(journal()).toEqual([
      {
        ...common,
        id: 1,
        type: 'action.begun',
        states: { before: expect.objectContaining(before) },
        text: 'start: begun',
        before: 'shut off (shutdown) on a',
      },
      {
        ...common,
        id: 2,
        type: 'action.ended',
        states: {
          before: expect.objectContaining(before),
          after: expect.objectContaining({ ...before, state: 'running (booted)' }),
        },
        text: 'start: done in 0.0 s',
        before: 'shut off (shutdown) on a',
        after: 'running (booted) on a',
      },
    ])
  })

  it('says what libvirt said when a step fails, and what to do', async () => {
    a.answer = () => ({ code: 1, stdout: '\n', stderr: libvirt('err-start-badkernel.err') })
    expect(await start()).toEqual({
      kind: 'failed',
      isNothing: true,
      text: expect.stringContaining('could not open kernel file'),
      advice: '',
    })
    expect(journal().map(({ severity, text }) => [severity, text.slice(0, 23)])).toEqual([
      ['info', 'start: begun'],
      ['warning', 'start: a: internal erro'],
    ])
    expect(fleet.looked).toEqual(['a'])
  })

  it.each([
    ['', `touch -- /etc/ha.d/maintenance/10.9.0.11:389 failed without a word`],
    ['usage\n\n touch: Read-only file system \n \n', 'touch: Read-only file system'],
  ])('says the last line of a command that nobody knows better, %j', async (stderr, said) => {
    const shown = world([lb1()])
    fleet = new StillFleet(shown)
    const lb = fleet.hosts.get('lb1') as RecordingHost
    lb.answer = () => ({ code: 1, stderr })
    const outcome = await act(drain, shown.frontends[0] as FrontendRecord, { service: ldap })
    expect(outcome).toMatchObject({ kind: 'failed', text: `lb1: ${said}` })
  })

  it('fails on a host that is not in the configuration', async () => {
    const shown = world([lb1()])
    fleet = new StillFleet({ ...shown, hosts: [] })
    const outcome = await act(drain, shown.frontends[0] as FrontendRecord)
    expect(outcome).toMatchObject({ kind: 'failed', text: 'lb1: is not in the configuration' })
  })

  it('does not run the steps behind one that failed', async () => {
    fleetWith(on)
    a.answer = () => ({ code: 1, stderr: 'error: no' })
    expect(await act(change('set'), on, { vcpus: '3' })).toMatchObject({
      kind: 'failed',
      text: 'a: no',
    })
    expect(a.ran).toHaveLength(1)
  })

  it('says that the host was lost', async () => {
    a.answer = () => {
      throw new HostError('unreachable', 'a', say`no route`, say`check the cable`)
    }
    expect(await start()).toEqual({ kind: 'failed', text: 'a: no route', advice: 'check the cable' })
    expect(journal().at(-1)).toMatchObject({ text: 'start: a: no route', severity: 'warning' })
  })

  it('never throws, whatever happens', async () => {
    a.answer = () => {
      throw new TypeError('a command word holds a NUL byte\u001b[2J')
    }
    expect(await start()).toEqual({ kind: 'failed', text: 'a command word holds a NUL byte\\e[2J' })
  })

  it.each([
    ['has gone', [], 'web1 is gone'],
    ['has become something else', [on], 'it is running'],
  ])('does nothing to a machine that %s meanwhile', async (_, now, text) => {
    const prepared = prepare(change('start'), off, {}, fleet) as Prepared<MachineRecord>
    fleet.show(snapshot(now))
    expect(await run(prepared, fleet, { who })).toEqual({ kind: 'refused', text })
    expect(a.ran).toEqual([])
    expect(journal()).toEqual([])
  })

  it('begins when the journal has it, of which the asker is told', async () => {
    const order: string[] = []
    fleet.journal.written = async () => {
      order.push(`written: ${fleet.journal.latest(1)[0]?.text}`)
      return true
    }
    a.answer = () => {
      order.push('ran')
      return {}
    }
    const onBegun = (undo: Undo | undefined) => order.push(`begun, undone by ${undo?.verb}`)
    await start({ wait: false, onBegun, batch: 'b1' })
    expect(order).toEqual(['begun, undone by shutdown', 'written: start: begun', 'ran'])
    expect(journal().map((entry) => entry.change?.batch)).toEqual(['b1', 'b1'])
  })

  it('is one of its own in the journal where it is not one of many', async () => {
    await start({ wait: false })
    await start({ wait: false })
    const [first, , second] = journal().map((entry) => entry.change?.batch)
    expect(first).toMatch(/^[0-9a-f-]{36}$/)
    expect(first).not.toBe(second)
  })

  it('runs what was shown, or nothing: not what it would be now', async () => {
    fleetWith(on)
    const prepared = prepare(change('pause'), on, {}, fleet) as Prepared<MachineRecord>
    fleet.show(snapshot([machine({ host: 'b' })]))
    expect(await run(prepared, fleet, { who })).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('look again'),
    })
    expect(a.ran).toEqual([])
  })

  it('runs what was shown, also of what a command reads', async () => {
    const create = actionsOf.host.find(({ verb }) => verb === 'create') as Change<HostRecord>
    const prepared = prepare(create, host('a'), { name: 'new1', disk: '0' }, fleet) as Prepared<HostRecord>
    fleet.show(snapshot([], [host('a', { virtType: 'qemu' })]))
    expect(await run(prepared, fleet, { who })).toMatchObject({ kind: 'refused' })
    expect(a.ran).toEqual([])
  })

  it('is confirmed by a yes, by the name, or by the number of many, as the risk is', () => {
    fleetWith(on)
    const made = (verb: string, answers: Answers = {}) =>
      prepare(change(verb), on, answers, fleet) as Prepared
    expect(confirmation([made('pause')], fleet)).toBeUndefined()
    expect(confirmation([made('off')], fleet)).toBe('web1')
    expect(confirmation([made('off'), made('off')], fleet)).toBe('2')
    expect(confirmation([made('migrate', { to: 'b', storage: 'unsafe' })], fleet)).toBe('web1')
    expect(confirmation([made('migrate', { to: 'b', storage: 'copy' })], fleet)).toBeUndefined()
  })

  it('does nothing in a console that is read-only', async () => {
    fleet = new StillFleet(snapshot([off]), { readOnly: true })
    expect(await start()).toEqual({ kind: 'refused', text: 'this console is read-only' })
    expect(fleet.journal.latest(1)).toEqual([])
  })

  it('says that it was asked but not seen in time, and offers the next', async () => {
    fleetWith(on)
    const outcome = await act(change('shutdown'), on, {}, { timeout: 0.05 })
    expect(outcome).toEqual({
      kind: 'unseen',
      text: 'asked, but not seen after 0.05 s',
      undo: { verb: 'start', answers: {} },
      next: { verb: 'off', answers: {}, text: 'The guest has not reacted. Force it off?' },
    })
    expect(journal().at(-1)).toMatchObject({ severity: 'warning', after: 'running (booted) on a' })
  })

  it('offers a migration without the check after libvirt has found it unsafe', async () => {
    fleetWith(on)
    a.answer = () => ({
      code: 1,
      stderr: 'error: Unsafe migration: Migration without shared storage is unsafe\n',
    })
    expect(await act(change('migrate'), on, { to: 'b' })).toMatchObject({
      kind: 'failed',
      next: { verb: 'migrate', answers: { to: 'b', storage: 'unsafe' } },
    })
  })

  it('does not wait for the change where that is not wanted, or there is nothing to see', async () => {
    expect(await start({ wait: false })).toMatchObject({ kind: 'done', text: 'done' })
    fleetWith(on)
    expect(await act(change('reboot'), on, {})).toEqual({ kind: 'done', text: 'done' })
  })

  it('stops waiting when it is told to', async () => {
    const giveUp = new AbortController()
    const waiting = start({ signal: giveUp.signal })
    await until('the look', () => fleet.looked.length === 1)
    giveUp.abort(say`cancelled`)
    expect(await waiting).toMatchObject({ kind: 'cancelled', text: 'cancelled; done before: start on a' })
    expect(journal().at(-1)).toMatchObject({ text: 'start: cancelled; done before: start on a' })
  })

  it('tells the progress of a migration as it is, also backwards', async () => {
    fleetWith(on)
    const pieces = libvirt('migrate-nonconverging.progress.err').split(/(?=\r)/)
    a.answer = (argv, { onStderr }) => {
      if (argv.includes('domstate')) return { code: 1, stderr: "error: failed to get domain 'x'\n" }
      for (const piece of ['no number', ...pieces]) onStderr?.(piece)
      fleet.show(snapshot([machine({ host: 'b', reason: label('migrated') })]))
      return {}
    }
    const told: Progress[] = []
    await act(change('migrate'), on, { to: 'b' }, { onProgress: (one) => told.push(one) })
    const percents = told.flatMap(({ percent }) => percent ?? [])
    expect(percents).toEqual(expect.arrayContaining([94, 86, 77, 89]))
    expect(percents).toHaveLength(pieces.filter((piece) => piece.includes('%')).length)
    expect(told.filter(({ text }) => text === 'move it live')).toHaveLength(1 + percents.length)
    expect(told.at(-1)).toEqual({ text: 'waiting until it is seen' })
    // It ends when its machine has moved, and not by the clock.
    expect(a.ran[0]?.options.timeout).toBe(24 * 3600_000)
  })

  it('passes a definition by standard input, and keeps it out of the journal', async () => {
    const define = actionsOf.host.find(({ verb }) => verb === 'define') as Change<HostRecord>
    const xml = '<domain><name>new1</name><secret>s3cr3t</secret></domain>'
    a.answer = () => {
      fleet.show(snapshot([off, machine({ name: 'new1', state: 'shut off' })]))
      return {}
    }
    expect(await act(define, host('a'), { xml })).toMatchObject({ kind: 'done' })
    expect(a.ran[0]?.options.input).toBe(xml)
    expect(JSON.stringify(fleet.journal.latest(10))).not.toContain('s3cr3t')
    expect(journal()[0]).toMatchObject({ host: 'a', text: 'define from xml new1: begun' })
    expect(journal()[0]).not.toHaveProperty('uuid')
  })

  it('leaves no timer and no listener behind', async () => {
    const subscribe = vi.spyOn(fleet, 'subscribe')
    a.answer = () => {
      fleet.show(snapshot([on]))
      return {}
    }
    await start()
    expect(subscribe).toHaveBeenCalledTimes(1)
    fleet.show(snapshot([off]))
  })
})

describe('an end', () => {
  type Said = { readonly code?: number; readonly stdout?: string; readonly stderr?: string }
  const missing: Said = { code: 1, stderr: `error: failed to get domain '${on.uuid}'\n` }
  const state = (word: string): Said => ({ stdout: `${word}\n\n` })
  /** What is listed as soon as the command has run, and what its host says when asked by UUID, one after the other. */
  function vanishing(after: MachineRecord[], ...said: Said[]) {
    fleetWith(on)
    a.answer = (argv) => {
      if (argv.includes('domstate')) return (said.length > 1 ? said.shift() : said[0]) ?? {}
      fleet.show(snapshot(after))
      return {}
    }
  }

  it.each<[string, MachineRecord[], Said]>([
    ['shutdown', [], missing],
    ['shutdown', [off], state('shut off')],
    ['off', [], missing],
    ['off', [], { code: 1, stderr: `error: Domain not found: no domain with matching uuid\n` }],
  ])('of a machine by %s is done when its host, asked by UUID, agrees', async (verb, after, said) => {
    vanishing(after, said)
    expect(await act(change(verb), on)).toMatchObject({ kind: 'done' })
    expect(a.ran.at(-1)?.argv.slice(-2)).toEqual(['domstate', on.uuid])
  })

  it.each<[string, Said, string]>([
    ['a machine that runs', state('running'), 'a says that it is running there'],
    [
      'a host that does not tell',
      { code: 1, stderr: 'error: failed to connect\n' },
      'not known: a: failed to connect',
    ],
    ['an answer that is none', { stdout: '\n' }, 'not known: a: virsh domstate names no state'],
    ['a name in an error', { code: 1, stderr: "error: x 'failed to get domain '\n" }, 'not known'],
  ])('is none for %s, though no list has it', async (_, said, text) => {
    for (const verb of ['shutdown', 'off']) {
      vanishing([], said)
      const outcome = await act(change(verb), on, {}, { timeout: 0.1 })
      expect(outcome).toMatchObject({ kind: 'unseen', text: expect.stringContaining(text) })
    }
  })

  it('is waited for further while the host objects', async () => {
    vanishing([], state('in shutdown'), missing)
    const told: Progress[] = []
    const options = { onProgress: (progress: Progress) => told.push(progress) }
    expect(await act(change('shutdown'), on, {}, options)).toMatchObject({ kind: 'done' })
    expect(told.at(-1)).toEqual({ text: 'a says that it is in shutdown there' })
  })

  it('of a definition is none while its host knows the machine, and done for one that runs on without', async () => {
    for (const [after, said, kind] of [
      [[], state('shut off'), 'unseen'],
      [[], missing, 'done'],
      [[machine({ persistent: false })], state('running'), 'done'],
    ] as const) {
      vanishing([...after], said)
      fleet.show(snapshot([off]))
      expect(await act(change('undefine'), off, {}, { timeout: 0.1 })).toMatchObject({ kind })
    }
  })

  it('of a migration is none while its source runs it too', async () => {
    const there = machine({ host: 'b', reason: label('migrated') })
    for (const [said, kind] of [
      [state('running'), 'unseen'],
      [state('paused'), 'unseen'],
      [state('shut off'), 'done'],
      [missing, 'done'],
    ] as const) {
      vanishing([there], said)
      expect(await act(change('migrate'), on, { to: 'b' }, { timeout: 0.1 })).toMatchObject({ kind })
    }
  })
})

describe('abort', () => {
  it('is for a machine with something under way, and ends it', async () => {
    expect(await act(change('abort'), off)).toEqual({ kind: 'refused', text: 'nothing is under way with it' })
    const moving = machine({ state: 'migrating', migration: { from: 'a', to: 'b' } })
    fleetWith(moving)
    a.answer = () => {
      fleet.show(snapshot([on]))
      return {}
    }
    expect(await act(change('abort'), moving)).toMatchObject({ kind: 'done' })
    expect(a.ran.at(-1)?.argv.slice(-2)).toEqual(['domjobabort', on.uuid])
    expect(journal().at(-1)).toMatchObject({ text: expect.stringMatching(/^abort: done/) })
  })
})
