import type { NodeRecord, ResourceRecord, TellerRecord } from '../../src/fleet/cluster/record.ts'
import { hostsByAddress } from '../../src/fleet/frontend/frontends.ts'
import { kinds } from '../../src/fleet/kinds.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import { balancedBy } from '../../src/fleet/service/virtual-services.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import type { PacemakerReading } from '../../src/services/pacemaker/facts.ts'
import { parseMachines } from '../../src/services/pacemaker/machines.ts'
import { parseCrmMon, parseLeftRules } from '../../src/services/pacemaker/parse.ts'
import { balancer, lvsReading } from './balancers.ts'
import { pacemaker } from './fixture.ts'
import { host, machine, snapshot } from './records.ts'

/** A recorded scene (fixtures/pacemaker-2.1.5), with what is otherwise in it, and the rules that were left then. */
export interface Scene {
  readonly scene: string
  readonly rules?: string
  readonly edit?: (xml: string) => string
  /** what `cibadmin -Q --scope resources` says */
  readonly machines?: string
}

export function reading(
  name: string,
  { scene, rules, edit = (xml) => xml, machines }: Scene,
  at = 10_000,
): PacemakerReading {
  return {
    host: name,
    at,
    took: 50,
    cluster: parseCrmMon(edit(pacemaker(`${scene}.crm_mon.xml`))),
    left: rules === undefined ? [] : parseLeftRules(pacemaker(`${rules}.constraints.xml`)),
    ...(machines === undefined ? {} : { machines: parseMachines(machines) }),
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

/** What the lab has none of: as cibadmin -Q --scope resources writes one by itself, one by a template, one for Xen without any file. */
export const machineResources = `<resources>
  <template id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
    <meta_attributes id="vm-meta"><nvpair id="vm-live" name="allow-migrate" value="yes"/></meta_attributes>
  </template>
  <primitive id="vm-web1" class="ocf" provider="heartbeat" type="VirtualDomain">
    <instance_attributes id="a"><nvpair id="a1" name="config" value="/etc/libvirt/qemu/web1.xml"/></instance_attributes>
    <meta_attributes id="b"><nvpair id="b1" name="allow-migrate" value="true"/></meta_attributes>
  </primitive>
  <group id="g"><primitive id="vm-web2" template="vm">
    <instance_attributes id="c"><nvpair id="c1" name="config" value="web2.xml"/></instance_attributes>
  </primitive></group>
  <primitive id="web3" class="ocf" provider="heartbeat" type="Xen"/>
  <primitive id="address" class="ocf" provider="heartbeat" type="IPaddr2"/>
</resources>`

interface OwnedGiven {
  readonly live?: 'true' | 'false'
  /** attributes of the resource as crm_mon has them */
  readonly resource?: string
  readonly state?: MachineRecord['state']
  readonly maintenance?: boolean
  /** stop-all-resources: the cluster keeps all of them stopped, and still says that it manages each */
  readonly stopsAll?: boolean
  readonly autostart?: boolean
}

/** mail1 on ha1, which is the resource vm-mail1; mail9 on ha1, which is none; mail1 on a host that is in no cluster. By recorded answers. */
export function ownedWorld({
  live = 'true',
  resource = 'managed="true"',
  state = 'running',
  maintenance = false,
  stopsAll = false,
  autostart = false,
}: OwnedGiven = {}): Snapshot {
  const own = / target_role="[^"]*"| managed="[^"]*"/g
  const world = clusterWorld({
    scene: state === 'running' ? 'machine' : 'machine-disabled',
    edit: (xml) =>
      xml
        .replace(/<resource id="vm-mail1".*/, (line) =>
          line.replace(own, '').replace(/(?=\/?>$)/, ` ${resource}`),
        )
        .replace('maintenance-mode="false"', `maintenance-mode="${maintenance}"`)
        .replace('stop-all-resources="false"', `stop-all-resources="${stopsAll}"`),
    machines: pacemaker('machine.resources.xml').replace(
      'name="allow-migrate" value="true"',
      `name="allow-migrate" value="${live}"`,
    ),
  })
  const uuid = (i: number) => `4c4c4544-0000-2010-8020-80c04f20202${i}`
  return {
    ...world,
    hosts: ['ha1', 'ha2', 'hv9'].map((name) => host(name, { roles: ['pacemaker', 'hypervisor'] })),
    seenAt: new Map(['ha1', 'ha2', 'hv9'].map((name) => [name, 10_000])),
    machines: [
      machine({ name: 'mail1', host: 'ha1', state, autostart, uuid: uuid(1) }),
      machine({ name: 'mail9', host: 'ha1', state, uuid: uuid(2) }),
      machine({ name: 'mail1', host: 'hv9', state, uuid: uuid(3) }),
    ],
  }
}
