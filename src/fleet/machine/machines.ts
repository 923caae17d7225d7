import type { MachineFacts, Reading } from '../../services/libvirt/facts.ts'
import { isActive } from '../../services/libvirt/states.ts'
import { type Rates, ratesBetween, type Sample, usualSpan } from '../rates.ts'
import { sameRecord } from '../same-record.ts'
import { isMigrating, mergeSightings, type Sighting } from './merge.ts'
import type { MachineRecord } from './record.ts'

/** A machine that came, changed or went. */
export interface MachineChange {
  readonly before?: MachineRecord
  readonly after?: MachineRecord
}

interface Seen {
  readonly facts: MachineFacts
  readonly sample: Sample
  readonly rates: Rates
  readonly leaving: boolean
  /** milliseconds since the epoch: when it was last read, and since when it has run here; see `Run` */
  readonly at: number
  readonly since: number
}

/** What each host tells of its machines, and the one record that this makes of each. */
export class Machines {
  /** by host, then by UUID */
  #sightings = new Map<string, Map<string, Seen>>()
  /** the hosts that know a machine: nearly always one, however many hosts there are */
  #knownTo = new Map<string, Set<string>>()
  #records = new Map<string, MachineRecord>()
  readonly #leastSpan: number

  constructor(leastSpan = usualSpan) {
    this.#leastSpan = leastSpan
  }

  get records(): MachineRecord[] {
    return [...this.#records.values()]
  }

  /** A complete answer of one host: replaces what that host told before. `isStale`: what another host told last is too old to count. */
  apply({ host, at, machines }: Reading, isStale: (host: string) => boolean): MachineChange[] {
    const before = this.#sightings.get(host)
    const old = before ?? new Map<string, Seen>()
    const began = before ? at : Number.NEGATIVE_INFINITY
    const seen = new Map(
      machines.map((facts) => [facts.uuid, see(facts, at, old.get(facts.uuid), began, this.#leastSpan)]),
    )
    this.#sightings.set(host, seen)
    for (const uuid of old.keys()) if (!seen.has(uuid)) this.#knownTo.get(uuid)?.delete(host)
    for (const uuid of seen.keys()) if (!old.has(uuid)) this.#known(uuid).add(host)
    const all = new Set([...old.keys(), ...seen.keys()])
    return [...all].flatMap((uuid) => this.#remerge(uuid, at, isStale))
  }

  #known(uuid: string): Set<string> {
    const hosts = this.#knownTo.get(uuid) ?? new Set()
    this.#knownTo.set(uuid, hosts)
    return hosts
  }

  #remerge(uuid: string, now: number, isStale: (host: string) => boolean): MachineChange[] {
    const before = this.#records.get(uuid)
    const sightings = [...this.#known(uuid)].flatMap((host): Sighting[] => {
      const own = this.#sightings.get(host)?.get(uuid)
      if (!own) return []
      const { facts, rates, leaving, since, at } = own
      return [{ host, facts, rates, leaving, since, at, stale: isStale(host) }]
    })
    const after = mergeSightings(sightings, before, now)
    if (!after) {
      this.#records.delete(uuid)
      this.#knownTo.delete(uuid)
      return before ? [{ before }] : []
    }
    if (sameRecord(before, after)) return []
    this.#records.set(uuid, after)
    return [before ? { before, after } : { after }]
  }
}

/** @param began since when it has run, if it did not when its host was read before */
function see(facts: MachineFacts, at: number, old: Seen | undefined, began: number, leastSpan: number): Seen {
  const { cpuNs, diskReadBytes, diskWriteBytes, netReceivedBytes, netSentBytes, countersAt, ...steady } =
    facts
  const sample = {
    at: countersAt ?? at,
    cpuNs,
    diskReadBytes,
    diskWriteBytes,
    netReceivedBytes,
    netSentBytes,
  } as Sample
  // A look right after another (an event) is too short for a rate, and so are counters not read anew: the last rate stands.
  const leaving = isMigrating(facts) && old !== undefined && (old.leaving || ranHere(old.facts))
  const run = { leaving, at, since: old && runsHere(old.facts) ? old.since : began }
  if (old && sample.at - old.sample.at < leastSpan)
    return { ...run, facts: steady, sample: old.sample, rates: old.rates }
  return { ...run, facts: steady, sample, rates: ratesBetween(old?.sample, sample, facts.vcpus) }
}

function runsHere(facts: MachineFacts): boolean {
  return isActive(facts.state) && !isMigrating(facts)
}

/** The target of a migration is at first *paused (starting up)*, for about 0.1 s: that is not yet to have run there. */
function ranHere(facts: MachineFacts): boolean {
  return runsHere(facts) && facts.reason !== 'starting up'
}
