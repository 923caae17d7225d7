import type { Config } from '../config/schema.ts'
import type { LdapServer } from '../services/ldap/facts.ts'
import type { RadiusServer } from '../services/radius/watch.ts'
import { demoLdap } from './directory/ldap.ts'
import { demoClients } from './frontend/clients.ts'
import { demoRadius } from './frontend/radius.ts'
import { DemoHost } from './host.ts'
import { World, type WorldOptions } from './world.ts'

/** A host of the made-up cluster, with its configuration and its servers. */
interface DemoMember {
  readonly host: DemoHost
  readonly config: Config['hosts'][number]
  readonly ldap?: LdapServer
  readonly radius?: RadiusServer
  readonly clients?: ReturnType<typeof demoClients>
}

/** A made-up cluster. */
interface DemoFleet {
  readonly world: World
  readonly config: Config
  readonly members: readonly DemoMember[]
}

export function demoFleet(options: WorldOptions = {}): DemoFleet {
  const world = new World(options)
  const { balancers, frontends } = world.balancing
  const { provider } = world.directory
  const others = [
    ...balancers.map(({ name, address }) => ({
      name,
      address,
      roles: ['balancer' as const, 'pacemaker' as const],
    })),
    { ...provider, roles: ['directory' as const] },
    { ...world.displays.server, roles: ['display' as const] },
    ...frontends.map(({ name, address }) => ({ name, address, roles: ['frontend' as const] })),
  ]
  const config: Config = {
    cluster: 'demo',
    readOnly: false,
    drills: 'allowed',
    keepHistory: false,
    interval: 1,
    typeCountAbove: 5,
    views: {},
    ssh: {},
    hosts: [
      ...[...world.hypervisors.hosts.keys()].map((name) => ({
        name,
        roles: ['hypervisor' as const],
        local: false,
        libvirt: 'qemu:///system',
        migrateTo: `qemu+ssh://${name}/system`,
      })),
      ...others.map((one) => ({ ...one, local: false, libvirt: 'qemu:///system' })),
    ],
  }
  const clients = demoClients(world)
  const members = config.hosts.map((one): DemoMember => {
    const { name, roles } = one
    const serves = roles.includes('frontend')
    return {
      config: one,
      host: new DemoHost(name, world),
      ...(serves || roles.includes('directory') ? { ldap: demoLdap(world, name) } : {}),
      ...(serves ? { radius: demoRadius(world, name), clients } : {}),
    }
  })
  return { world, config, members }
}
