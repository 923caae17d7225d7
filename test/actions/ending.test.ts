import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { type Prepared, prepare } from '../../src/actions/prepare.ts'
import type { Answers } from '../../src/actions/question.ts'
import { run } from '../../src/actions/run.ts'
import { actionsOf } from '../../src/actions/table.ts'
import { type FrontendRecord, hostsByAddress } from '../../src/fleet/frontend/frontends.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import { balancedBy } from '../../src/fleet/service/virtual-services.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { HostError } from '../../src/hosts/host.ts'
import { label, say } from '../../src/hosts/label.ts'
import { balancer, ldap, ldirectordReading, lvsReading } from '../support/balancers.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'
import { until } from '../support/until.ts'

// How a change ends that does not come to its own end: cut, cancelled, put back by others, or meant for what is another by now.

const who = say`ada@console`
const moved = snapshot([machine({ host: 'b', reason: label('migrated') })])

/** A command that runs until it is cut, on a host that says how the machine stands there. */
const untilCut =
  (begun: () => void, standing = 'shut off') =>
  (argv: readonly string[], { signal }: { signal?: AbortSignal }) => {
    if (argv.includes('domstate')) return { stdout: `${standing}\n` }
    begun()
    return new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(new Error('cut')), { once: true }),
    )
  }

function made(verb: string, of: MachineRecord, fleet: StillFleet, answers: Answers = {}) {
  const prepared = prepare(
    actionsOf.machine.find((one) => one.verb === verb) as Change<MachineRecord>,
    of,
    answers,
    fleet,
  )
  if ('refused' in prepared) throw new Error(prepared.refused)
  return prepared as Prepared<MachineRecord>
}

/** Waits for what does not come a hundred times as short. */
function hurry() {
  const { timeout } = AbortSignal
  const hurried = vi.spyOn(AbortSignal, 'timeout')
  hurried.mockImplementation((ms) => timeout.call(AbortSignal, ms / 100))
  onTestFinished(() => hurried.mockRestore())
}

/** Waits for what comes alone: the clock never ends it. */
function withoutClock() {
  const clock = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(new AbortController().signal)
  onTestFinished(() => clock.mockRestore())
}

/** Begins a migration from a to b, which is cut when the program ends, while the world becomes this. */
async function cutMigration(after: Snapshot | undefined, silent: readonly string[] = []) {
  const fleet = new StillFleet(snapshot([machine()]))
  const a = fleet.hosts.get('a')
  const begun = Promise.withResolvers<void>()
  if (a) a.answer = untilCut(begun.resolve)
  const outcome = run(made('migrate', machine(), fleet, { to: 'b' }), fleet, { who })
  await begun.promise
  const look = fleet.lookAfresh.bind(fleet)
  fleet.lookAfresh = (host) => {
    if (!silent.includes(host)) look(host)
  }
  if (after) fleet.show(after)
  await fleet.giveUp()
  return { outcome: await outcome, last: fleet.journal.latest(1)[0] }
}

describe('a migration that is cut by a signal', () => {
  it('has moved the machine where it was at its end, and that is said', async () => {
    const { outcome, last } = await cutMigration(moved)
    expect(outcome).toMatchObject({
      kind: 'cancelled',
      text: 'given up, but it was done nevertheless: running (migrated) on b',
      undo: { verb: 'migrate', answers: { to: 'a' } },
    })
    expect(outcome.isNothing).toBeUndefined()
    expect(last?.text).toBe('migrate: given up, but it was done nevertheless: running (migrated) on b')
  })

  it('is known to be done as soon as that is seen, whoever answers', async () => {
    withoutClock()
    const { outcome } = await cutMigration(moved, ['a', 'b'])
    expect(outcome.text).toBe('given up, but it was done nevertheless: running (migrated) on b')
  })

  it('is said to have left the machine where it was, where that is read', async () => {
    withoutClock()
    const { outcome } = await cutMigration(undefined)
    expect(outcome).toMatchObject({ kind: 'cancelled', text: 'given up; now running (booted) on a' })
  })

  it('is said so also where its target does not answer, since a machine runs in one place', async () => {
    const { outcome } = await cutMigration(undefined, ['b'])
    expect(outcome).toMatchObject({ kind: 'cancelled', text: 'given up; now running (booted) on a' })
  })

  it('is not known where its source does not answer', async () => {
    hurry()
    const { outcome } = await cutMigration(undefined, ['a'])
    expect(outcome).toMatchObject({
      kind: 'cancelled',
      text: 'given up; whether it was done is not known: a has not answered since',
    })
    expect(outcome.isNothing).toBeUndefined()
  })

  it('is not known to have done anything where nobody answers any more', async () => {
    hurry()
    const { outcome } = await cutMigration(undefined, ['a', 'b'])
    expect(outcome).toMatchObject({
      kind: 'cancelled',
      text: 'given up; whether it was done is not known: a, b has not answered since',
    })
  })
})

