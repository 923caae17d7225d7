import { defined } from '../../hosts/defined.ts'
import type { MachineFacts, Reading } from '../../services/libvirt/facts.ts'
import { isActive } from '../../services/libvirt/states.ts'
import { cpuPercent, diskRate, netRate, type Rates, sameRate, usualSpan } from '../rates.ts'
import { sameRecord } from '../same-record.ts'
import { isBeginning, isMigrating, mergeSightings, type Sighting } from './merge.ts'
import type { MachineRecord } from './record.ts'

/** A machine that came, changed or went. */
export interface MachineChange {
  readonly before?: MachineRecord
  readonly after?: MachineRecord
}

/** What moves all the time, and means nothing in itself. */
const numbers: ReadonlySet<string> = new Set<keyof MachineRecord>([
  'cpuPercent',
  'memoryUsedKiB',
  'disk',
  'net',
])

/** Whether a change is more than numbers that have moved. */
export function isMoreThanNumbers({ before, after }: MachineChange): boolean {
  return !before || !after || !sameRecord(withoutNumbers(before), withoutNumbers(after))
}

function withoutNumbers(record: MachineRecord): object {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !numbers.has(key)))
}

interface Counted {
  /** milliseconds since the epoch: when the counters were read */
  at: number
  facts: MachineFacts
}

/** A machine on one host, from one look to the next. */
interface Seen {
  facts: MachineFacts
  /** of what rates were last made: those of CPU, and those of devices */
  readonly cpu: Counted
  readonly devices: Counted
  rates: Rates
  leaving: boolean
  /** milliseconds since the epoch: when it was last read, and since when it has run here; see `Run` */
  at: number
  since: number
}

/** What each host tells of its machines, and the one record that this makes of each. */
export class Machines {
  /** by host, then by UUID */
  readonly #sightings = new Map<string, Map<string, Seen>>()
  /** the hosts that know a machine: nearly always one, however many hosts there are */
  readonly #knownTo = new Map<string, Set<string>>()
  readonly #records = new Map<string, MachineRecord>()
  #all: readonly MachineRecord[] | undefined
  readonly #leastSpan: number

  constructor(leastSpan = usualSpan) {
    this.#leastSpan = leastSpan
  }

  /** The same list while no machine has changed. */
  get records(): readonly MachineRecord[] {
    this.#all ??= [...this.#records.values()]
    return this.#all
  }

  /** A complete answer of one host: replaces what that host told before. `isStale`: what another host told last is too old to count. */
  apply(reading: Reading, isStale: (host: string) => boolean): MachineChange[] {
    const { host, at, machines } = reading
    const before = this.#sightings.get(host)
    const began = before ? at : Number.NEGATIVE_INFINITY
    const seen = before ?? new Map<string, Seen>()
    this.#sightings.set(host, seen)
    const changes: MachineChange[] = []
    for (const facts of machines) {
      const known = seen.get(facts.uuid)
      if (!known) this.#known(facts.uuid).add(host)
      const isSame = known !== undefined && this.#lookAgain(known, facts, reading)
      if (!known) seen.set(facts.uuid, firstSight(facts, reading, began))
      if (!isSame || !this.#isPlain(facts.uuid)) changes.push(...this.#remerge(facts.uuid, at, isStale))
    }
    if (seen.size > machines.length) changes.push(...this.#forgetGone(host, reading, isStale))
    return changes
  }

  /** Takes what is told of a machine now. Returns whether all is as it was. */
  #lookAgain(seen: Seen, facts: MachineFacts, { at, devicesAt }: Reading): boolean {
    const { facts: before, rates, leaving } = seen
    if (!runsHere(before)) seen.since = at
    seen.leaving = isMigrating(facts) && (leaving || ranHere(before))
    seen.at = at
    seen.facts = facts
    const cpuAt = facts.countersAt ?? at
    const movedAt = facts.countersAt ?? devicesAt ?? at
    // A look right after another (an event) is too short for a rate, and so are counters not read anew: the last rate stands.
    const cpuFor = cpuAt - seen.cpu.at
    const movedFor = movedAt - seen.devices.at
    let { cpuPercent: cpu, disk, net } = rates
    if (cpuFor >= this.#leastSpan) {
      cpu = cpuPercent(seen.cpu.facts, facts, cpuFor / 1000, facts.vcpus)
      seen.cpu.at = cpuAt
      seen.cpu.facts = facts
    }
    if (movedFor >= this.#leastSpan) {
      disk = diskRate(seen.devices.facts, facts, movedFor / 1000)
      net = netRate(seen.devices.facts, facts, movedFor / 1000)
      seen.devices.at = movedAt
      seen.devices.facts = facts
    }
    const isSteady = cpu === rates.cpuPercent && sameRate(disk, rates.disk) && sameRate(net, rates.net)
    if (!isSteady) seen.rates = defined({ cpuPercent: cpu, disk, net })
    return isSteady && facts === before && seen.leaving === leaving
  }

  /** One host knows it, and nothing about it depends on another, or on time. */
  #isPlain(uuid: string): boolean {
    const { migration, runsTwice, mayRunOn } = this.#records.get(uuid) ?? {}
    return this.#knownTo.get(uuid)?.size === 1 && !migration && !runsTwice && !mayRunOn
  }

  #forgetGone(host: string, { at, machines }: Reading, isStale: (host: string) => boolean): MachineChange[] {
    const seen = this.#sightings.get(host)
    const present = new Set(machines.map(({ uuid }) => uuid))
    const gone = [...(seen?.keys() ?? [])].filter((uuid) => !present.has(uuid))
    return gone.flatMap((uuid) => {
      seen?.delete(uuid)
      this.#knownTo.get(uuid)?.delete(host)
      return this.#remerge(uuid, at, isStale)
    })
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
    if (after && sameRecord(before, after)) return []
    this.#all = undefined
    if (after) {
      this.#records.set(uuid, after)
      return [before ? { before, after } : { after }]
    }
    this.#records.delete(uuid)
    this.#knownTo.delete(uuid)
    return before ? [{ before }] : []
  }
}

/** @param began since when it has run, if it did not when its host was read before */
function firstSight(facts: MachineFacts, { at, devicesAt }: Reading, began: number): Seen {
  const cpu = { at: facts.countersAt ?? at, facts }
  const devices = { at: facts.countersAt ?? devicesAt ?? at, facts }
  return { facts, cpu, devices, rates: {}, leaving: false, at, since: began }
}

function runsHere(facts: MachineFacts): boolean {
  return isActive(facts.state) && !isMigrating(facts)
}

/** The target of a migration is at first *paused (starting up)*, for about 0.1 s at rest: that is not yet to have run there. */
function ranHere(facts: MachineFacts): boolean {
  return runsHere(facts) && !isBeginning(facts)
}
