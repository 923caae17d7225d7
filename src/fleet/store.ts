import type { HostConfig } from '../config/schema.ts'
import { defined } from '../hosts/defined.ts'
import type { HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import type { FileSystemReading } from '../services/filesystem/facts.ts'
import type { HardwareFacts } from '../services/hardware/facts.ts'
import type { LdapReading } from '../services/ldap/facts.ts'
import type { LdirectordEvent } from '../services/ldirectord/facts.ts'
import { addressOf } from '../services/ldirectord/maintenance.ts'
import type { Reading } from '../services/libvirt/facts.ts'
import { isActive } from '../services/libvirt/states.ts'
import type { HostReading } from '../services/process/facts.ts'
import { faultsOf, ToldConditions } from './alerts/conditions.ts'
import { failingSince, takenOutAt, withDelay } from './alerts/detection.ts'
import { Balancers } from './balancer/balancers.ts'
import type { BalancerRecord } from './balancer/record.ts'
import type { Changes } from './changes.ts'
import { Clocks } from './clocks/clocks.ts'
import { Clusters } from './cluster/clusters.ts'
import { managers } from './cluster/record.ts'
import { Directories } from './directory/directories.ts'
import { Displays } from './display/displays.ts'
import type { FleetEvent } from './event.ts'
import { type HostAt, hostsByAddress } from './frontend/frontends.ts'
import { hostConditions, isUnknownOf } from './host/conditions.ts'
import { HostLoads } from './host/loads.ts'
import type { HostRecord } from './host/record.ts'
import type { Incident } from './incident/record.ts'
import { Machines } from './machine/machines.ts'
import { type PoolRecord, poolsOf } from './pool/record.ts'
import { Processes } from './process/processes.ts'
import type { ProcessRecord } from './process/record.ts'
import { RadiusServers } from './radius/radius-servers.ts'
import { usualSpan } from './rates.ts'
import { hostConcern } from './ref.ts'
import { sameRecord } from './same-record.ts'
import { type Balanced, balancedBy } from './service/virtual-services.ts'
import type { Snapshot } from './snapshot.ts'
import { directoryAmounts, hostAmounts, poolAmounts } from './supply/sources.ts'
import { failedStorage, fileSystemAmounts, readStorage, type StorageRecord } from './supply/storage.ts'
import { Supplies } from './supply/supplies.ts'

/** Names of the hosts whose slapd is asked, and of those whose FreeRADIUS is. */
interface Asked {
  readonly ldap: readonly string[]
  readonly radius: readonly string[]
}

/** Milliseconds until a host is given up that does not answer any more, with some to spare. */
const givenUp = 20_000

/** Keeps what is known of all hosts and machines. Pure bookkeeping: time comes with the calls, nothing is asked from here. */
export class FleetStore {
  #hosts: Map<string, HostRecord>
  readonly #machines: Machines
  readonly #loads: HostLoads
  readonly #told = new ToldConditions()
  readonly #running: Processes
  #seenAt = new Map<string, number>()
  readonly #processes = new Map<string, readonly ProcessRecord[]>()
  /** by host */
  readonly #pools = new Map<string, readonly PoolRecord[]>()
  readonly #supplies = new Supplies()
  readonly #storage = new Map<string, StorageRecord>()
  #incidents: readonly Incident[] = []
  #snapshot: Snapshot | undefined
  #staleAfter: number
  readonly #balancers: Balancers
  readonly #directories: Directories
  readonly #radius: RadiusServers
  readonly #displays: Displays
  readonly #clocks: Clocks
  readonly #clusters: Clusters
  readonly #hostAt: HostAt
  /** the front ends of the configuration */
  readonly #configured: readonly Pick<HostConfig, 'name' | 'address'>[]
  /** of what is known of the balancers now */
  #balanced: Balanced | undefined

  constructor(
    hosts: readonly Pick<HostConfig, 'name' | 'roles' | 'libvirt' | 'address' | 'serves'>[],
    staleAfter: number,
    asked: Asked = { ldap: [], radius: [] },
    leastSpan = usualSpan,
  ) {
    this.#staleAfter = staleAfter
    this.#machines = new Machines(leastSpan)
    this.#loads = new HostLoads(leastSpan)
    this.#running = new Processes(leastSpan)
    this.#hosts = new Map(
      hosts.map(({ name, roles, libvirt }) => [
        name,
        {
          name,
          roles,
          uri: libvirt,
          reachable: false,
          ...(roles.includes('hypervisor') ? {} : { running: 0, machines: 0 }),
        },
      ]),
    )
    this.#hostAt = hostsByAddress(hosts)
    this.#configured = hosts.filter(({ roles }) => roles.includes('frontend'))
    this.#directories = new Directories(
      hosts.filter(({ name }) => asked.ldap.includes(name)),
      leastSpan,
    )
    this.#radius = new RadiusServers(asked.radius, leastSpan)
    this.#displays = new Displays(
      hosts.filter(({ roles }) => roles.includes('display')).map(({ name }) => name),
    )
    this.#clocks = new Clocks(hosts.map(({ name }) => name))
    this.#clusters = new Clusters(
      hosts.flatMap(({ name: host, roles }) => {
        const manager = managers.find((one) => roles.includes(one))
        return manager ? [{ host, manager }] : []
      }),
    )
    this.#balancers = new Balancers(
      hosts.filter(({ roles }) => roles.includes('balancer')).map(({ name }) => name),
    )
  }

  set staleAfter(milliseconds: number) {
    this.#staleAfter = milliseconds
    this.#snapshot = undefined
  }

  /** What the journal tells of. */
  set incidents(incidents: readonly Incident[]) {
    if (incidents === this.#incidents) return
    this.#incidents = incidents
    this.#snapshot = undefined
  }

  snapshot(): Snapshot {
    if (this.#snapshot) return this.#snapshot
    this.#balanced ??= this.balanced(this.#balancers.records)
    this.#snapshot = {
      hosts: [...this.#hosts.values()],
      machines: this.#machines.records,
      seenAt: new Map(this.#seenAt),
      staleAfter: this.#staleAfter,
      balancers: this.#balancers.records,
      directories: this.#directories.records,
      radius: this.#radius.records,
      displays: this.#displays.records,
      clocks: this.#clocks.records,
      clusters: this.#clusters.records,
      ...this.#balanced,
      processes: new Map(this.#processes),
      supplies: this.#supplies.records,
      pools: new Map(this.#pools),
      storage: [...this.#storage.values()],
      incidents: this.#incidents,
    }
    return this.#snapshot
  }

  /** What balancers tell of services and front ends. */
  balanced(balancers: readonly BalancerRecord[]): Balanced {
    return balancedBy(balancers, this.#hostAt, this.#configured)
  }

  /** What is known of the balancers; whoever asks for them is about to change it. */
  get balancers(): Balancers {
    this.#snapshot = undefined
    this.#balanced = undefined
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
    this.#supplies.note(reading.host, 'ldap', reading.at, directoryAmounts(reading))
    return { events: this.#afterLdirectord(events, reading.host, reading.at), hasNews }
  }

  /** A slapd that does not answer. */
  /** @param began since when it fails, by the clock on the wall; none: since now */
  directoryFailed(host: string, error: HostError, at: number, began?: number): FleetEvent[] {
    return this.#afterLdirectord(this.directories.failed(host, error, at, began), host, at)
  }

  #afterLdirectord(events: readonly FleetEvent[], host: string, at: number): FleetEvent[] {
    if (!events.length) return []
    const did = this.#balancers.records.flatMap(({ lastDid }) => [...lastDid.values()])
    const earlier = takenOutAt(did, (real) => this.#hostAt(addressOf(real)) === host)
    return withDelay(events, at, earlier, say`ldirectord took it out`, ({ server }) => server === 'LDAP')
  }

  /** What a host is made of. */
  hardwareRead(host: string, hardware: HardwareFacts): void {
    const before = this.#hosts.get(host)
    if (!before || sameRecord(before, { ...before, hardware })) return
    this.#snapshot = undefined
    this.#hosts.set(host, { ...before, hardware })
  }

  /** How full the file systems of a host are. */
  fileSystemsRead(reading: FileSystemReading): void {
    this.#snapshot = undefined
    this.#storage.set(reading.host, readStorage(reading))
    this.#supplies.note(reading.host, 'df', reading.at, fileSystemAmounts(reading))
  }

  fileSystemsFailed(host: string, error: HostError, at: number): void {
    this.#snapshot = undefined
    this.#storage.set(host, failedStorage(this.#storage.get(host), error, at))
  }

  /** What is known of the RADIUS servers; whoever asks for them is about to change it. */
  get radius(): RadiusServers {
    this.#snapshot = undefined
    return this.#radius
  }

  /** What is known of the display servers; whoever asks for them is about to change it. */
  get displays(): Displays {
    this.#snapshot = undefined
    return this.#displays
  }

  /** A time by the clock of a host as the console has it, and by what it may be wrong with what is not known of that clock; as it is, where nothing is. */
  here(host: string, at: number, uncertainty?: number): { at: number; uncertainty?: number } {
    return this.#clocks.here(host, at, uncertainty) ?? { at }
  }

  /** Logs that this account may not read. */
  logsDenied(host: string, files: readonly string[]): void {
    const before = this.#hosts.get(host)
    if (!before || (before.deniedLogs ?? []).join() === files.join()) return
    this.#snapshot = undefined
    const { deniedLogs: _, ...rest } = before
    this.#hosts.set(host, files.length ? { ...rest, deniedLogs: files.map(label) } : rest)
  }

  /** What is known of the clocks of the hosts; whoever asks for them is about to change it. */
  get clocks(): Clocks {
    this.#snapshot = undefined
    return this.#clocks
  }

  /** What is known of the clusters; whoever asks for them is about to change it. */
  get clusters(): Clusters {
    this.#snapshot = undefined
    return this.#clusters
  }

  /** What is known of the directory servers; whoever asks for them is about to change it. */
  get directories(): Directories {
    this.#snapshot = undefined
    return this.#directories
  }

  /** How a host is that libvirt does not tell of. */
  applyHost(reading: HostReading): Changes {
    const { host, at, cpus, cpu, memoryKiB, memoryAvailableKiB, load, bonds, network, partial } = reading
    const before = this.#hosts.get(host)
    if (!before) return { events: [], machines: [], first: false }
    const first = !this.#seenAt.has(host)
    this.#seenAt.set(host, at)
    this.#processes.set(host, this.#running.records(reading))
    this.#snapshot = undefined
    const cpuPercent = this.#loads.cpu(before, cpu, at)
    const net = this.#loads.net(before, network, at)
    // What it told before and does not tell now is not known.
    const {
      trouble: _____,
      cpuPercent: _,
      net: __,
      memoryKiB: ___,
      memoryFreeKiB: ____,
      partial: ______,
      ...rest
    } = before
    const facts = { cpus, load, bonds, reachable: true }
    const after = {
      ...rest,
      ...facts,
      ...defined({ cpuPercent, net, memoryKiB, memoryFreeKiB: memoryAvailableKiB, partial }),
    }
    this.#supplies.note(host, 'host', at, hostAmounts(after))
    return { first, machines: [], events: this.#replaceHost(before, after, at) }
  }

  /** A complete answer of one host: replaces what that host told before. */
  apply(reading: Reading): Changes {
    const { host, at } = reading
    const before = this.#hosts.get(host)
    if (!before) return { events: [], machines: [], first: false }
    const first = !this.#seenAt.has(host)
    this.#seenAt.set(host, at)
    this.#snapshot = undefined
    const isStale = (other: string) => at - (this.#seenAt.get(other) ?? 0) > this.#staleAfter
    const after = this.#hostRecord(before, reading)
    const { poolSizes } = reading.hypervisor
    if (poolSizes) this.#pools.set(host, poolsOf(host, poolSizes))
    this.#supplies.note(host, 'host', at, [...hostAmounts(after), ...poolAmounts(host, reading.hypervisor)])
    return {
      first,
      events: this.#replaceHost(before, after, at),
      machines: this.#machines.apply(reading, isStale),
    }
  }

  /** One host could not be read. What it told stays, and ages. */
  fail(host: string, error: HostError, at: number, hostAnswers = false): Changes {
    const before = this.#hosts.get(host)
    if (!before) return { events: [], machines: [], first: false }
    this.#snapshot = undefined
    const { kind, reason, advice } = error
    const isSame = (before.trouble?.hostAnswers ?? false) === hostAnswers
    const trouble = {
      kind,
      reason,
      advice,
      since: isSame && before.trouble ? before.trouble.since : this.#silentSince(before, at, hostAnswers),
      ...(hostAnswers ? { hostAnswers: true as const } : {}),
    }
    return {
      events: this.#replaceHost(before, { ...before, reachable: false, trouble }, at),
      machines: [],
      first: false,
    }
  }

  /** It fell silent when it had answered last, and not when it was given up; who slept meanwhile does not know. */
  #silentSince({ name, trouble }: HostRecord, at: number, hostAnswers: boolean): number {
    const last = this.#seenAt.get(name) ?? Number.NEGATIVE_INFINITY
    return hostAnswers || trouble || at - last > givenUp ? at : last
  }

  #hostRecord(before: HostRecord, { at, hypervisor, partial, machines }: Reading): HostRecord {
    const { cpu, poolSizes: __, ...facts } = hypervisor
    const cpuPercent = this.#loads.cpu(before, cpu && { busy: cpu.busyNs, total: cpu.totalNs }, at)
    return {
      name: before.name,
      roles: before.roles,
      uri: before.uri,
      ...facts,
      reachable: true,
      ...(partial ? { partial } : {}),
      ...(cpuPercent === undefined ? {} : { cpuPercent }),
      ...(before.hardware ? { hardware: before.hardware } : {}),
      ...(before.deniedLogs ? { deniedLogs: before.deniedLogs } : {}),
      running: machines.filter(({ state }) => isActive(state)).length,
      machines: machines.length,
    }
  }

  #replaceHost(before: HostRecord, after: HostRecord, at: number): FleetEvent[] {
    if (!sameRecord(before, after)) this.#hosts.set(before.name, after)
    const seen = { seenAt: this.#seenAt, staleAfter: this.#staleAfter }
    const isUnknown = (what: string) => isUnknownOf(after, what)
    const faults = faultsOf(hostConcern(after.name), hostConditions(after, seen, at))
    return this.#told.events(after.name, faults, at, isUnknown)
  }
}
