import { History } from '../../src/fleet/history/history.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import type { World } from '../../src/views/world.ts'

/** What is to be seen where only a snapshot is known, at a time in milliseconds. */
export function worldOf(snapshot: Snapshot, now = 10_000): World {
  return { snapshot, now, history: new History(0), entries: [], definitions: new Map() }
}
