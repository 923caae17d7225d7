import { demoFleet } from '../demo/fleet.ts'
import { demoPast } from '../demo/past.ts'
import type { WorldOptions } from '../demo/world.ts'
import { wallTime } from '../hosts/clock.ts'
import { defined } from '../hosts/defined.ts'
import { label } from '../hosts/label.ts'
import { eventSourceOf, eventTypeOf } from './event-types.ts'
import { Fleet } from './fleet.ts'
import { Journal } from './journal/journal.ts'
import type { Opening } from './open.ts'
import { MadeUpPast } from './past/made-up.ts'
import { Past } from './past/past.ts'

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
  const { world: made, config, members } = demoFleet(world)
  const journal = new Journal(':memory:')
  for (const { type, source, ...past } of demoPast(made))
    journal.add({ ...past, ...defined({ type: eventTypeOf(type), source: eventSourceOf(source) }) })
  const past = new MadeUpPast(new Past(':memory:', made.now()), () => {
    const { incidents: _, drills: __, ...snapshot } = fleet.snapshot()
    return { at: wallTime(fleet.now()), now: fleet.now(), snapshot, alerts: fleet.alerts() }
  })
  const fleet = new Fleet({
    cluster: label(config.cluster),
    demo: true,
    readOnly,
    drills: config.drills === 'allowed',
    members,
    journal,
    ...defined({ about, leastSpan, merge, notifyEvery, beside }),
    interval: (interval ?? config.interval) * 1000,
    past,
  })
  return fleet
}