describe('a start that is cut', () => {
  it.each([
    ['off', snapshot([machine({ state: 'shut off' })]), 'cancelled; now shut off (booted) on a'],
    ['running', snapshot([machine()]), 'cancelled, but it was done nevertheless: running (booted) on a'],
  ])('is told when its host has been read again, which says that it is %s', async (_, later, text) => {
    withoutClock()
    const off = machine({ state: 'shut off' })
    const fleet = new StillFleet(snapshot([off]))
    const cancel = new AbortController()
    const a = fleet.hosts.get('a')
    if (a) a.answer = untilCut(() => queueMicrotask(() => cancel.abort(say`cancelled`)))
    fleet.lookAfresh = () =>
      void setImmediate(() => fleet.show({ ...later, seenAt: new Map([['a', 10_001]]) }))
    const outcome = await run(made('start', off, fleet), fleet, { who, signal: cancel.signal })
    expect(outcome).toMatchObject({ kind: 'cancelled', text })
  })
})

describe('a shutdown that is cut', () => {
  it.each([
    ['shut off', 'cancelled, but it was done nevertheless: gone'],
    ['running', 'cancelled; a says that it is running there'],
  ])('while the lists lack the machine, and its host says %s', async (standing, text) => {
    const fleet = new StillFleet(snapshot([machine()]))
    const a = fleet.hosts.get('a')
    if (!a) throw new Error('no a')
    const begun = Promise.withResolvers<void>()
    a.answer = untilCut(begun.resolve, standing)
    const cancel = new AbortController()
    const outcome = run(made('shutdown', machine(), fleet), fleet, { who, signal: cancel.signal })
    await begun.promise
    fleet.show(snapshot([]))
    cancel.abort(say`cancelled`)
    expect(await outcome).toMatchObject({ kind: 'cancelled', text })
    // The guest may have been asked, and still go down.
    expect((await outcome).isNothing).toBeUndefined()
  })
})

describe('what did nothing', () => {
  it('is what its host refused', async () => {
    const fleet = new StillFleet(snapshot([machine()]))
    const a = fleet.hosts.get('a')
    if (a) a.answer = () => ({ code: 1, stderr: 'error: Unsafe migration' })
    const outcome = await run(made('migrate', machine(), fleet, { to: 'b' }), fleet, { who })
    expect(outcome).toMatchObject({ kind: 'failed', isNothing: true })
    expect(fleet.journal.latest(1)[0]?.change).toMatchObject({ isEnded: true, isNothing: true })
  })

  it('is not what was cut by a connection that broke', async () => {
    const fleet = new StillFleet(snapshot([machine()]))
    const a = fleet.hosts.get('a')
    if (a)
      a.answer = () => {
        throw new HostError('unreachable', 'a', say`connection lost`)
      }
    const outcome = await run(made('pause', machine(), fleet), fleet, { who })
    expect(outcome.kind).toBe('failed')
    expect(outcome.isNothing).toBeUndefined()
  })
})

