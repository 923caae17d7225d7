import type { HostConfig } from '../config/schema.ts'
import type { HostError } from '../hosts/host.ts'
import { say } from '../hosts/label.ts'
import type { LdapReading } from '../services/ldap/facts.ts'
import type { LdirectordEvent } from '../services/ldirectord/facts.ts'
import { addressOf } from '../services/ldirectord/maintenance.ts'
import type { MachineFacts, Reading } from '../services/libvirt/facts.ts'
import { isActive } from '../services/libvirt/states.ts'
import type { HostReading } from '../services/process/facts.ts'
import { Balancers } from './balancers.ts'
import type { FleetEvent } from './changes.ts'
import { failingSince, takenOutAt, withDelay } from './detection.ts'
import { Directories } from './directories.ts'
import { type FrontendRecord, frontendsOf, type HostAt, hostsByAddress } from './frontends.ts'
import { HostLoads } from './host-loads.ts'
import { isMigrating, mergeSightings, type Sighting } from './merge.ts'
import {
  type HostRecord,
  type MachineRecord,
  type ProcessRecord,
  type Snapshot,
  sameRecord,
} from './model.ts'
import { Processes } from './processes.ts'
import { RadiusServers } from './radius-servers.ts'
import { type Rates, ratesBetween, type Sample } from './rates.ts'

/** Of /proc/stat, on Linux: USER_HZ, proc(5). */
const ticksASecond = 100

/** What one reading changed. */
export interface Changes {
  readonly hosts: readonly { readonly before: HostRecord; readonly after: HostRecord }[]
  readonly machines: readonly { readonly before?: MachineRecord; readonly after?: MachineRecord }[]
  /** the first answer of this host: what it tells is news to us, not an event */
  readonly first: boolean
}

/** Names of the hosts whose slapd is asked, and of those whose FreeRADIUS is. */
interface Asked {
  readonly ldap: readonly string[]
  readonly radius: readonly string[]
}

interface Seen {
  readonly facts: MachineFacts
  readonly sample: Sample
  readonly rates: Rates
  readonly leaving: boolean
}

/** Keeps what is known of all hosts and machines. Pure bookkeeping: time comes with the calls, nothing is asked from here. */
export class FleetStore {
  #hosts: Map<string, HostRecord>
  /** by host, then by UUID */
  #sightings = new Map<string, Map<string, Seen>>()
  /** the hosts that know a machine: nearly always one, however many hosts there are */
  #knownTo = new Map<string, Set<string>>()
  readonly #loads = new HostLoads()
  readonly #running = new Processes()
  #machines = new Map<string, MachineRecord>()
  #seenAt = new Map<string, number>()
  #twiceSince = new Map<string, number>()
  #processes: ReadonlyMap<string, readonly ProcessRecord[]> = new Map()
  #snapshot: Snapshot | undefined
  #staleAfter: number
  readonly #balancers: Balancers
  readonly #directories: Directories
  readonly #radius: RadiusServers
  readonly #hostAt: HostAt
  /** the front ends of the configuration */
  readonly #configured: readonly Pick<HostConfig, 'name' | 'address'>[]
  /** of what is known of the balancers now */
  #frontends: readonly FrontendRecord[] | undefined

