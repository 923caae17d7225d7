import { expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { type Prepared, prepareAll } from '../../src/actions/prepare.ts'
import { actionsOf } from '../../src/actions/table.ts'
import { Batch } from '../../src/console/batch.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import { say } from '../../src/hosts/label.ts'
import { uuid } from '../support/facts.ts'
import { machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'

const pause = actionsOf.machine.find((one) => one.verb === 'pause') as Change<MachineRecord>

/** So many machines that were paused together, each undone by this verb, or by nothing. */
function paused(...verbs: readonly (string | undefined)[]): Batch {
  const machines = verbs.map((_, i) => machine({ uuid: uuid(i + 1), name: `web${i + 1}` }))
  const fleet = new StillFleet(snapshot(machines))
  const prepared = prepareAll(pause, machines, {}, fleet).prepared as readonly Prepared[]
  const made = new Batch(prepared, 10_000, fleet.snapshot())
  for (const [i, one] of prepared.entries()) {
    const verb = verbs[i]
    made.begun(one, undefined)
    made.ended(one, { kind: 'done', text: say`done`, ...(verb ? { undo: { verb, answers: {} } } : {}) })
  }
  return made
}

it.each([
  [
    'no one action would',
    ['resume', 'start'],
    'web1 was running (booted) on a; web2 was running (booted) on a',
  ],
  ['nothing puts back one of them', ['resume', undefined], 'nothing puts back web2'],
  [
    'nothing puts back many',
    ['resume', undefined, undefined, undefined, undefined],
    'nothing puts back web2; web3; web4 and 1 more',
  ],
])('what cannot be undone at once says why: %s', (_what, verbs, why) => {
  const made = paused(...verbs)
  expect(made.undo).toBeUndefined()
  expect(made.whyNoUndo).toBe(`cannot be undone at once: ${why}`)
})

it('what nothing undoes is just that, and what one action undoes is undone by it', () => {
  expect(paused(undefined, undefined).whyNoUndo).toBe('cannot be undone')
  expect(paused('resume', 'resume').undo).toEqual({ verb: 'resume', answers: {}, ids: [uuid(1), uuid(2)] })
})
