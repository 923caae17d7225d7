import { expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { fromQuestion } from '../../../src/actions/resource/where.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import type { Step } from '../../../src/services/step.ts'
import { clusterWorld, resourceIn } from '../../support/clusters.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const online = clusterWorld({ scene: 'online' })

function plan(verb: string, name: string, answers: Readonly<Record<string, string>>) {
  const fleet = new StillFleet(online)
  const change = actionsOf.resource.find((one) => one.verb === verb) as Change<unknown>
  const steps = change.plan(resourceIn(online, name), answers, { fleet, snapshot: online }) as readonly Step[]
  fleet.journal.close()
  return steps.map(({ argv }) => argv.join(' '))
}

it('a move waits until the cluster has done it before it clears the rule, and leaves a rule that shall hold', () => {
  const steps = plan('switchover', 'directory-ip', { to: 'ha2', hold: 'no' })
  expect(steps).toEqual([
    expect.stringContaining('--resource directory --move --node ha2'),
    expect.stringContaining('--wait'),
    expect.stringContaining('--resource directory --clear'),
  ])
  expect(plan('switchover', 'directory-ip', { to: 'ha2', hold: '1h' })).toEqual([
    expect.stringContaining('--lifetime'),
  ])
})

it('a ban is of the group or the clone that a resource is in', () => {
  const banned = ['directory-ip', 'watcher'].map((name) => plan('ban', name, { from: 'ha1', hold: 'yes' }))
  expect(banned.flat()).toEqual([
    expect.stringContaining('--resource directory --ban --node ha1'),
    expect.stringContaining('--resource watch --ban --node ha1'),
  ])
})

it('a resource that a rule holds at a node can be banned from there, and no second time', () => {
  const refusedIn = (rules: string, name: string) => {
    const world = clusterWorld({ scene: rules === 'banned' ? 'banned' : 'online', rules })
    return fromQuestion.refuses?.('ha2', resourceIn(world, name), world, 0, {}, [])
  }
  expect(refusedIn('moved', 'directory-ip')).toBeUndefined()
  expect(refusedIn('banned', 'watcher')).toBe('it is banned from there already')
})
