import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import type { CarryOutOptions, Outcome } from '../../src/actions/outcome.ts'
import { prepare } from '../../src/actions/prepare.ts'
import type { Answers } from '../../src/actions/question.ts'
import { run } from '../../src/actions/run.ts'
import { actionsOf } from '../../src/actions/table.ts'
import type { FrontendRecord } from '../../src/fleet/frontend/frontends.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { say } from '../../src/hosts/label.ts'
import { machine, snapshot } from '../support/records.ts'
import { type RecordingHost, StillFleet } from '../support/still-fleet.ts'
import { lb1, rs1Out, world } from './sides/balanced.ts'

// A change that is cancelled at each of its moments: before a command, while it runs, behind it, and while it is waited for.

const who = say`ada@console`

/** Begins a change of the first machine or front end there. */
function begun(verb: string, shown: Snapshot, answers: Answers = {}, options: Partial<CarryOutOptions> = {}) {
  const fleet = new StillFleet(shown)
  const cancel = new AbortController()
  const told: string[] = []
  const [host] = fleet.hosts.values() as IteratorObject<RecordingHost>
  const [subject, target] = shown.machines.length
    ? (['machine', shown.machines[0]] as const)
    : (['frontend', shown.frontends[0]] as const)
  const action = actionsOf[subject].find((one) => one.verb === verb) as Change<MachineRecord | FrontendRecord>
  const prepared = prepare(action, target as MachineRecord | FrontendRecord, answers, fleet)
  if ('refused' in prepared) throw new Error(prepared.refused)
  const go = (): Promise<Outcome> =>
    run(prepared, fleet, {
      who,
      signal: cancel.signal,
      onProgress: ({ text }) => told.push(text),
      ...options,
    })
  const waiting = () => vi.waitUntil(() => told.includes('waiting until it is seen'))
  const last = () => fleet.journal.latest(1)[0]
  return { fleet, host: host as RecordingHost, cancel, told, go, waiting, last }
}

const on = snapshot([machine()])
const whenCut = (signal: AbortSignal | undefined) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(new Error('cut'))))

describe('before its first command', () => {
  it('does nothing, and the journal says so', async () => {
    const { host, cancel, go, last } = begun('pause', on)
    cancel.abort(say`cancelled`)
    expect(await go()).toEqual({
      kind: 'cancelled',
      text: 'cancelled; now running (booted) on a',
      isNothing: true,
    })
    expect(host.ran).toEqual([])
    expect(last()).toMatchObject({ severity: 'info', change: { isEnded: true, isNothing: true } })
  })
})

describe('while its command runs', () => {
  it('may have had its effect all the same, which a guest shows later', async () => {
    const { host, cancel, go, last } = begun('shutdown', on)
    host.answer = (_argv, { signal }) => {
      queueMicrotask(() => cancel.abort(say`cancelled`))
      return whenCut(signal)
    }
    expect(await go()).toEqual({ kind: 'cancelled', text: 'cancelled; now running (booted) on a' })
    expect(last()?.severity).toBe('info')
  })

  it('says that it was cancelled also where no reason was given, and nothing more where nothing is seen', async () => {
    const { host, cancel, go } = begun('reboot', on)
    host.answer = (_argv, { signal }) => {
      queueMicrotask(() => cancel.abort())
      return whenCut(signal)
    }
    expect(await go()).toEqual({ kind: 'cancelled', text: 'cancelled' })
  })

  it('is cut where its host was asked to end it in order, and did not in five seconds', async () => {
    const { host, cancel, go } = begun('migrate', on, { to: 'b' })
    const asked = Promise.withResolvers<AbortSignal | undefined>()
    let cut: AbortSignal | undefined
    host.answer = (argv, { signal }) => {
      if (!argv.includes('domjobabort')) {
        cut = signal
        return whenCut(signal)
      }
      asked.resolve(signal)
      return { code: 1 }
    }
    const outcome = go()
    await vi.waitUntil(() => cut)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    cancel.abort(say`cancelled`)
    await asked.promise
    expect(host.ran.at(-1)?.options).toEqual({ timeout: 5000 })
    vi.advanceTimersByTime(4999)
    expect(cut?.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(cut?.aborted).toBe(true)
    vi.useRealTimers()
    expect(await outcome).toMatchObject({ kind: 'cancelled', text: 'cancelled; now running (booted) on a' })
  })
})

describe('between its commands', () => {
  const two = world([lb1()])

  it('runs no further one, and says what was done and what was not', async () => {
    const { host, cancel, go, last } = begun('weight', two, { weight: '9' })
    host.answer = () => {
      queueMicrotask(() => cancel.abort(say`cancelled`))
      return {}
    }
    expect(await go()).toEqual({
      kind: 'cancelled',
      text: 'cancelled; done before: weight 9 for 10.9.0.11:80 on lb1; not done: weight 9 for 10.9.0.11:389',
      undo: { verb: 'weight', answers: { service: 'all', weight: '4' } },
    })
    expect(host.ran).toHaveLength(1)
    expect(last()?.severity).toBe('warning')
  })
})

describe('while it is waited for', () => {
  it('does not ask its host to end what has ended', async () => {
    const { fleet, host, cancel, go, waiting, last } = begun('migrate', on, { to: 'b' })
    const outcome = go()
    await waiting()
    cancel.abort(say`cancelled`)
    expect(await outcome).toMatchObject({
      kind: 'cancelled',
      text: 'cancelled; done before: move it live on a',
      undo: { verb: 'migrate' },
    })
    expect(host.ran).toHaveLength(1)
    expect(last()?.severity).toBe('warning')
    // What a migration changes is seen on both.
    expect(fleet.looked).toEqual(['a', 'b'])
  })

  it('says what of it is not there yet', async () => {
    const { fleet, cancel, told, go } = begun('drain', world([lb1()]))
    const outcome = go()
    await vi.waitUntil(() => told.includes('waiting for weight 0'))
    const open = { '10.9.0.11:389': { weight: 0, active: 2 }, '10.9.0.11:80': { weight: 0 } }
    fleet.show(world([lb1({ ...rs1Out, ...open })]))
    cancel.abort(say`cancelled`)
    expect(await outcome).toMatchObject({
      kind: 'cancelled',
      text: 'cancelled; done before: maintenance of 10.9.0.11 on lb1; out; 2 connections still open',
    })
  })

  it('is no longer waited for where the program ends', async () => {
    const { fleet, go, waiting } = begun('pause', on)
    const outcome = go()
    await waiting()
    await fleet.giveUp()
    expect(await outcome).toEqual({
      kind: 'unseen',
      text: 'no longer waited for',
      undo: { verb: 'resume', answers: {} },
    })
  })

  it('takes a host that was asked too late for no objection', async () => {
    const { fleet, host, go } = begun('shutdown', on, {}, { timeout: 0.05 })
    host.answer = (argv, { signal }) => {
      if (argv.includes('domstate')) return whenCut(signal)
      fleet.show(snapshot([]))
      return {}
    }
    expect(await go()).toMatchObject({ kind: 'unseen', text: 'asked, but not seen after 0.05 s' })
  })
})
