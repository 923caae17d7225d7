import { Console } from '../../src/console/console.ts'
import { demoFleet } from '../../src/demo/fleet.ts'
import type { World } from '../../src/demo/world.ts'
import { Fleet } from '../../src/fleet/fleet.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import type { LookBack } from '../../src/fleet/past/past.ts'
import { label, say } from '../../src/hosts/label.ts'
import { until } from './until.ts'

export interface Demo {
  readonly fleet: Fleet
  readonly world: World
  readonly console: Console
  /** Gives keys one after the other, as a person who types ahead does. */
  press(...keys: string[]): void
  /** Types a text, a key for each character. */
  type(text: string): void
  /** The names that the Machines screen shows, in its order. */
  names(): string[]
  end(): Promise<void>
}

/** A console on the demo's fleet, asked at once and without a screen; the demo's machines are all known when it resolves. */
export async function demo({
  seed = 1,
  readOnly = false,
  past,
}: {
  readonly seed?: number
  readonly readOnly?: boolean
  readonly past?: LookBack
} = {}): Promise<Demo> {
  const { world, members } = demoFleet({ seed })
  const fleet = new Fleet({
    cluster: label('demo'),
    demo: true,
    readOnly,
    interval: 100,
    journal: new Journal(':memory:'),
    members,
    ...(past ? { past } : {}),
  })
  const console = new Console(fleet, say`ada@console`)
  fleet.start()
  await until(
    'all machines of the demo',
    () => fleet.snapshot().machines.length === world.hypervisors.machines.size,
  )
  await until('what the hosts can run', () =>
    fleet.snapshot().hosts.every((h) => h.virtType !== undefined || !h.roles.includes('hypervisor')),
  )
  await until('who works', () => fleet.snapshot().displays.every(({ reading }) => reading))
  await until('their definitions', () => fleet.snapshot().machines.every((m) => m.title !== undefined))
  return {
    fleet,
    world,
    console,
    press: (...keys) => {
      for (const key of keys) console.press(key)
    },
    type: (text) => {
      for (const key of text) console.press(key)
    },
    names: () => console.rows('machine').map((m) => m.name),
    end: async () => {
      await fleet.stop()
      world.stop()
      fleet.journal.close()
    },
  }
}
