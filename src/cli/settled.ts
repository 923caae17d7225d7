import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/model.ts'

/**
 * Waits until every host has been asked: each has answered, twice where `rates` are wanted (they need two readings), or has
 * failed. Hosts that have said nothing within `seconds` are left as they are; the caller tells of them.
 */
export async function settled(fleet: Fleet, seconds: number, rates: boolean): Promise<Snapshot> {
  const first = new Map<string, number>()
  const done = (snapshot: Snapshot): true | undefined =>
    snapshot.hosts.every(({ name, trouble }) => {
      const seen = snapshot.seenAt.get(name)
      if (trouble) return true
      if (seen === undefined) return false
      const before = first.get(name)
      if (before === undefined) first.set(name, seen)
      if (!rates) return true
      return before !== undefined && seen > before + 400
    }) || undefined
  await fleet.until(done, AbortSignal.timeout(seconds * 1000)).catch(() => undefined)
  return fleet.snapshot()
}

/** The hosts that could not be read, in words for standard error. */
export function silentHosts(snapshot: Snapshot): string[] {
  return snapshot.hosts.flatMap(({ name, trouble }) => {
    if (trouble) return [`${name}: ${trouble.reason}${trouble.advice ? ` (${trouble.advice})` : ''}`]
    return snapshot.seenAt.has(name) ? [] : [`${name}: no answer in time`]
  })
}
