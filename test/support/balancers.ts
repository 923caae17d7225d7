import type { BalancerRecord } from '../../src/fleet/balancer/record.ts'
import { parseConfig } from '../../src/services/ldirectord/config.ts'
import type { LdirectordReading } from '../../src/services/ldirectord/facts.ts'
import type { LvsReading } from '../../src/services/lvs/facts.ts'
import { parseTable } from '../../src/services/lvs/parse.ts'
import { ldirectord as recorded, lvs as table } from './fixture.ts'

export const vip = '10.9.0.100'
export const ldap = `TCP ${vip}:389`

/** The table of a recorded scene, as a balancer that holds the address tells it. */
export function lvsReading(host: string, scene: string, given: Partial<LvsReading> = {}): LvsReading {
  const services = parseTable(table(`${scene}.ipvsadm-Ln.txt`))
  return { host, at: 1000, services, addresses: new Set(['10.9.0.1', vip]), sync: [], ...given }
}

/** ldirectord as it runs with the recorded configuration, in which texts may be replaced. */
export function ldirectordReading(
  host: string,
  given: Partial<LdirectordReading> = {},
  edit: readonly [string | RegExp, string] = ['', ''],
): LdirectordReading {
  const text = recorded('ldirectord.cf').replace(...edit)
  return {
    host,
    at: 1000,
    config: parseConfig(text),
    source: { path: '/etc/ha.d/ldirectord.cf', text, addresses: new Map() },
    configFile: '/etc/ha.d/ldirectord.cf',
    daemon: { pid: 365, pidFile: '/run/ldirectord.ldirectord.pid' },
    maintenance: [],
    names: new Map([
      ['10.9.0.11', 'rs1.lab.test'],
      ['10.9.0.12', 'rs2.lab.test'],
    ]),
    notLoaded: false,
    ...given,
  }
}

export function balancer(host: string, given: Partial<BalancerRecord> = {}): BalancerRecord {
  return {
    host,
    lvs: lvsReading(host, 'idle'),
    ldirectord: ldirectordReading(host),
    lastDid: new Map(),
    ...given,
  }
}

/** A balancer that stands by: the same configuration, no table, no address, no ldirectord. */
export function standby(host: string): BalancerRecord {
  const { daemon: _, ...ldirectord } = ldirectordReading(host)
  return {
    host,
    lvs: lvsReading(host, 'forms/empty', { addresses: new Set(['10.9.0.2']) }),
    ldirectord,
    lastDid: new Map(),
  }
}
