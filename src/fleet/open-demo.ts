import { demoFleet } from '../demo/fleet.ts'
import type { WorldOptions } from '../demo/world.ts'
import { defined } from '../hosts/defined.ts'
import { label } from '../hosts/label.ts'
import { Fleet } from './fleet.ts'
import { Journal } from './journal/journal.ts'
import type { Opening } from './open.ts'

/** The fleet of the demo. */
export function openDemo(
  {
    readOnly = false,
    interval,
    about,
    leastSpan,
    merge,
    notifyEvery,
    beside,
  }: Omit<Opening, 'onTrace' | 'waits' | 'witness'>,
  world: WorldOptions,
): Fleet {
  const { config, members } = demoFleet(world)
  return new Fleet({
    cluster: label(config.cluster),
    demo: true,
    readOnly,
    members,
    journal: new Journal(':memory:'),
    ...defined({ about, leastSpan, merge, notifyEvery, beside }),
    interval: (interval ?? config.interval) * 1000,
  })
}
