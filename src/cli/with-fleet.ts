import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/model.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { exit } from './exit.ts'
import { type GlobalOptions, openFleet } from './open.ts'

/** How long the hosts are waited for before a verb looks at what it has, in seconds. */
const askingTime = 10

/** Runs with the fleet open and asked, and closes it whatever happens. `rates`: wait for CPU and transfer rates too. */
export async function withFleet<T>(
  options: GlobalOptions,
  rates: boolean,
  use: (fleet: Fleet, snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const fleet = openFleet({ ...options, interval: options.interval ?? 0.5, witness: false }, false)
  fleet.start()
  try {
    return await use(fleet, await settled(fleet, askingTime, rates))
  } finally {
    await fleet.stop()
    fleet.journal.close()
  }
}

/**
 * Waits until every host has been asked: each has answered, twice where `rates` are wanted (they need two readings), or has
 * failed. Hosts that have said nothing within `seconds` are left as they are; the caller tells of them.
 */
async function settled(fleet: Fleet, seconds: number, rates: boolean): Promise<Snapshot> {
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
export function silentHosts(snapshot: Snapshot): Label[] {
  return snapshot.hosts.flatMap(({ name, trouble }) => {
    const advice = trouble?.advice ? say` (${trouble.advice})` : say``
    if (trouble) return [say`${label(name)}: ${trouble.reason}${advice}`]
    return snapshot.seenAt.has(name) ? [] : [say`${label(name)}: no answer in time`]
  })
}

/** What could not be read is said, and the status tells scripts that the list is incomplete. */
export function complain(snapshot: Snapshot): number {
  const silent = silentHosts(snapshot)
  for (const line of silent) process.stderr.write(`vdd: ${line}\n`)
  return silent.length ? exit.unreachable : exit.ok
}
