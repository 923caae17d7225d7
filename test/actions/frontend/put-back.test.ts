import { expect, it } from 'vitest'
import { dutyActions } from '../../../src/actions/frontend/duty.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import type { TellerRecord } from '../../../src/fleet/cluster/record.ts'
import { keepalivedTelling } from '../../../src/fleet/cluster/telling.ts'
import { label } from '../../../src/hosts/label.ts'
import { alone, lb1, rs1Out, world } from '../sides/balanced.ts'

// Who will write another weight than the one that was set: whoever looks after the table.

const told = new Map(dutyActions.map((one) => [one.verb, one]))
const keepalived = (host: string, isRunning = true): TellerRecord => ({
  host,
  manager: 'keepalived',
  reading: keepalivedTelling({
    host,
    at: 10_000,
    took: 40,
    keepalived: { self: label(host), isRunning, isTold: true, instances: [] },
  }),
})

function remarkOf(verb: string, balancers: readonly BalancerRecord[], clusters: readonly TellerRecord[]) {
  const snapshot = { ...world(balancers), clusters }
  const [target] = snapshot.frontends
  const action = told.get(verb)
  if (!target || action?.kind !== 'change') throw new Error(`no ${verb}`)
  return action.remark?.(target, { how: 'weight', weight: '9' }, snapshot) ?? ''
}

const ldirectord = 'a failed check, a reload or a restart of ldirectord'
const other = 'a failed check or a restart of keepalived, where it has them in its configuration,'

it.each([
  ['ldirectord', [lb1(rs1Out)], [], ldirectord],
  ['keepalived, where no ldirectord has them', [alone(rs1Out)], [keepalived('lb1')], other],
  ['not keepalived of another host', [alone(rs1Out)], [keepalived('lb9')], ''],
  ['not keepalived that is stopped', [alone(rs1Out)], [keepalived('lb1', false)], ''],
  ['not keepalived, where ldirectord has them', [lb1(rs1Out)], [keepalived('lb1')], ldirectord],
])('says %s', (_, balancers, clusters, who) => {
  const [drained, weight] = ['drain', 'weight'].map((verb) => remarkOf(verb, balancers, clusters))
  expect(drained).toBe(who && `${who} undoes it`)
  expect(weight).toBe(who && `${who} puts the configured weight back`)
})
