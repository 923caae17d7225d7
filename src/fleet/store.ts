import type { HostConfig } from '../config/schema.ts'
import type { HostError } from '../hosts/host.ts'
import { say } from '../hosts/label.ts'
import type { FileSystemReading } from '../services/filesystem/facts.ts'
import type { HardwareFacts } from '../services/hardware/facts.ts'
import type { LdapReading } from '../services/ldap/facts.ts'
import type { LdirectordEvent } from '../services/ldirectord/facts.ts'
import { addressOf } from '../services/ldirectord/maintenance.ts'
import type { Reading } from '../services/libvirt/facts.ts'
import type { HostReading } from '../services/process/facts.ts'
import { failingSince, takenOutAt, withDelay } from './alerts/detection.ts'
import { Balancers } from './balancer/balancers.ts'
import type { BalancerRecord } from './balancer/record.ts'
import type { Changes } from './changes.ts'
import { Clocks } from './clocks/clocks.ts'
import { Clusters } from './cluster/clusters.ts'
import { managers } from './cluster/record.ts'
import { Directories } from './directory/directories.ts'
import { Displays } from './display/displays.ts'
import type { DrillRecord } from './drill/record.ts'
import type { FleetEvent } from './event.ts'
import { type HostAt, hostsByAddress } from './frontend/frontends.ts'
import { Hosts } from './host/hosts.ts'
import type { Incident } from './incident/record.ts'
import { Machines } from './machine/machines.ts'
import { type PoolRecord, poolsOf } from './pool/record.ts'
import { Processes } from './process/processes.ts'
import type { ProcessRecord } from './process/record.ts'
import { RadiusServers } from './radius/radius-servers.ts'
import { usualSpan } from './rates.ts'
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

/** Keeps what is known of all hosts and machines. Pure bookkeeping: time comes with the calls, nothing is asked from here. */
export class FleetStore {
  readonly #hosts: Hosts
  readonly #machines: Machines
  readonly #running: Processes
  readonly #processes = new Map<string, readonly ProcessRecord[]>()
  /** by host */
  readonly #pools = new Map<string, readonly PoolRecord[]>()
  readonly #supplies = new Supplies()
  readonly #storage = new Map<string, StorageRecord>()
  #incidents: readonly Incident[] = []
  #drills: readonly DrillRecord[] = []
  #snapshot: Snapshot | undefined
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
    this.#hosts = new Hosts(hosts, staleAfter, leastSpan)
    this.#machines = new Machines(leastSpan)
    this.#running = new Processes(leastSpan)
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
    this.#hosts.staleAfter = milliseconds
    this.#snapshot = undefined
  }

  /** What the journal tells of. */
  set incidents(incidents: readonly Incident[]) {
    if (incidents === this.#incidents) return
    this.#incidents = incidents
    this.#snapshot = undefined
  }

  /** What this program breaks on purpose. */
  set drills(drills: readonly DrillRecord[]) {
    if (drills === this.#drills) return
    this.#drills = drills
    this.#snapshot = undefined
  }

  snapshot(): Snapshot {
    if (this.#snapshot) return this.#snapshot
    this.#balanced ??= this.balanced(this.#balancers.records)
    this.#snapshot = {
      hosts: this.#hosts.records,
      machines: this.#machines.records,
      seenAt: new Map(this.#hosts.seenAt),
      staleAfter: this.#hosts.staleAfter,
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
      drills: this.#drills,
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

  /** A line of ldirectord's log. Its events say how long after this console's own check it came. */
  ldirectordDid(host: string, event: LdirectordEvent): FleetEvent[] {
    const events = this.balancers.did(host, event)
    const earlier = failingSince(this.#directories.records, event.real && this.#hostAt(addressOf(event.real)))
    return withDelay(events, event.at, earlier, say`its LDAP failed here`)
  }

  /** An answer of a slapd. The events of a wrong one say how long after ldirectord took it out they came. */
  directoryAnswered(reading: LdapReading): ReturnType<Directories['reading']> {
    const { events, hasNews } = this.directories.reading(reading)
    this.#supplies.note(reading.host, 'ldap', reading.at, directoryAmounts(reading))
    return { events: this.#afterLdirectord(events, reading.host, reading.at), hasNews }
  }

  /**
   * A slapd that does not answer. Its events say how long after ldirectord took it out they came.
   *
   * @param began since when it fails, by the clock on the wall; none: since now
   */
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
    if (this.#hosts.hardware(host, hardware)) this.#snapshot = undefined
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

  /**
   * A time by the clock of a host, turned into one by the clock here. `uncertainty`: by how many milliseconds it may be wrong; what is not
   * known of that clock is added to it. Where nothing is known of the clock, the time stays as it is.
   */
  here(host: string, at: number, uncertainty?: number): { at: number; uncertainty?: number } {
    return this.#clocks.here(host, at, uncertainty) ?? { at }
  }

  /** Says which logs of a host this account may not read. */
  logsDenied(host: string, files: readonly string[]): void {
    if (this.#hosts.logsDenied(host, files)) this.#snapshot = undefined
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

  /** The load and the memory of a host without libvirt, and its watched processes. */
  applyHost(reading: HostReading): Changes {
    const { host, at } = reading
    const change = this.#hosts.vitals(reading)
    if (!change) return none
    const { after, first, events } = change
    this.#snapshot = undefined
    this.#processes.set(host, this.#running.records(reading))
    this.#supplies.note(host, 'host', at, hostAmounts(after))
    return { first, events, machines: [] }
  }

  /** A complete answer of one host: replaces what that host told before. */
  apply(reading: Reading): Changes {
    const { host, at, hypervisor } = reading
    const change = this.#hosts.hypervisor(reading)
    if (!change) return none
    const { after, first, events } = change
    this.#snapshot = undefined
    const { poolSizes } = hypervisor
    if (poolSizes) this.#pools.set(host, poolsOf(host, poolSizes))
    this.#supplies.note(host, 'host', at, [...hostAmounts(after), ...poolAmounts(host, hypervisor)])
    const isStale = (other: string) => this.#hosts.isStale(other, at)
    return { first, events, machines: this.#machines.apply(reading, isStale) }
  }

  /** One host could not be read. What it told stays, and ages. `hostAnswers`: libvirt alone is silent. */
  fail(host: string, error: HostError, at: number, hostAnswers = false): Changes {
    const events = this.#hosts.failed(host, error, at, hostAnswers)
    if (!events) return none
    this.#snapshot = undefined
    return { events, machines: [], first: false }
  }
}

/** Of a host that is not in the configuration. */
const none: Changes = { events: [], machines: [], first: false }
