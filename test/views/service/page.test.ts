import { describe, expect, it } from 'vitest'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { parseCounts, withTraffic } from '../../../src/services/lvs/parse.ts'
import { textOf } from '../../../src/text/part.ts'
import { serviceLines } from '../../../src/views/service/page.ts'
import { balancer, ldap, ldirectordReading, lvsReading, standby } from '../../support/balancers.ts'
import { lvs } from '../../support/fixture.ts'
import { host, snapshot } from '../../support/records.ts'

function page(balancers: readonly BalancerRecord[]): string[] {
  const shown = { ...snapshot([], [host('lb1')]), balancers, ...balancedBy(balancers, () => undefined) }
  const service = shown.services.find(({ name }) => name === ldap)
  if (!service) throw new Error('no service')
  return serviceLines(service, shown, 76).map((parts) => parts.map((part) => textOf(part)).join(''))
}

describe('the page of a virtual service', () => {
  it('tells who balances it, how it is checked, and what answers', () => {
    const sync = [{ state: 'master' as const, device: label('eth0') }]
    const lines = page([balancer('lb1', { lvs: lvsReading('lb1', 'loaded', { sync }) }), standby('lb2')])
    expect(lines.join(' ').replace(/ +/g, ' ')).toContain(
      'Balancers lb1 holds the address, sync master on eth0; lb2 stands by',
    )
    const lvsTrouble = { kind: 'unreachable', reason: say`gone`, advice: say``, since: 1 } as const
    const silent = balancer('lb1', { lvs: lvsReading('lb1', 'loaded', { sync }), lvsTrouble })
    expect(page([silent, standby('lb2')]).join(' ')).not.toContain('sync')
    expect(lines.join(' ').replace(/ +/g, ' ')).toContain(
      'Checks negotiate ldap, asks /dc=example,dc=org, wants dc=example, every 5 s, waits 3 s, out at the first failure',
    )
    expect(lines).toContain('Failing     weight 0: open connections go on (quiescent=yes)')
    expect(lines.at(-2)).toMatch(/^10\.9\.0\.11 +10\.9\.0\.11:389 +in service +Route +4 +4 +0 +-$/)
    expect(lines.every((line) => line.length <= 76)).toBe(true)
  })

  it('says that what goes out is not seen under direct routing, and shows no 0 for it', () => {
    const table = lvsReading('lb1', 'loaded')
    const counts = parseCounts(lvs('loaded.ipvsadm-Ln--stats.txt'))
    const services = withTraffic(table.services, counts, parseCounts(lvs('loaded.ipvsadm-Ln--rate.txt')))
    const text = page([balancer('lb1', { lvs: { ...table, services } })]).join('\n')
    expect(text).toMatch(/Traffic +\d+ connections\/s, \d+ packets\/s, .*B\/s in; out: not/)
    expect(text.replace(/\s+/g, ' ')).toContain('out: not seen here, answers do not pass the balancer')
    expect(text).toMatch(/Totals +\d+ connections/)
  })

  it('says what a failing check does with quiescent=no, and when no ldirectord checks', () => {
    const no = ldirectordReading('lb1', {}, ['quiescent=yes', 'quiescent=no'])
    expect(page([balancer('lb1', { ldirectord: no })])).toContain(
      'Failing     deleted: open connections hang (quiescent=no)',
    )
    const { config: _, source: __, daemon: ___, ...none } = ldirectordReading('lb1')
    expect(page([balancer('lb1', { ldirectord: none })])).toContain(
      'Checks      not by an ldirectord of this balancer',
    )
  })
})
