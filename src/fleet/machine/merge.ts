import type { MachineFacts } from '../../services/libvirt/facts.ts'
import { isActive } from '../../services/libvirt/states.ts'
import type { Rates } from '../rates.ts'
import { type Run, runsAtOnce } from './places.ts'
import type { MachineRecord, OtherPlace } from './record.ts'

/** A machine as one host tells of it, with what was made of its counters. */
export interface Sighting {
  readonly host: string
  readonly facts: MachineFacts
  readonly rates: Rates
  /** it ran here and is being let go: the source at the end of a migration, which libvirt words like a target */
  readonly leaving: boolean
  /** its host's last answer is too old to count against a fresh one */
  readonly stale: boolean
  /** milliseconds since the epoch when it was first and last seen to run there; see `Run` */
  readonly since?: number
  readonly at?: number
}

/**
 * One record out of all sightings of a machine. A running machine is where it runs; while it migrates it stands on
 * both hosts (source running, target paused: docs/internals/libvirt.md, "Migration") and is shown once, at its source. A
 * host that has not answered for long does not outweigh one that has.
 */
export function mergeSightings(
  all: readonly Sighting[],
  before: MachineRecord | undefined,
  now = Number.POSITIVE_INFINITY,
): MachineRecord | undefined {
  const [one] = all
  // As it nearly always is.
  if (one && all.length === 1 && !one.leaving && !isMigrating(one.facts)) return recordAt(one, one.host)
  const fresh = all.filter((s) => !s.stale)
  const active = (fresh.some((s) => isActive(s.facts.state)) ? fresh : all).filter((s) =>
    isActive(s.facts.state),
  )
  const incoming = active.find((s) => isMigrating(s.facts) && !s.leaving)
  // Where a host is busy the target of a migration is starting up for seconds, before it says so.
  const beginning = active.filter((s) => isBeginning(s.facts))
  const settled = active.filter((s) => !isMigrating(s.facts) && !isBeginning(s.facts))
  const at =
    prefer(settled, before) ??
    incoming ??
    prefer(beginning, before) ??
    prefer(fresh, before) ??
    prefer(all, before)
  if (!at) return undefined
  const { job } = at.facts
  const from = incoming && (at === incoming ? handingOver(before, all) : at.host)
  const underWay = incoming && from ? { from, to: incoming.host, ...percentOf(job) } : undefined
  const migration = underWay ?? (at.leaving ? before?.migration : undefined)
  const runsTwice = [...runsAtOnce(settled.map(runOf), now)].sort()
  const mayRunOn = all.filter((s) => s !== at && s.stale && isActive(s.facts.state)).map((s) => s.host)
  const others = all
    .filter((s) => s !== at)
    .map(placeOf)
    .sort((a, b) => a.host.localeCompare(b.host))
  return {
    ...recordAt(at, migration?.from ?? at.host),
    ...(migration ? { migration, state: 'migrating' } : {}),
    ...(others.length ? { others, alsoOn: others.map(({ host }) => host) } : {}),
    ...(runsTwice.length ? { runsTwice } : {}),
    ...(mayRunOn.length && isActive(at.facts.state) ? { mayRunOn: mayRunOn.sort() } : {}),
  }
}

const nowhere: readonly string[] = []

/** What one host tells, without the counters. */
function recordAt({ facts, rates }: Sighting, host: string): MachineRecord {
  const { cpuNs, diskReadBytes, diskWriteBytes, netReceivedBytes, netSentBytes, countersAt, ...steady } =
    facts
  return { ...steady, ...rates, host, alsoOn: nowhere }
}

function placeOf({ host, facts }: Sighting): OtherPlace {
  const { state, reason, persistent, autostart } = facts
  return { host, state, reason, persistent, autostart }
}

function runOf({
  host,
  facts,
  since = Number.NEGATIVE_INFINITY,
  at = Number.POSITIVE_INFINITY,
}: Sighting): Run {
  return { host, reason: facts.reason, since, at }
}

/**
 * The source of a migration that has just let the machine go, until the target says that it runs: a moment of two looks. If the
 * source stopped answering instead, the machine is not on its way but paused on the target, and that is what is shown.
 */
function handingOver(before: MachineRecord | undefined, all: readonly Sighting[]): string | undefined {
  const from = before?.migration?.from
  return all.some((s) => s.host === from && s.stale) ? undefined : from
}

/** So libvirt calls the target while memory is copied, and at the very end the source; the second reason is the source after a switch. */
export function isMigrating(facts: Pick<MachineFacts, 'state' | 'reason'>): boolean {
  return facts.state === 'paused' && (facts.reason === 'migrating' || facts.reason === 'post-copy')
}

/** Its process is there, and the machine does not run yet. */
export function isBeginning(facts: Pick<MachineFacts, 'state' | 'reason'>): boolean {
  return facts.state === 'paused' && facts.reason === 'starting up'
}

function percentOf(job: MachineFacts['job']): { percent?: number } {
  return job?.percent === undefined ? {} : { percent: job.percent }
}

/**
 * Which of several: the one that came by migration (just after it both hosts may say running, and the newer is right), else the
 * one where the machine was before, else one whose state needs a person, else the first by name.
 */
function prefer(candidates: readonly Sighting[], before: MachineRecord | undefined): Sighting | undefined {
  const byName = [...candidates].sort((a, b) => a.host.localeCompare(b.host))
  return (
    byName.find((s) => s.facts.state === 'running' && s.facts.reason === 'migrated') ??
    byName.find((s) => s.host === before?.host && s.facts.reason !== 'migrated') ??
    byName.find((s) => s.facts.state === 'crashed') ??
    byName.find((s) => s.facts.reason !== 'migrated') ??
    byName[0]
  )
}
