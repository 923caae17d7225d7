import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { foreseen } from '../../../src/actions/cluster/foresight.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import type { TellerRecord } from '../../../src/fleet/cluster/record.ts'
import { heartbeatTelling } from '../../../src/fleet/cluster/telling.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { parseHaresources } from '../../../src/services/heartbeat/parse.ts'
import type { Step } from '../../../src/services/step.ts'
import { nodeIn, resourceIn } from '../../support/clusters.ts'
import { host, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const carried = parseHaresources('hb1 IPaddr2::10.79.0.110/14/eth0 slapd')

interface Told {
  /** who has it all; none: nobody */
  readonly at?: 'hb1' | 'hb2'
  /** what each hears of the other */
  readonly peer?: string
  readonly stopped?: string
  readonly silent?: string
}

function world({ at, peer = 'active', stopped, silent }: Told): Snapshot {
  const clusters = ['hb1', 'hb2'].map((self): TellerRecord => {
    const isRunning = stopped !== self
    const reading = heartbeatTelling({
      host: self,
      at: 10_000,
      took: 10,
      heartbeat: {
        self: label(self),
        isRunning,
        nodes: ['hb1', 'hb2'].map((name) => ({
          name: label(name),
          ...(isRunning ? { state: name === self ? say`active` : label(peer) } : {}),
          links: [],
        })),
        carried: carried.map((one) => ({ ...one, isHere: at === self })),
      },
    })
    const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 1 } as const
    return { host: self, manager: 'heartbeat', reading, ...(silent === self ? { trouble } : {}) }
  })
  const hosts = ['hb1', 'hb2'].map((name) => host(name, { roles: ['heartbeat'] }))
  return { ...snapshot([], hosts), clusters }
}

const change = (verb: string) =>
  [...actionsOf.resource, ...actionsOf.node].find((one) => one.verb === verb) as Change<unknown>
const contextOf = (shown: Snapshot) => ({ fleet: new StillFleet(shown), snapshot: shown })
const argvOf = (verb: string, target: unknown, shown: Snapshot, answers = {}) =>
  (change(verb).plan(target, answers, contextOf(shown)) as readonly Step[]).map(
    (step) => `${step.host}: ${step.argv.join(' ')}`,
  )
const address = '10.79.0.110'

describe('a move under heartbeat', () => {
  it('is a take-over by the node that it goes to, of its own lines or of those of the other', () => {
    const here = world({ at: 'hb1' })
    expect(argvOf('switchover', resourceIn(here, address), here, { to: 'hb2' })).toEqual([
      'hb2: /usr/share/heartbeat/hb_takeover foreign',
    ])
    const there = world({ at: 'hb2' })
    expect(argvOf('switchover', resourceIn(there, 'slapd'), there, { to: 'hb1' })).toEqual([
      'hb1: /usr/share/heartbeat/hb_takeover local',
    ])
  })

  it('is done when all of the group is there, and undone by one back', () => {
    const here = world({ at: 'hb1' })
    const { settled, undo } = change('switchover')
    const target = resourceIn(here, address)
    const answers = { to: 'hb2', hold: 'no' }
    expect(settled?.(target, answers, here, 0)).toBeUndefined()
    expect(settled?.(target, answers, world({}), 0)).toBeUndefined()
    expect(settled?.(target, answers, world({ at: 'hb2' }), 0)).toBe(true)
    expect(undo?.(target, answers, here)).toEqual({ verb: 'switchover', answers: { to: 'hb1', hold: 'no' } })
  })

  it('says what it knows of what will happen, without a cluster to ask', async () => {
    const here = world({ at: 'hb1' })
    const steps = change('switchover').plan(resourceIn(here, address), { to: 'hb2' }, contextOf(here))
    const told = await foreseen(steps as never, contextOf(here) as never, new AbortController().signal)
    expect(told?.texts).toEqual([expect.stringMatching(/^each resource is stopped on the one node before/)])
  })

  it.each<[string, Told, string]>([
    ['a pair that is split', { at: 'hb1', peer: 'dead' }, 'split brain: the nodes do not hear each other'],
    ['one that is stopped', { at: 'hb1', stopped: 'hb2' }, 'heartbeat on both nodes has to be known'],
    ['one that is not asked', { at: 'hb1', silent: 'hb2' }, 'heartbeat on both nodes has to be known'],
    ['one that only begins', { at: 'hb1', peer: 'up' }, 'hb2 is pending: it takes nothing over'],
  ])('is not offered of %s', (_what, told, why) => {
    const shown = world(told)
    for (const [verb, target] of [
      ['switchover', resourceIn(shown, address)],
      ['standby', nodeIn(shown, 'hb1')],
    ] as const)
      expect(`${change(verb).available(target, contextOf(shown))}`).toContain(why)
  })
})

describe('a standby under heartbeat', () => {
  it('gives all that the node has to the other, once', () => {
    const here = world({ at: 'hb1' })
    const target = nodeIn(here, 'hb1')
    const { available, settled, undo } = change('standby')
    expect(available(target, contextOf(here))).toBe(true)
    expect(argvOf('standby', target, here)).toEqual(['hb1: /usr/share/heartbeat/hb_standby all'])
    expect(settled?.(target, {}, here, 0)).toBeUndefined()
    expect(settled?.(target, {}, world({}), 0)).toBeUndefined()
    expect(settled?.(target, {}, world({ at: 'hb2' }), 0)).toBe(true)
    expect(undo?.(target, {}, here)).toBeUndefined()
    expect(available(nodeIn(here, 'hb2'), contextOf(here))).toBe('it has nothing that it could give up')
  })
})

it('what heartbeat has no command for is not offered', () => {
  const here = world({ at: 'hb1' })
  for (const verb of ['ban', 'refresh', 'unmanage'])
    expect(change(verb).available(resourceIn(here, address), contextOf(here))).toBe(
      'heartbeat runs it, which knows no such thing',
    )
  expect(change('maintenance').available(nodeIn(here, 'hb1'), contextOf(here))).toBe(
    'heartbeat runs it, which knows no such thing',
  )
  expect(`${change('online').available(nodeIn(here, 'hb1'), contextOf(here))}`).toContain('does not last')
})
