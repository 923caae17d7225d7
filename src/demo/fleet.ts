import type { Config } from '../config/schema.ts'
import { DemoHost } from './host.ts'
import { World, type WorldOptions } from './world.ts'

/** A made-up cluster: its configuration, and a host for each name in it. */
export interface DemoFleet {
  readonly world: World
  readonly config: Config
  readonly hosts: readonly DemoHost[]
}

export function demoFleet(options: WorldOptions = {}): DemoFleet {
  const world = new World(options)
  const { balancers, frontends } = world.balancing
  const others = [
    ...balancers.map(({ name, address }) => ({ name, address, roles: ['balancer' as const] })),
    ...frontends.map(({ name, address }) => ({ name, address, roles: ['frontend' as const] })),
  ]
  const names = [...world.hosts.keys(), ...others.map(({ name }) => name)]
  const hosts = names.map((name) => new DemoHost(name, world))
  const config: Config = {
    cluster: 'demo',
    readOnly: false,
    interval: 1,
    ssh: {},
    hosts: [
      ...[...world.hosts.keys()].map((name) => ({
        name,
        roles: ['hypervisor' as const],
        local: false,
        libvirt: 'qemu:///system',
        migrateTo: `qemu+ssh://${name}/system`,
      })),
      ...others.map((one) => ({ ...one, local: false, libvirt: 'qemu:///system' })),
    ],
  }
  return { world, config, hosts }
}
