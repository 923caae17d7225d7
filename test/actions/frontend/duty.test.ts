import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import type { Answers } from '../../../src/actions/question.ts'
import { run } from '../../../src/actions/run.ts'
import { stepText } from '../../../src/actions/step-text.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { type FrontendRecord, hostsByAddress } from '../../../src/fleet/frontend/frontends.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import { label } from '../../../src/hosts/label.ts'
import { balancer, ldap, ldirectordReading, lvsReading, standby } from '../../support/balancers.ts'
import { host, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const hostAt = hostsByAddress([
  { name: 'rs1', address: '10.9.0.11' },
  { name: 'rs2', address: '10.9.0.12' },
])

function fleetOf(balancers: readonly BalancerRecord[], sudo = false): StillFleet {
  const hosts = balancers.map(({ host: name }) => host(name, { roles: ['balancer'] }))
  const configs = Object.fromEntries(balancers.map(({ host: name }) => [name, { sudo }]))
  return new StillFleet({ ...snapshot([], hosts), balancers, ...balancedBy(balancers, hostAt) }, { configs })
}

/** What would run, or why nothing can; `risk` last. */
function plan(
  verb: string,
  name: string,
  answers: Answers,
  balancers: readonly BalancerRecord[],
  sudo = false,
) {
  const fleet = fleetOf(balancers, sudo)
  const action = actionsOf.frontend.find((one) => one.verb === verb) as Change<FrontendRecord>
  const target = fleet.snapshot().frontends.find((one) => one.name === name)
  if (!target) throw new Error(`no ${name}`)
  const made = prepare(action, target, answers, fleet)
  if ('refused' in made) return [made.refused]
  return [...made.steps.map(stepText), made.risk, ...(made.insists ? [made.insists] : [])]
}

const dir = '/etc/ha.d/maintenance'
const pair = [balancer('lb1'), standby('lb2')]
const noDirectory: [string, string] = ['maintenancedir=/etc/ha.d/maintenance\n', '']
const quiescentNo: [string, string] = ['quiescent=yes', 'quiescent=no']

describe('drain', () => {
  it('is a file on every balancer: the address for all services, else address and port', () => {
    expect(plan('drain', 'rs1', {}, pair)).toEqual([
      `lb1$ touch -- ${dir}/10.9.0.11`,
      `lb2$ touch -- ${dir}/10.9.0.11`,
      'disruptive',
    ])
    expect(plan('drain', 'rs1', { service: ldap }, [balancer('lb1')], true)).toEqual([
      `lb1$ sudo -n touch -- ${dir}/10.9.0.11:389`,
      'disruptive',
    ])
  })

  it('is weight 0 without a maintenance directory and without ldirectord', () => {
    const without = balancer('lb1', { ldirectord: ldirectordReading('lb1', {}, noDirectory) })
    const { config: __, daemon: ___, ...none } = ldirectordReading('lb1')
    const alone = balancer('lb1', { ldirectord: none })
    for (const one of [without, alone])
      expect(plan('drain', 'rs1', { service: ldap }, [one])).toEqual([
        'lb1$ ipvsadm -e -t 10.9.0.100:389 -r 10.9.0.11:389 -g -w 0',
        'disruptive',
      ])
  })

  it('is both where no ldirectord runs to find the file', () => {
    const { daemon: _, ...stopped } = ldirectordReading('lb1')
    expect(plan('drain', 'rs1', { service: ldap }, [balancer('lb1', { ldirectord: stopped })])).toEqual([
      `lb1$ touch -- ${dir}/10.9.0.11:389`,
      'lb1$ ipvsadm -e -t 10.9.0.100:389 -r 10.9.0.11:389 -g -w 0',
      'disruptive',
    ])
  })

  it('proposes weight 0 with quiescent=no, since the file would cut connections; that wants the name typed', () => {
    const cutting = [balancer('lb1', { ldirectord: ldirectordReading('lb1', {}, quiescentNo) })]
    expect(plan('drain', 'rs1', { service: ldap }, cutting)).toEqual([
      'lb1$ ipvsadm -e -t 10.9.0.100:389 -r 10.9.0.11:389 -g -w 0',
      'disruptive',
    ])
    expect(plan('drain', 'rs1', { service: ldap, how: 'maintenance' }, cutting)).toEqual([
      `lb1$ touch -- ${dir}/10.9.0.11:389`,
      'destructive',
    ])
  })

  it('is weight 0 where that is wished, also where a file would do no harm', () => {
    expect(plan('drain', 'rs1', { service: ldap, how: 'weight' }, [balancer('lb1')])).toEqual([
      'lb1$ ipvsadm -e -t 10.9.0.100:389 -r 10.9.0.11:389 -g -w 0',
      'disruptive',
    ])
    expect(plan('drain', 'rs1', { how: 'bogus' }, pair)[0]).toMatch(/: weight or maintenance$/)
  })

  it('of all together wants more than a yes before the first of them', () => {
    const fleet = fleetOf(pair)
    const action = actionsOf.frontend.find((one) => one.verb === 'drain') as Change<FrontendRecord>
    const { frontends } = fleet.snapshot()
    const insists = frontends.map((one) => {
      const made = prepare(action, one, { service: ldap }, fleet, frontends)
      return 'refused' in made ? made.refused : made.insists
    })
    expect(insists).toEqual(frontends.map(() => 'nobody else takes new connections then'))
  })

  it('says who alone is left', () => {
    const fleet = fleetOf([balancer('lb1')])
    const action = actionsOf.frontend.find((one) => one.verb === 'drain') as Change<FrontendRecord>
    const [rs1] = fleet.snapshot().frontends
    const made = prepare(action, rs1 as FrontendRecord, { service: ldap }, fleet)
    expect('refused' in made ? [] : made.warnings).toEqual([`only 10.9.0.12:389 in ${ldap} is left then`])
  })

  it('is weight 0 where the file would take the same port out of another service too', () => {
    const twice = ldirectordReading('lb1', {}, [
      'virtual=10.9.0.100:80\n',
      'virtual=10.9.0.200:389\n\treal=10.9.0.11:389 gate 1\n\treal=10.9.0.12:389 gate 1\n\tprotocol=tcp\nvirtual=10.9.0.100:80\n',
    ])
    expect(plan('drain', 'rs1', { service: ldap }, [balancer('lb1', { ldirectord: twice })])).toEqual([
      'lb1$ ipvsadm -e -t 10.9.0.100:389 -r 10.9.0.11:389 -g -w 0',
      'disruptive',
    ])
  })

  it('leaves out a balancer that does not answer', () => {
    const trouble = { kind: 'unreachable', reason: 'x', advice: '', since: 0 } as never
    expect(plan('drain', 'rs1', {}, [balancer('lb1'), { ...standby('lb2'), lvsTrouble: trouble }])).toEqual([
      `lb1$ touch -- ${dir}/10.9.0.11`,
      'disruptive',
    ])
  })

  it('is refused while the configuration was changed and is not loaded', () => {
    const edited = balancer('lb1', { ldirectord: ldirectordReading('lb1', { notLoaded: true }) })
    expect(plan('drain', 'rs1', {}, [edited])[0]).toContain('was changed and is not loaded')
  })

  it('of two at once is refused for the second, when it has become the last', async () => {
    const fleet = fleetOf([balancer('lb1')])
    const drain = actionsOf.frontend[0] as Change<FrontendRecord>
    const second = fleet.snapshot().frontends[1]
    if (!second) throw new Error('no second')
    const made = prepare(drain, second, { service: ldap, 'and-wait': 'no' }, fleet)
    if ('refused' in made) throw new Error(made.refused)
    const alone = [balancer('lb1', { lvs: lvsReading('lb1', 'manual-weight-0') })]
    fleet.show({ ...fleet.snapshot(), balancers: alone, ...balancedBy(alone, hostAt) })
    expect(await run(made, fleet, { who: label('me') })).toEqual({
      kind: 'refused',
      text: 'it has changed meanwhile: nobody else takes new connections then; look again',
    })
  })

  it('is warned of where nobody serves, with the address on a balancer that does not', () => {
    const taken = { ...standby('lb2'), lvs: lvsReading('lb2', 'forms/empty') }
    const idle = balancer('lb1', { lvs: lvsReading('lb1', 'idle', { addresses: new Set() }) })
    const fleet = fleetOf([idle, taken])
    const [target] = fleet.snapshot().frontends
    for (const action of actionsOf.frontend.filter(({ verb }) => verb === 'drain' || verb === 'weight')) {
      const made = prepare(action as Change<FrontendRecord>, target as FrontendRecord, { weight: '2' }, fleet)
      expect('warnings' in made && made.warnings).toContain(
        '10.9.0.100: lb2 has it and its table is empty: nobody serves',
      )
    }
  })

  it('of the last one in service wants more than a yes', () => {
    const lvs = lvsReading('lb1', 'check-failed')
    expect(plan('drain', 'rs1', { service: ldap }, [balancer('lb1', { lvs })]).slice(1)).toEqual([
      'destructive',
      'nobody else takes new connections then',
    ])
  })

  it('is refused where it is out already, where the table cannot be read, and for a service that is none', () => {
    const lvs = lvsReading('lb1', 'check-failed')
    const ldapOnly = { ...lvs, services: lvs.services.filter(({ port }) => port === 389) }
    const elsewhere = ldirectordReading('lb1', {}, ['virtual=10.9.0.100:80', 'virtual=10.9.9.9:80'])
    const out = balancer('lb1', { lvs: ldapOnly, ldirectord: elsewhere })
    // One that failed comes back by itself, unless a file keeps it out.
    expect(plan('drain', 'rs2', { service: ldap }, [out])[0]).toBe(
      'lb1$ touch -- /etc/ha.d/maintenance/10.9.0.12:389',
    )
    const kept = { ...out, ldirectord: { ...elsewhere, maintenance: ['10.9.0.12'] } }
    expect(plan('drain', 'rs2', {}, [kept])).toEqual(['it is out already'])
    const trouble = { kind: 'refused', reason: lvs.services[0]?.scheduler, advice: '', since: 0 } as never
    expect(plan('drain', 'rs1', {}, [balancer('lb1', { lvsTrouble: trouble })])).toEqual([
      'lb1: its table cannot be read: sed',
    ])
    // Nothing is done on one that stands by while the other may be the one that serves.
    const asked = { host: 'lb1', lastDid: new Map() }
    expect(plan('drain', 'rs1', {}, [asked, standby('lb2')])).toEqual([
      '10.9.0.100: lb1 may have it, and cannot be read: who serves is not known',
    ])
    expect(plan('drain', 'rs1', { service: 'x' }, pair)[0]).toContain('no service x; there are')
    const { ldirectord: _, ...unasked } = balancer('lb1')
    expect(plan('drain', 'rs1', {}, [unasked])).toEqual(['ldirectord on lb1 has not been asked yet'])
    expect(plan('drain', 'rs1', {}, [{ ...unasked, ldirectordTrouble: trouble }])).toEqual([
      'who owns the weights on lb1 is not known: sed',
    ])
  })
})

describe('restore', () => {
  it('takes away every file that keeps it out, on all balancers, whatever their names', () => {
    const kept = (name: string, maintenance: string[]) =>
      balancer(name, {
        lvs: lvsReading(name, 'maintenance-quiescent-yes'),
        ldirectord: ldirectordReading(name, { maintenance }),
      })
    expect(plan('restore', 'rs1', { service: ldap }, [kept('lb1', ['rs1:389', '10.9.0.11', 'rs2'])])).toEqual(
      // the file for the whole address keeps out more than what is meant: that stays out
      [`lb1$ touch -- ${dir}/10.9.0.11:80`, `lb1$ rm -f -- ${dir}/rs1:389 ${dir}/10.9.0.11`, 'disruptive'],
    )
  })

  it('leaves what its own file keeps out as it is, and needs no more where all are meant', () => {
    const kept = (maintenance: string[]) => [
      balancer('lb1', {
        lvs: lvsReading('lb1', 'maintenance-quiescent-yes'),
        ldirectord: ldirectordReading('lb1', { maintenance }),
      }),
    ]
    expect(plan('restore', 'rs1', { service: ldap }, kept(['10.9.0.11:389']))).toEqual([
      `lb1$ rm -f -- ${dir}/10.9.0.11:389`,
      'disruptive',
    ])
    expect(plan('restore', 'rs1', { service: ldap }, kept(['rs1']))).toEqual([
      `lb1$ touch -- ${dir}/10.9.0.11:80`,
      `lb1$ rm -f -- ${dir}/rs1`,
      'disruptive',
    ])
    expect(plan('restore', 'rs1', {}, kept(['rs1']))).toEqual([`lb1$ rm -f -- ${dir}/rs1`, 'disruptive'])
  })

  it('sets the configured weight where it was set to 0 by hand, and asks where nothing tells it', () => {
    const lvs = lvsReading('lb1', 'manual-weight-0')
    expect(plan('restore', 'rs1', {}, [balancer('lb1', { lvs })])).toEqual([
      'lb1$ ipvsadm -e -t 10.9.0.100:389 -r 10.9.0.11:389 -g -w 4',
      'disruptive',
    ])
    const { config: _, daemon: __, ...none } = ldirectordReading('lb1')
    const alone = balancer('lb1', { lvs, ldirectord: none })
    expect(plan('restore', 'rs1', { weight: '3' }, [alone])[0]).toMatch(/-w 3$/)
    expect(plan('restore', 'rs1', { weight: 'x' }, [alone])[0]).toContain('a whole number from 0 to 65535')
  })

  it('leaves to ldirectord what failed: a weight on a dead server would never be taken back', () => {
    const failed = balancer('lb1', {
      lvs: lvsReading('lb1', 'check-failed'),
      lastDid: new Map([['10.9.0.100:389 10.9.0.12:389', { at: 0, kind: 'quiescent' as const }]]),
    })
    expect(plan('restore', 'rs2', {}, [failed])).toEqual([
      'ldirectord brings it back as soon as its check succeeds',
    ])
  })

  it('is refused where it is in service', () => {
    expect(plan('restore', 'rs1', {}, pair)).toEqual(['it is in service'])
  })
})

describe('weight', () => {
  it('keeps the way of forwarding and the limits of the entry, and only changes what differs', () => {
    const lvs = lvsReading('lb1', 'idle')
    const [first, ...rest] = lvs.services
    if (!first) throw new Error('no service')
    const reals = first.reals.map((real) => ({
      ...real,
      forward: 'Masq' as const,
      limits: { upper: 2000, lower: 1500 },
    }))
    const masq = balancer('lb1', { lvs: { ...lvs, services: [{ ...first, reals }, ...rest] } })
    expect(plan('weight', 'rs1', { weight: '9', service: first.id }, [masq])).toEqual([
      `lb1$ ipvsadm -e -t ${first.id.slice(4)} -r ${reals[0]?.id} -m -w 9 -x 2000 -y 1500`,
      'disruptive',
    ])
    expect(plan('weight', 'rs1', { weight: '4' }, pair)).toEqual(['nothing would change'])
  })
})
