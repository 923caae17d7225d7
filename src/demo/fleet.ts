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
  const hosts = [...world.hosts.keys()].map((name) => new DemoHost(name, world))
  const config: Config = {
    cluster: 'demo',
    readOnly: false,
    interval: 1,
    ssh: {},
    hosts: hosts.map(({ name }) => ({
      name,
      roles: ['hypervisor'],
      local: false,
      libvirt: 'qemu:///system',
      migrateTo: `qemu+ssh://${name}/system`,
    })),
  }
  return { world, config, hosts }
}
