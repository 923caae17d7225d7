import { describe, expect, it } from 'vitest'
import { drainSteps, entriesOf, maintenanceFiles, restoreSteps } from '../../../src/actions/frontend/plan.ts'
import { stepText } from '../../../src/actions/step-text.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import type { FrontendRecord } from '../../../src/fleet/frontend/frontends.ts'
import { StillFleet } from '../../support/still-fleet.ts'
import { daemon, lb1, lb2, rs1, world } from '../sides/balanced.ts'

// By what a front end is taken out and put in, in the cases between.

const dir = '/etc/ha.d/maintenance'

function ofRs1(...balancers: readonly BalancerRecord[]) {
  const shown = world(balancers)
  const fleet = new StillFleet(shown)
  const entries = entriesOf(shown.frontends[0] as FrontendRecord, {}, shown)
  return {
    entries,
    drain: drainSteps(entries, {}, fleet).map(stepText),
    restore: restoreSteps(entries, 1, fleet).map(stepText),
  }
}

describe('what a balancer knows of a front end', () => {
  it('is its line where its table lacks it, and its entry where its configuration does', () => {
    const { entries } = ofRs1(
      lb1(
        { [rs1.ldap]: null },
        daemon('lb1', {}, (text) => text.replace(/\treal=10\.9\.0\.11:80 .*\n/, '')),
      ),
    )
    expect(entries.map(({ real, inTable, configured }) => [real, !!inTable, !!configured])).toEqual([
      [rs1.http, true, false],
      [rs1.ldap, false, true],
    ])
  })
})

describe('the file of a drain', () => {
  it('is that of the whole address also where one for a port is there', () => {
    expect(ofRs1(lb1({}, daemon('lb1', { maintenance: [rs1.ldap] }))).drain).toEqual([
      `lb1$ touch -- ${dir}/10.9.0.11`,
    ])
  })

  it('is that of the port where the address has no other', () => {
    const alone = daemon('lb1', {}, (text) => text.replace(/\treal=10\.9\.0\.11:80 .*\n/, ''))
    expect(ofRs1(lb1({ [rs1.http]: null }, alone)).drain).toEqual([`lb1$ touch -- ${dir}/${rs1.ldap}`])
  })
})

describe('a restore', () => {
  it('leaves a weight that was set by hand where it serves', () => {
    const kept = daemon('lb1', { maintenance: [rs1.ldap] })
    expect(ofRs1(lb1({ [rs1.ldap]: { weight: 0 }, [rs1.http]: { weight: 9 } }, kept)).restore).toEqual([
      `lb1$ rm -f -- ${dir}/${rs1.ldap}`,
    ])
  })
})

describe('the maintenance files of an address', () => {
  it('are called by it or by its names, with a port or without, each told once', () => {
    const mine = ['10.9.0.11', '10.9.0.11:389', 'rs1', 'rs1:80', 'rs1.lab.test', 'rs1.lab.test:1812']
    const others = ['rs2', '10.9.0.112', '10.9.0.12:389', 'rs1:389x', 'rs11', '389']
    const { ldirectord: _, ...unread } = lb1()
    const shown = world([unread, lb2({ maintenance: [...mine, ...others] }), lb2({ maintenance: ['rs1'] })])
    expect(maintenanceFiles('10.9.0.11', shown)).toEqual(mine)
  })

  it('are called by a bare IPv6 address, too, whose end is no port', () => {
    const mine = ['fd00::11', '[fd00::11]', '[fd00::11]:389']
    const shown = world([lb2({ maintenance: [...mine, 'fd00::11:80', 'fd00::1', '[fd00::1]:11', 'fd00:'] })])
    expect(maintenanceFiles('fd00::11', shown)).toEqual(mine)
  })
})
