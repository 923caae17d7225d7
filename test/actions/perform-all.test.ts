import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { prepare } from '../../src/actions/prepare.ts'
import { run } from '../../src/actions/run.ts'
import type { Progress } from '../../src/actions/run-step.ts'
import type { HostRecord } from '../../src/fleet/host/record.ts'
import { HostError } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'
import { host, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'

const on = host('a')

/** An action on a host that does all of it itself, in this way. */
async function done(performs: NonNullable<Change<HostRecord>['performs']>, signal?: AbortSignal) {
  const fleet = new StillFleet(snapshot([], [on]))
  const action: Change<HostRecord> = {
    kind: 'change',
    subject: 'host',
    verb: 'shake',
    title: 'Shake',
    help: 'Shakes it.',
    group: 'duty',
    risk: 'disruptive',
    patience: 1,
    available: () => true,
    asks: [],
    plan: ({ name }) => [{ host: name, argv: ['true'], what: say`shakes`, inWords: say`shakes it well` }],
    performs,
  }
  const prepared = prepare(action, on, {}, fleet)
  if ('refused' in prepared) throw new Error(prepared.refused)
  const progress: Progress[] = []
  const options = {
    who: say`ada`,
    onProgress: (one: Progress) => progress.push(one),
    ...(signal ? { signal } : {}),
  }
  const outcome = await run(prepared, fleet, options)
  const [end, begin] = fleet.journal.latest(2)
  return { outcome, progress, end, begin, ran: fleet.hosts.get('a')?.ran }
}

describe('an action that does all of it itself', () => {
  it('runs none of its commands, tells where it is, and is done when it says so', async () => {
    const { outcome, progress, ran, begin, end } = await done(
      async ({ name }, _answers, _context, { who, tell }) => {
        tell(say`shaking`, { kind: 'host', id: name })
        return { isDone: true, text: say`shaken by ${who}` }
      },
    )
    expect(outcome).toEqual({ kind: 'done', text: 'shaken by ada' })
    expect(ran).toEqual([])
    expect(progress).toEqual([{ text: 'shaking', about: { kind: 'host', id: 'a' } }])
    expect([begin?.text, begin?.plan, end?.text, end?.severity]).toEqual([
      'shake: begun',
      ['a: shakes it well'],
      'shake: shaken by ada',
      'info',
    ])
  })

  it('is not seen where it is not as it is to be', async () => {
    const { outcome, end } = await done(async () => ({ isDone: false, text: say`it leans` }))
    expect(outcome).toEqual({ kind: 'unseen', text: 'it leans' })
    expect(end?.severity).toBe('warning')
  })

  it('fails with the reason of the host, and is cancelled when it was ended', async () => {
    const failing = async () => {
      throw new HostError('refused', 'a', say`no sudo`, say`allow it`)
    }
    expect((await done(failing)).outcome).toEqual({ kind: 'failed', text: 'a: no sudo', advice: 'allow it' })
    const end = new AbortController()
    const cancelled = await done(async (_one, _answers, _context, { signal }) => {
      end.abort(say`cancelled`)
      signal.throwIfAborted()
      return { isDone: true, text: say`never` }
    }, end.signal)
    expect(cancelled.outcome).toEqual({ kind: 'cancelled', text: 'cancelled' })
  })
})
