import { describe, expect, it } from 'vitest'
import { reloadWarnings } from '../../../src/actions/balancer/reload-warnings.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import { stepText } from '../../../src/actions/step-text.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { say } from '../../../src/hosts/label.ts'
import type { LdirectordConfig } from '../../../src/services/ldirectord/facts.ts'
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

  it('is not done on a host that is no balancer, or of which nothing is known yet', () => {
    const action = actionsOf.balancer.find(({ verb }) => verb === 'reload')
    const available = (roles: 'balancer' | 'frontend', balancers: readonly BalancerRecord[]) => {
      const target = host('lb1', { roles: [roles] })
      const shown = { ...snapshot([], [target]), balancers }
      return action?.available(target, { fleet: new StillFleet(shown), snapshot: shown })
    }
    const bare = { host: 'lb1', lastDid: new Map() }
    const since = { kind: 'refused' as const, reason: say`permission denied`, advice: say``, since: 0 }
    expect([
      available('frontend', [balancer('lb1')]),
      available('balancer', []),
      available('balancer', [bare]),
      available('balancer', [{ ...bare, ldirectordTrouble: since }]),
      available('balancer', [balancer('lb1')]),
    ]).toEqual([
      'it is no balancer',
      'ldirectord on lb1 has not been asked yet',
      'ldirectord on lb1 has not been asked yet',
      'permission denied',
      true,
    ])
  })

  it('warns of nothing where no ldirectord runs, and says where its log cannot be read', () => {
    const { daemon: _, ...stopped } = ldirectordReading('lb1', { maintenance: ['10.9.0.11:389'] })
    expect(
      reloadWarnings([balancer('lb1', { ldirectord: stopped }), { host: 'lb2', lastDid: new Map() }]),
    ).toEqual([])
    const action = actionsOf.balancer.find(({ verb }) => verb === 'reload')
    const remark = (config: LdirectordConfig | undefined) => {
      const { config: __, ...rest } = ldirectordReading('lb1')
      const ldirectord = { ...rest, ...(config && { config }) }
      const target = host('lb1', { roles: ['balancer'] })
      const shown = { ...snapshot([], [target]), balancers: [balancer('lb1', { ldirectord })] }
      return action?.remark?.(target, {}, shown)
    }
    const { config } = ldirectordReading('lb1')
    if (!config) throw new Error('no configuration was recorded')
    const unread = 'whether it was read is not known: ldirectord does not log to a file'
    expect([
      remark({ ...config, logfile: '/var/log/ldirectord.log' }),
      remark({ ...config, logfile: 'local0' }),
      remark(undefined),
    ]).toEqual([undefined, unread, unread])
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
