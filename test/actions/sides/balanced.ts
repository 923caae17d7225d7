import { objectsOf, type Subject } from '../../../src/actions/subjects.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { hostsByAddress } from '../../../src/fleet/frontend/frontends.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { say } from '../../../src/hosts/label.ts'
import type { LdirectordReading } from '../../../src/services/ldirectord/facts.ts'
import type { RealServer } from '../../../src/services/lvs/facts.ts'
import { balancer, ldirectordReading, lvsReading, standby } from '../../support/balancers.ts'
import { ldirectord as recorded } from '../../support/fixture.ts'
import { host, snapshot } from '../../support/records.ts'
import type { Case } from './side.ts'

/** The balancers' worlds: rs1 (weight 4) and rs2 (weight 2) for LDAP and HTTP, behind lb1, with lb2 that stands by. */

export const ldap = 'TCP 10.9.0.100:389'
export const http = 'TCP 10.9.0.100:80'
const hostAt = hostsByAddress([
  { name: 'rs1', address: '10.9.0.11' },
  { name: 'rs2', address: '10.9.0.12' },
])

export function world(balancers: readonly BalancerRecord[]): Snapshot {
  const hosts = balancers.map(({ host: name }) => host(name, { roles: ['balancer'] }))
  return { ...snapshot([], hosts), balancers, ...balancedBy(balancers, hostAt) }
}

/** What is otherwise in a table, by address and port; `null`: it is not there. One that is there by no record comes in like the first. */
type Reals = Readonly<Record<string, Partial<RealServer> | null>>

export function table(name: string, reals: Reals = {}, addresses?: readonly string[]) {
  const read = lvsReading(name, 'idle')
  const services = read.services.map((service) => {
    const [first] = service.reals
    const come = Object.keys(reals).filter(
      (id) => id.endsWith(`:${service.port}`) && !service.reals.some((one) => one.id === id),
    )
    const new_ = first ? come.map((id) => ({ ...first, id, address: id.split(':')[0] ?? '' })) : []
    const all = [...service.reals, ...new_].filter(({ id }) => reals[id] !== null)
    return { ...service, reals: all.map((one) => ({ ...one, ...reals[one.id] })) }
  })
  return { ...read, services, ...(addresses ? { addresses: new Set(addresses) } : {}) }
}

/** ldirectord as it runs, with what is otherwise; its configuration with what is otherwise. */
export function daemon(
  name: string,
  given: Partial<LdirectordReading> = {},
  edit: (text: string) => string = (text) => text,
): LdirectordReading {
  const text = recorded('ldirectord.cf')
  return ldirectordReading(name, given, [text, edit(text)])
}

/** lb1 with such a table, and ldirectord so. */
export function lb1(reals: Reals = {}, ldirectord: LdirectordReading = daemon('lb1')): BalancerRecord {
  return balancer('lb1', { lvs: table('lb1', reals), ldirectord })
}

/** lb2, that stands by. */
export function lb2(given: Partial<LdirectordReading> = {}, edit?: (text: string) => string): BalancerRecord {
  const { daemon: _, ...rest } = daemon('lb2', given, edit)
  return { ...standby('lb2'), ldirectord: rest }
}

export function silent(one: BalancerRecord): BalancerRecord {
  const reason = say`no route`
  return { ...one, lvsTrouble: { kind: 'unreachable', reason, advice: say``, since: 0 } }
}

/** A balancer without any ldirectord. */
export function alone(reals: Reals = {}): BalancerRecord {
  const { config: _, source: __, daemon: ___, ...none } = ldirectordReading('lb1')
  return balancer('lb1', { lvs: table('lb1', reals), ldirectord: none })
}

export const rs1 = { ldap: '10.9.0.11:389', http: '10.9.0.11:80' } as const
export const rs2 = { ldap: '10.9.0.12:389', http: '10.9.0.12:80' } as const
const out: Partial<RealServer> = { weight: 0 }
/** rs1 is out of both services. */
export const rs1Out: Reals = { [rs1.ldap]: out, [rs1.http]: out }
export const rs2Out: Reals = { [rs2.ldap]: out, [rs2.http]: out }

interface World extends Pick<Case, 'answers' | 'began' | 'is'> {
  /** what the balancers tell by now; default: what they told */
  readonly now?: readonly BalancerRecord[]
  /** the names of all that the same is done to */
  readonly together?: readonly string[]
}

/** A case of an action on what is called so, as the balancers told of it. */
export function caseOf(subject: Subject) {
  return (
    what: string,
    name: string,
    balancers: readonly BalancerRecord[],
    { now = balancers, together, ...rest }: World = {},
  ): Case => {
    const all = objectsOf(subject, world(balancers))
    const named = (one: string) => {
      const found = all.find((each) => each.name === one)
      if (!found) throw new Error(`no ${one}`)
      return found
    }
    return {
      what,
      target: named(name),
      snapshot: world(now),
      ...(together ? { together: together.map(named) } : {}),
      ...rest,
    }
  }
}
