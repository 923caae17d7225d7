import { demoFleet } from '../demo/fleet.ts'
import type { WorldOptions } from '../demo/world.ts'
import { Fleet } from '../fleet/fleet.ts'
import { Journal } from '../fleet/journal/journal.ts'
import { label } from '../hosts/label.ts'
import { defined } from '../services/libvirt/parse.ts'
import type { GlobalOptions, Looking } from './global-options.ts'

/** The fleet of the demo. */
export function openDemo(options: GlobalOptions & Looking, world: WorldOptions): Fleet {
  const { config, members } = demoFleet(world)
  const { about, leastSpan, merge, notifyEvery } = options
  return new Fleet({
    cluster: label(config.cluster),
    demo: true,
    readOnly: options.readOnly ?? false,
    members,
    journal: new Journal(':memory:'),
    ...defined({ about, leastSpan, merge, notifyEvery }),
    interval: (options.interval ?? config.interval) * 1000,
  })
}
