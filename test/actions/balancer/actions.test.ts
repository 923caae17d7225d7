import { describe, expect, it } from 'vitest'
import { prepare } from '../../../src/actions/prepare.ts'
import { stepText } from '../../../src/actions/step-text.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { balancer, ldirectordReading, lvsReading, standby } from '../../support/balancers.ts'
import { host, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const command = 'lb1$ pkill -HUP -F /run/ldirectord.ldirectord.pid -f ldirectord'

/** What a reload would run, and what it warns of; or why it cannot be. */
function reload(record: BalancerRecord, sudo = false) {
  const target = host(record.host, { roles: ['balancer'] })
  const shown = { ...snapshot([], [target]), balancers: [record] }
  const fleet = new StillFleet(shown, { configs: { [record.host]: { sudo } } })
  const action = actionsOf.balancer.find(({ verb }) => verb === 'reload')
  if (!action) throw new Error('no reload')
  const made = prepare(action, target, {}, fleet)
  if ('refused' in made) return [made.refused]
  return [
    ...made.steps.map(stepText),
    ...made.warnings,
    action.settled?.(target, {}, shown, 500) ?? 'not settled',
  ]
}

describe('a reload of ldirectord', () => {
  it('is the signal of its own to the one that runs, by sudo where that is said', () => {
    expect(reload(balancer('lb1', { ldirectord: ldirectordReading('lb1', { loadedAt: 501 }) }))).toEqual([
      command,
      true,
    ])
    expect(reload(balancer('lb1'), true)[0]).toBe(command.replace('$ ', '$ sudo -n '))
  })

  it('warns of weights set by hand, and of what is in maintenance', () => {
    const byHand = balancer('lb1', { lvs: lvsReading('lb1', 'manual-weight-0') })
    expect(reload(byHand)).toContain('10.9.0.11:389 has weight 0: the reload restores the configured one')
    const kept = balancer('lb1', {
      lvs: lvsReading('lb1', 'maintenance-quiescent-yes'),
      ldirectord: ldirectordReading('lb1', { maintenance: ['10.9.0.11:389'], loadedAt: 501 }),
    })
    expect(reload(kept)).toEqual([
      command,
      'servers in maintenance take new connections for about a second (readdquiescent=no)',
      true,
    ])
  })

  it('is not done where it would refuse the file, or does not run', () => {
    const wrong = ldirectordReading('lb1', {}, ['scheduler=sed', 'scheduler=\n\tfrobnicate=1'])
    expect(reload(balancer('lb1', { ldirectord: wrong }))[0]).toMatch(/^it would refuse line \d+: /)
    expect(reload(standby('lb2'))).toEqual(['ldirectord does not run there'])
  })

  it('is done when what was changed is loaded', () => {
    const changed = balancer('lb1', { ldirectord: ldirectordReading('lb1', { notLoaded: true }) })
    expect(reload(changed).at(-1)).toBe('not settled')
    const before = balancer('lb1', { ldirectord: ldirectordReading('lb1', { loadedAt: 499 }) })
    expect(reload(before).at(-1)).toBe('not settled')
    const since = balancer('lb1', { ldirectord: ldirectordReading('lb1', { loadedAt: 501 }) })
    expect(reload(since).at(-1)).toBe(true)
  })
})
