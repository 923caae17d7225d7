import { demoFleet } from '../demo/fleet.ts'
import type { WorldOptions } from '../demo/world.ts'
import { Fleet } from '../fleet/fleet.ts'
import { Journal } from '../fleet/journal/journal.ts'
import { label } from '../hosts/label.ts'
import type { GlobalOptions } from './global-options.ts'

/** The fleet of the demo. */
export function openDemo(options: GlobalOptions, world: WorldOptions): Fleet {
  const { config, members } = demoFleet(world)
  return new Fleet({
    cluster: label(config.cluster),
    demo: true,
    readOnly: options.readOnly ?? false,
    members,
    journal: new Journal(':memory:'),
    interval: (options.interval ?? config.interval) * 1000,
  })
}
