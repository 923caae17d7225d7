import type { NodeRecord, ResourceRecord, TellerRecord } from '../../src/fleet/cluster/record.ts'
import { hostsByAddress } from '../../src/fleet/frontend/frontends.ts'
import { kinds } from '../../src/fleet/kinds.ts'
import { balancedBy } from '../../src/fleet/service/virtual-services.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import type { PacemakerReading } from '../../src/services/pacemaker/facts.ts'
import { parseCrmMon, parseLeftRules } from '../../src/services/pacemaker/parse.ts'
import { balancer, lvsReading } from './balancers.ts'
import { pacemaker } from './fixture.ts'
import { host, snapshot } from './records.ts'

/** A recorded scene (fixtures/pacemaker-2.1.5), with what is otherwise in it, and the rules that were left then. */
export interface Scene {
  readonly scene: string
  readonly rules?: string
  readonly edit?: (xml: string) => string
}

export function reading(
  name: string,
  { scene, rules, edit = (xml) => xml }: Scene,
  at = 10_000,
): PacemakerReading {
  return {
    host: name,
    at,
    took: 50,
    cluster: parseCrmMon(edit(pacemaker(`${scene}.crm_mon.xml`))),
    left: rules === undefined ? [] : parseLeftRules(pacemaker(`${rules}.constraints.xml`)),
  }
}

/** A cluster of ha1 and ha2 that each tells the same of; or what each of them tells, and nothing: it knows nothing. */
export function clusterWorld(told: Scene | { readonly ha1?: Scene; readonly ha2?: Scene }): Snapshot {
  const each = 'scene' in told ? { ha1: told, ha2: told } : told
  const clusters = (['ha1', 'ha2'] as const).map((name): TellerRecord => {
    const one = each[name]
    return one
      ? { host: name, manager: 'pacemaker', reading: reading(name, one) }
      : {
          host: name,
          manager: 'pacemaker',
          trouble: { kind: 'refused', reason: 'dead' as never, advice: '' as never, since: 0 },
        }
  })
  const hosts = ['ha1', 'ha2'].map((name) => host(name, { roles: ['pacemaker'] }))
  return { ...snapshot([], hosts), clusters }
}

export function resourceIn(shown: Snapshot, name: string): ResourceRecord {
  const found = kinds.resource.all(shown).find((one) => one.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found
}

export function nodeIn(shown: Snapshot, name: string): NodeRecord {
  const found = kinds.node.all(shown).find((one) => one.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found
}

/** The same, and ha1 is a balancer with connections. */
export function balancing(): Snapshot {
  const read = lvsReading('ha1', 'idle')
  const services = read.services.map((one) => ({
    ...one,
    reals: one.reals.map((real) => ({ ...real, active: 2 })),
  }))
  const balancers = [balancer('ha1', { lvs: { ...read, services } })]
  return { ...clusterWorld({ scene: 'online' }), balancers, ...balancedBy(balancers, hostsByAddress([])) }
}
