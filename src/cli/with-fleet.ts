import type { Fleet } from '../fleet/fleet.ts'
import { type Poll, pollsOf } from '../fleet/polls.ts'
import { usualSpan } from '../fleet/rates.ts'
import type { Facts, Snapshot } from '../fleet/snapshot.ts'
import { defined } from '../hosts/defined.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { endsInOrder } from '../terminal/ending.ts'
import { exit } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { openFleet } from './open.ts'
import { warn } from './output.ts'

/** How long the hosts are waited for before a verb looks at what it has, in seconds; a dead one has failed long before. */
const askingTime = 60

/** Seconds between two looks, while a verb waits for what it did. */
const pace = { quickest: 0.5, slowest: 3 } as const

/** The same while it waits for what is asked beside the looks, and told by the next one. */
const awaiting = 0.15

/** After hosts that took so many milliseconds to tell of themselves: to ask slow ones often would make them slower still. */
export function paceAfter(milliseconds: number): number {
  return Math.min(pace.slowest, Math.max(pace.quickest, milliseconds / 3000))
}

/**
 * What a verb tells that takes two readings: what machines and hosts do, by counters as fine as 10 ms of a CPU and a byte, or also what
 * is asked of servers, by counters of whole requests.
 */
export type Rates = 'loads' | 'requests'

/** Seconds between the two readings. */
const spans: Readonly<Record<Rates, number>> = { loads: 0.2, requests: pace.quickest }

/** Milliseconds from where a look is asked for until it begins, on most hosts. */
const gathering = 60

/** Milliseconds for both in the demo, whose loads are made up, and fine enough after this. */
const soonInDemo = 20

/** What a verb shows it shows once all have answered, so it hears at once of each, in milliseconds. */
const notifyEvery = 10

function spanOf({ demo }: GlobalOptions, rates: Rates | false): number {
  if (!rates) return pace.quickest
  return demo && rates === 'loads' ? soonInDemo / 1000 : spans[rates]
}

/** What a verb asks for. */
export interface Asks {
  /** all that it tells; default everything */
  readonly about?: readonly (keyof Facts)[] | undefined
  /** what is asked seldom, and is to be waited for nevertheless */
  readonly awaited?: keyof Facts | undefined
}

/**
 * Runs with the fleet open and asked, and closes it whatever happens. The snapshot is of the hosts that were asked.
 *
 * @param rates wait for CPU and transfer rates too
 * @param use once it calls `endsItself`, signals do not end it
 */
export async function withFleet<T>(
  options: GlobalOptions,
  rates: Rates | false,
  use: (fleet: Fleet, snapshot: Snapshot, endsItself: () => void) => Promise<T>,
  { about, awaited }: Asks = {},
): Promise<T> {
  const span = spanOf(options, rates)
  const leastSpan = Math.min(usualSpan, 0.8 * span * 1000)
  const interval = options.interval ?? (awaited ? awaiting : pace.quickest)
  const looking = {
    interval,
    leastSpan,
    notifyEvery,
    witness: false,
    ...defined({ about, merge: options.demo ? soonInDemo : undefined }),
  }
  const fleet = await openFleet({ ...options, ...looking }, false)
  const ignore = endOnSignal(fleet)
  const began = fleet.now()
  fleet.start()
  try {
    const snapshot = await settled(fleet, askingTime, { rates, span }, { about, awaited })
    if (options.interval === undefined) fleet.interval = paceAfter(fleet.now() - began) * 1000
    return await use(fleet, snapshot, ignore)
  } finally {
    ignore()
    await closeFleet(fleet)
  }
}

/** Ends what runs on the hosts, and says when the journal could not be kept: what was done should be found there. */
export async function closeFleet(fleet: Fleet): Promise<void> {
  await fleet.giveUp()
  await Promise.race([fleet.stop(), new Promise((resolve) => setTimeout(resolve, 2000).unref())])
  const { trouble, doubt } = fleet.journal
  for (const text of [trouble, doubt]) if (text) warn(`vdd: ${text}`)
  fleet.journal.close()
}

/**
 * A verb that is ended by a signal leaves nothing running on the hosts, and nothing half made lying there: no virsh that follows events,
 * no draft of a configuration. A migration that it had begun is given up by libvirt with it.
 */
export function endOnSignal(fleet: Fleet): () => void {
  const ends = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  const listeners = Object.entries(ends).map(([signal, code]) => {
    const end = async () => {
      endsInOrder()
      await closeFleet(fleet)
      process.exit(code)
    }
    process.once(signal, end)
    return () => process.off(signal, end)
  })
  return () => {
    for (const stop of listeners) stop()
  }
}