describe('a migration that a person cancels', () => {
  it('is ended in order by its host', async () => {
    const fleet = new StillFleet(snapshot([machine()]))
    const a = fleet.hosts.get('a')
    if (!a) throw new Error('no a')
    const begun = Promise.withResolvers<void>()
    const aborted = Promise.withResolvers<void>()
    a.answer = async (argv, { signal }) => {
      if (argv.includes('domjobabort')) {
        aborted.resolve()
        return {}
      }
      begun.resolve()
      await aborted.promise
      return { code: signal?.aborted ? 137 : 1, stderr: 'error: operation aborted: canceled by client' }
    }
    const cancel = new AbortController()
    const outcome = run(made('migrate', machine(), fleet, { to: 'b' }), fleet, { who, signal: cancel.signal })
    await begun.promise
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    cancel.abort(say`cancelled`)
    expect(await outcome).toMatchObject({
      kind: 'cancelled',
      text: 'cancelled; now running (booted) on a',
      isNothing: true,
    })
    expect(a.ran.map(({ argv }) => argv.at(-2))).toEqual([uuid(1), 'domjobabort'])
    expect(vi.getTimerCount()).toBe(0)
    expect(fleet.journal.latest(1)[0]).toMatchObject({ severity: 'info', change: { isNothing: true } })
  })

  it('is left to its command where only the waiting is over', async () => {
    const fleet = new StillFleet(snapshot([machine()]))
    const a = fleet.hosts.get('a')
    const over = new AbortController()
    if (a)
      a.answer = (_argv, { signal }) => {
        over.abort(say`ended, since abort was begun`)
        return { code: signal?.aborted ? 137 : 0 }
      }
    const outcome = await run(made('migrate', machine(), fleet, { to: 'b' }), fleet, {
      who,
      over: over.signal,
    })
    expect(outcome).toMatchObject({ kind: 'cancelled', text: expect.stringMatching(/^ended, since abort/) })
    expect(a?.ran).toHaveLength(1)
  })
})

describe('what is to be destroyed', () => {
  const web1 = machine({ name: 'web1' })
  const swapped = snapshot([machine({ name: 'db1' }), machine({ name: 'web1', uuid: uuid(2) })])

  it('has the name that was typed, or nothing is done: names may have been swapped', async () => {
    const fleet = new StillFleet(snapshot([web1]))
    const prepared = made('off', web1, fleet)
    // The names are read once more, since they were confirmed by what was read before.
    fleet.lookAfresh = () => fleet.show({ ...swapped, seenAt: new Map([['a', 10_001]]) })
    expect(await run(prepared, fleet, { who })).toMatchObject({
      kind: 'refused',
      text: 'what was web1 is called db1 now; look again',
    })
    expect(fleet.hosts.get('a')?.ran).toEqual([])
  })

  it('is ended where its name is as it was', async () => {
    const fleet = new StillFleet(snapshot([web1]))
    // It goes on as soon as its host has been read, and not by the clock.
    withoutClock()
    await run(made('off', web1, fleet), fleet, { who, wait: false })
    expect(fleet.looked[0]).toBe('a')
    expect(fleet.hosts.get('a')?.ran).toHaveLength(1)
  })
})

describe('a drain', () => {
  const hostAt = hostsByAddress([{ name: 'rs1', address: '10.9.0.11' }])
  const shown = (maintenance: readonly string[]): Snapshot => {
    const balancers = [
      balancer('lb1', {
        ldirectord: ldirectordReading('lb1', { maintenance }),
        lvs: lvsReading('lb1', maintenance.length ? 'maintenance-quiescent-yes' : 'idle'),
      }),
    ]
    return {
      ...snapshot([], [host('lb1', { roles: ['balancer'] })]),
      balancers,
      ...balancedBy(balancers, hostAt),
    }
  }

  function drained(answers: Answers = {}) {
    const fleet = new StillFleet(shown([]))
    const drain = actionsOf.frontend.find(({ verb }) => verb === 'drain') as Change<FrontendRecord>
    const rs1 = fleet.snapshot().frontends.find(({ name }) => name === 'rs1') as FrontendRecord
    const prepared = prepare(drain, rs1, answers, fleet)
    if ('refused' in prepared) throw new Error(prepared.refused)
    return { fleet, prepared }
  }

  it('is done when it is out, whether anybody follows it or not', async () => {
    const { fleet, prepared } = drained({ service: ldap, 'and-wait': 'no' })
    const lb1 = fleet.hosts.get('lb1')
    if (!lb1) throw new Error('no lb1')
    lb1.answer = () => {
      setImmediate(() => fleet.show(shown(['10.9.0.11'])))
      return {}
    }
    expect(await run(prepared, fleet, { who, timeout: 5 })).toMatchObject({ kind: 'done' })
  })

  it('that somebody else takes back is not waited for any longer', async () => {
    const { fleet, prepared } = drained()
    const told: string[] = []
    const outcome = run(prepared, fleet, { who, onProgress: ({ text }) => told.push(text) })
    await until('the waiting', () => told.includes('waiting for weight 0'))
    fleet.show(shown(['10.9.0.11']))
    fleet.show(shown([]))
    expect(await outcome).toMatchObject({
      kind: 'cancelled',
      text: 'no longer waiting: somebody has reverted it',
    })
  })
})