  constructor(
    hosts: readonly Pick<HostConfig, 'name' | 'roles' | 'libvirt' | 'address' | 'serves'>[],
    staleAfter: number,
    asked: Asked = { ldap: [], radius: [] },
  ) {
    this.#staleAfter = staleAfter
    this.#hosts = new Map(
      hosts.map(({ name, roles, libvirt }) => [
        name,
        { name, roles, uri: libvirt, reachable: false, running: 0, machines: 0 },
      ]),
    )
    this.#hostAt = hostsByAddress(hosts)
    this.#configured = hosts.filter(({ roles }) => roles.includes('frontend'))
    this.#directories = new Directories(hosts.filter(({ name }) => asked.ldap.includes(name)))
    this.#radius = new RadiusServers(asked.radius)
    this.#balancers = new Balancers(
      hosts.filter(({ roles }) => roles.includes('balancer')).map(({ name }) => name),
    )
  }

  set staleAfter(milliseconds: number) {
    this.#staleAfter = milliseconds
    this.#snapshot = undefined
  }

  snapshot(): Snapshot {
    if (this.#snapshot) return this.#snapshot
    this.#frontends ??= frontendsOf(this.#balancers.records, this.#hostAt, this.#configured)
    this.#snapshot = {
      hosts: [...this.#hosts.values()],
      machines: [...this.#machines.values()],
      seenAt: new Map(this.#seenAt),
      staleAfter: this.#staleAfter,
      balancers: this.#balancers.records,
      directories: this.#directories.records,
      radius: this.#radius.records,
      frontends: this.#frontends,
      processes: this.#processes,
    }
    return this.#snapshot
  }

  /** What is known of the balancers; whoever asks for them is about to change it. */
  get balancers(): Balancers {
    this.#snapshot = undefined
    this.#frontends = undefined
    return this.#balancers
  }

  /** A line of ldirectord's log, with how long after this console's own check it came. */
  ldirectordDid(host: string, event: LdirectordEvent): FleetEvent[] {
    const events = this.balancers.did(host, event)
    const earlier = failingSince(this.#directories.records, event.real && this.#hostAt(addressOf(event.real)))
    return withDelay(events, event.at, earlier, say`its LDAP failed here`)
  }

  /** An answer of a slapd; where it is a wrong one, with how long after ldirectord had taken it out. */
  directoryAnswered(reading: LdapReading): ReturnType<Directories['reading']> {
    const { events, hasNews } = this.directories.reading(reading)
    return { events: this.#afterLdirectord(events, reading.host, reading.at), hasNews }
  }

  /** A slapd that does not answer. */
  directoryFailed(host: string, error: HostError, at: number): FleetEvent[] {
    return this.#afterLdirectord(this.directories.failed(host, error, at), host, at)
  }

  #afterLdirectord(events: readonly FleetEvent[], host: string, at: number): FleetEvent[] {
    const did = this.#balancers.records.flatMap(({ lastDid }) => [...lastDid.values()])
    const earlier = takenOutAt(did, (real) => this.#hostAt(addressOf(real)) === host)
    return withDelay(events, at, earlier, say`ldirectord took it out`)
  }

  /** What is known of the RADIUS servers; whoever asks for them is about to change it. */
  get radius(): RadiusServers {
    this.#snapshot = undefined
    return this.#radius
  }

  /** What is known of the directory servers; whoever asks for them is about to change it. */
  get directories(): Directories {
    this.#snapshot = undefined
    return this.#directories
  }

  /** How a host is that libvirt does not tell of. */
  applyHost(reading: HostReading): Changes {
    const { host, at, cpus, cpu, memoryKiB, memoryAvailableKiB, load, bonds, network } = reading
    const before = this.#hosts.get(host)
    if (!before) return { hosts: [], machines: [], first: false }
    const first = !this.#seenAt.has(host)
    this.#seenAt.set(host, at)
    this.#processes = new Map(this.#processes).set(host, this.#running.records(reading))
    this.#snapshot = undefined
    const cpuPercent = this.#loads.cpu(before, cpu, 0.4 * ticksASecond * cpus)
    const net = this.#loads.net(before, network, at)
    const { trouble: _, cpuPercent: __, net: ___, ...rest } = before
    const facts = { cpus, load, memoryKiB, memoryFreeKiB: memoryAvailableKiB, bonds, reachable: true }
    const after = {
      ...rest,
      ...facts,
      ...(cpuPercent === undefined ? {} : { cpuPercent }),
      ...(net ? { net } : {}),
    }
    return { first, machines: [], hosts: this.#replaceHost(before, after) }
  }

  /** A complete answer of one host: replaces what that host told before. */
  apply(reading: Reading): Changes {
    const { host, at } = reading
    const before = this.#hosts.get(host)
    if (!before) return { hosts: [], machines: [], first: false }
    const first = !this.#seenAt.has(host)
    const old = this.#sightings.get(host) ?? new Map<string, Seen>()
    const seen = new Map(
      reading.machines.map((facts) => [facts.uuid, this.#see(facts, at, old.get(facts.uuid))]),
    )
    this.#sightings.set(host, seen)
    for (const uuid of old.keys()) if (!seen.has(uuid)) this.#knownTo.get(uuid)?.delete(host)
    for (const uuid of seen.keys()) if (!old.has(uuid)) this.#known(uuid).add(host)
    this.#seenAt.set(host, at)
    this.#snapshot = undefined
    const machines = new Set([...old.keys(), ...seen.keys()])
    return {
      first,
      hosts: this.#replaceHost(before, this.#hostRecord(before, reading, seen)),
      machines: [...machines].flatMap((uuid) => this.#remerge(uuid, at)),
    }
  }

  /** One host could not be read. What it told stays, and ages. */
  fail(host: string, error: HostError, at: number): Changes {
    const before = this.#hosts.get(host)
    if (!before) return { hosts: [], machines: [], first: false }
    this.#snapshot = undefined
    const { kind, reason, advice } = error
    const trouble = { kind, reason, advice, since: before.trouble?.since ?? at }
    return {
      hosts: this.#replaceHost(before, { ...before, reachable: false, trouble }),
      machines: [],
      first: false,
    }
  }

  #see(facts: MachineFacts, at: number, old: Seen | undefined): Seen {
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
    if (old && sample.at - old.sample.at < 400)
      return { facts: steady, sample: old.sample, rates: old.rates, leaving }
    return { facts: steady, sample, rates: ratesBetween(old?.sample, sample, facts.vcpus), leaving }
  }

  #hostRecord(
    before: HostRecord,
    { hypervisor, partial }: Reading,
    seen: ReadonlyMap<string, Seen>,
  ): HostRecord {
    const { cpu: _, ...facts } = hypervisor
    const cpuPercent = this.#hostCpu(before, hypervisor)
    return {
      name: before.name,
      roles: before.roles,
      uri: before.uri,
      ...facts,
      reachable: true,
      ...(partial ? { partial } : {}),
      ...(cpuPercent === undefined ? {} : { cpuPercent }),
      running: [...seen.values()].filter(({ facts }) => isActive(facts.state)).length,
      machines: seen.size,
    }
  }

  #hostCpu(before: HostRecord, { cpu }: Reading['hypervisor']): number | undefined {
    return this.#loads.cpu(before, cpu && { busy: cpu.busyNs, total: cpu.totalNs }, 4e8)
  }

  #replaceHost(before: HostRecord, after: HostRecord): Changes['hosts'] {
    if (sameRecord(before, after)) return []
    this.#hosts.set(before.name, after)
    return [{ before, after }]
  }

  #known(uuid: string): Set<string> {
    const hosts = this.#knownTo.get(uuid) ?? new Set()
    this.#knownTo.set(uuid, hosts)
    return hosts
  }

  #remerge(uuid: string, now: number): Changes['machines'] {
    const before = this.#machines.get(uuid)
    const sightings = [...this.#known(uuid)].flatMap((host): Sighting[] => {
      const own = this.#sightings.get(host)?.get(uuid)
      const stale = now - (this.#seenAt.get(host) ?? 0) > this.#staleAfter
      return own ? [{ host, facts: own.facts, rates: own.rates, leaving: own.leaving, stale }] : []
    })
    const after = this.#twice(uuid, mergeSightings(sightings, before), now)
    if (!after) {
      this.#machines.delete(uuid)
      this.#knownTo.delete(uuid)
      return before ? [{ before }] : []
    }
    if (sameRecord(before, after)) return []
    this.#machines.set(uuid, after)
    return [before ? { before, after } : { after }]
  }

  /** Two hosts are not read in the same moment, so at a hand-over both may seem to run it: only what lasts counts. */
  #twice(uuid: string, machine: MachineRecord | undefined, now: number): MachineRecord | undefined {
    if (!machine?.runsTwice) {
      this.#twiceSince.delete(uuid)
      return machine
    }
    const since = this.#twiceSince.get(uuid) ?? now
    this.#twiceSince.set(uuid, since)
    if (now - since >= handOver) return machine
    const { runsTwice: _, ...once } = machine
    return once
  }
}

/** The target of a migration is at first *paused (starting up)*, for about 0.1 s: that is not yet to have run there. */
function ranHere(facts: MachineFacts): boolean {
  return isActive(facts.state) && !isMigrating(facts) && facts.reason !== 'starting up'
}

/** Milliseconds for which a machine may seem to run on two hosts (Xen: 4 s between the two events, notes/xen.md). */
const handOver = 8_000