/**
 * Waits until every host has been asked: each has answered, twice in `span` seconds where rates are wanted, or has
 * failed. Hosts that have said nothing within `seconds` are left as they are; the caller tells of them.
 */
async function settled(
  fleet: Fleet,
  seconds: number,
  { rates, span }: { rates: Rates | false; span: number },
  { about, awaited }: Asks,
): Promise<Snapshot> {
  const asked = ({ hosts }: Snapshot) => hosts.filter(({ name }) => fleet.isAsked(name))
  const first = new Map<string, number>()
  const areKnown = (snapshot: Snapshot) => {
    const { seenAt } = snapshot
    for (const [name, seen] of seenAt)
      if (!first.has(name)) {
        first.set(name, seen)
        // Each host is looked at once more, and none more often than that for it.
        if (rates) setTimeout(() => fleet.lookAgain(name), Math.max(0, span * 1000 - gathering)).unref()
      }
    return asked(snapshot).every(({ name, trouble }) => {
      const seen = seenAt.get(name)
      return trouble || (seen !== undefined && (!rates || seen > (first.get(name) ?? seen) + fleet.leastSpan))
    })
  }
  const done = (snapshot: Snapshot): true | undefined =>
    (areKnown(snapshot) &&
      pollsOf(snapshot)
        .filter(({ isSeldom, facts }) => (isSeldom ? facts === awaited : !about || about.includes(facts)))
        .every((one) => isKnown(one, rates === 'requests', fleet.now()))) ||
    undefined
  await fleet.until(done, AbortSignal.timeout(seconds * 1000)).catch(() => undefined)
  const snapshot = fleet.snapshot()
  return { ...snapshot, hosts: asked(snapshot) }
}

/** It has answered, twice where rates are wanted and it tells any, or has failed for long enough. */
function isKnown(
  { isAnswered, hasRates, trouble, patience = 0 }: Poll,
  wanted: boolean,
  now: number,
): boolean {
  const hasFailed = trouble !== undefined && now - trouble.since >= patience
  return hasFailed || (isAnswered && (!wanted || hasRates))
}

/** The hosts that could not be read, in words for standard error. */
export function silentHosts(snapshot: Snapshot): Label[] {
  return snapshot.hosts.flatMap(({ name, trouble }) => {
    const advice = trouble?.advice ? say` (${trouble.advice})` : say``
    if (trouble) return [say`${label(name)}: ${trouble.reason}${advice}`]
    return snapshot.seenAt.has(name) ? [] : [say`${label(name)}: no answer in time`]
  })
}

/** File systems that could not be read are said; the exit status. */
export function silentStorage({ storage }: Snapshot): number {
  const silent = storage.filter(({ trouble }) => trouble)
  for (const { host, trouble } of silent) warn(`vdd: ${label(host)}: file systems: ${trouble?.reason ?? ''}`)
  return silent.length ? exit.unreachable : exit.ok
}

/** What of all that was asked could not be read is said, and the status tells scripts that the list is incomplete. */
export function complain(snapshot: Snapshot, { about, awaited }: Asks = {}): number {
  const speaking = new Set(
    snapshot.hosts
      .filter(({ name, trouble }) => !trouble && snapshot.seenAt.has(name))
      .map(({ name }) => name),
  )
  const balancers = new Set(snapshot.balancers.map(({ host }) => host).filter((host) => speaking.has(host)))
  const isMissed = ({ host, isSeldom, facts }: ReturnType<typeof pollsOf>[number]) => {
    if (isSeldom) return facts === awaited && speaking.has(host)
    // Nothing in a list of displays shows that there are more.
    if (facts === 'displays') return about?.includes(facts)
    return balancers.has(host) && (!about || about.includes(facts))
  }
  const unread = pollsOf(snapshot)
    .filter((one) => isMissed(one) && (one.trouble || !one.isAnswered))
    .map(({ host, what, trouble }) => {
      const advice = trouble?.advice ? say` (${trouble.advice})` : say``
      return say`${label(host)}: ${what}: ${trouble?.reason ?? say`no answer in time`}${advice}`
    })
  const missing = [...silentHosts(snapshot), ...unread]
  for (const line of missing) warn(`vdd: ${line}`)
  return missing.length ? exit.unreachable : exit.ok
}
