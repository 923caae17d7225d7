import { now as steadyNow } from '../hosts/clock.ts'
import { Balancing } from './balancer/balancing.ts'
import { DemoDirectory } from './directory/directory.ts'
import { randomFrom, uuidFrom } from './random.ts'

/** State and reason as libvirt numbers them (virDomainState and its reasons). */
export interface Life {
  state: number
  reason: number
}

export const life = {
  booted: { state: 1, reason: 1 },
  arrived: { state: 1, reason: 2 },
  unpaused: { state: 1, reason: 5 },
  paused: { state: 3, reason: 1 },
  incoming: { state: 3, reason: 2 },
  off: { state: 5, reason: 1 },
  destroyed: { state: 5, reason: 2 },
  crashed: { state: 5, reason: 3 },
  failed: { state: 5, reason: 6 },
} as const satisfies Record<string, Life>

/** What it has, and may have at most. */
export interface DemoSize {
  vcpus: number
  maxVcpus: number
  memoryKiB: number
  maxMemoryKiB: number
}

export interface DemoMachine extends DemoSize {
  readonly uuid: string
  name: string
  title: string
  host: string
  life: Life
  /** what it is defined to have from its next start on, where that was set while it ran */
  next?: DemoSize
  autostart: boolean
  persistent: boolean
  hasDisk: boolean
  /** milliseconds since the epoch */
  startedAt: number
  /** what its CPUs do in the mean, 0 to 1 */
  readonly load: number
  readonly phase: number
  /** a guest that does not hear when it is asked to shut down */
  readonly deaf: boolean
  cpuNs: number
  diskRead: number
  diskWritten: number
  netIn: number
  netOut: number
  /** the XML it was defined from, if from one */
  xml?: string
  migration?: {
    readonly to: string
    readonly startedAt: number
    readonly milliseconds: number
    abort: () => void
  }
}

export interface DemoHostFacts {
  readonly name: string
  readonly cpus: number
  readonly memoryKiB: number
  cpuBusyNs: number
  cpuTotalNs: number
  /** until when its counters have run */
  advancedTo: number
  readonly machines: Set<DemoMachine>
  /** those that are on the way to it */
  readonly incoming: Set<DemoMachine>
}

export interface WorldOptions {
  readonly seed?: number
  readonly hosts?: number
  readonly machines?: number
  readonly frontends?: number
  readonly now?: () => number
}

/**
 * The demo's machines and hosts. It lives: counters run with the clock, guests boot, shut down, migrate and now
 * and then crash, and whoever follows a host is told its events. It knows nothing of virsh: `virsh.ts` speaks for it.
 */
export class World {
  readonly hosts = new Map<string, DemoHostFacts>()
  readonly machines = new Map<string, DemoMachine>()
  readonly balancing: Balancing
  readonly directory: DemoDirectory
  readonly now: () => number
  readonly random: () => number
  #followers = new Map<string, Set<(line: string) => void>>()
  #timers = new Set<NodeJS.Timeout>()

  constructor({ seed = 1, hosts = 3, machines = 20, frontends = 3, now = steadyNow }: WorldOptions = {}) {
    this.now = now
    this.random = randomFrom(seed)
    this.balancing = new Balancing(this, frontends)
    this.directory = new DemoDirectory(this)
    for (let i = 1; i <= hosts; i++) this.#addHost(`hv${String(i).padStart(String(hosts).length, '0')}`)
    for (let i = 0; i < machines; i++) this.#addMachine(i, machines)
  }

  #addHost(name: string): void {
    this.hosts.set(name, {
      name,
      cpus: 16,
      memoryKiB: 64 * 2 ** 20,
      cpuBusyNs: 0,
      cpuTotalNs: 0,
      advancedTo: this.now(),
      machines: new Set(),
      incoming: new Set(),
    })
  }

  #addMachine(index: number, count: number): void {
    const kind = kinds[index % kinds.length] ?? kinds[0]
    const number = Math.floor(index / kinds.length) + 1
    const host = [...this.hosts.keys()][Math.floor((index * this.hosts.size) / count)] ?? 'hv1'
    const state = index === 6 ? life.crashed : this.random() < 0.18 ? life.off : life.booted
    this.add({
      uuid: uuidFrom(this.random),
      name: `${kind.name}-${String(number).padStart(2, '0')}`,
      title: kind.title,
      host,
      life: { ...state },
      vcpus: kind.vcpus,
      memoryKiB: kind.memoryMiB * 1024,
      autostart: this.random() < 0.6,
      hasDisk: index % 4 !== 0,
      startedAt: this.now() - Math.floor(this.random() * 12 * 86_400_000) - 60_000,
      load: 0.02 + this.random() ** 3 * 0.8,
      deaf: kind.name === 'reactos',
    })
  }

  add(given: Partial<DemoMachine> & Pick<DemoMachine, 'uuid' | 'name' | 'host'>): DemoMachine {
    const vcpus = given.vcpus ?? 1
    const memoryKiB = given.memoryKiB ?? 2 ** 20
    const machine: DemoMachine = {
      title: '',
      life: { state: 5, reason: 0 },
      autostart: false,
      persistent: true,
      hasDisk: true,
      startedAt: this.now(),
      load: 0.1,
      phase: this.random() * 100,
      deaf: false,
      cpuNs: this.random() * 1e12,
      diskRead: 0,
      diskWritten: 0,
      netIn: 0,
      netOut: 0,
      ...given,
      vcpus,
      maxVcpus: given.maxVcpus ?? Math.max(vcpus, 4),
      memoryKiB,
      maxMemoryKiB: given.maxMemoryKiB ?? memoryKiB,
    }
    this.machines.set(machine.uuid, machine)
    this.hosts.get(machine.host)?.machines.add(machine)
    return machine
  }

  /** The machines that a host's libvirt lists: its own, and those that are on the way to it. */
  on(host: string): DemoMachine[] {
    const here = this.hosts.get(host)
    return here ? [...here.machines, ...here.incoming] : []
  }

  isActive(machine: DemoMachine): boolean {
    return machine.life.state !== 5 && machine.life.state !== 6
  }

  freeKiB(host: DemoHostFacts): number {
    const given = this.on(host.name)
      .filter((m) => this.isActive(m))
      .reduce((sum, m) => sum + m.memoryKiB, 0)
    return Math.max(0, host.memoryKiB - 2 * 2 ** 20 - given)
  }

  /** Lets the counters of one host and its machines run up to now. */
  advance(name: string): void {
    const host = this.hosts.get(name)
    const now = this.now()
    const seconds = host ? (now - host.advancedTo) / 1000 : 0
    if (!host || seconds <= 0) return
    host.advancedTo = now
    host.cpuTotalNs += seconds * 1e9 * host.cpus
    host.cpuBusyNs += seconds * 1e9 * 0.3
    for (const machine of host.machines) if (machine.life.state === 1) this.#work(machine, seconds, now)
  }

  #work(machine: DemoMachine, seconds: number, now: number): void {
    const wave =
      1 + 0.5 * Math.sin(now / 9_000 + machine.phase) + 0.3 * Math.sin(now / 2_300 + 2 * machine.phase)
    const busy = Math.min(1, machine.load * wave) * seconds
    machine.cpuNs += busy * 1e9 * machine.vcpus
    if (machine.hasDisk) {
      machine.diskRead += busy * 4e5
      machine.diskWritten += busy * 9e5
    }
    machine.netIn += busy * 6e5
    machine.netOut += busy * 2e5
    const host = this.hosts.get(machine.host)
    if (host) host.cpuBusyNs += busy * 1e9 * machine.vcpus
  }

  /** Calls back after a while of the demo's own time; forgotten when the demo ends. */
  later(milliseconds: number, then: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      then()
    }, milliseconds)
    timer.unref()
    this.#timers.add(timer)
    return timer
  }

  follow(host: string, follower: (line: string) => void): () => void {
    const all = this.#followers.get(host) ?? new Set()
    this.#followers.set(host, all.add(follower))
    return () => all.delete(follower)
  }

  /** Tells an event as libvirt words it: `Stopped Failed`. */
  tell(host: string, machine: DemoMachine, detail: string, kind = 'lifecycle'): void {
    const stamp = new Date(this.now()).toISOString().replace('T', ' ').replace('Z', '+0000')
    const line = `${stamp}: event '${kind}' for domain '${machine.name}'${detail ? `: ${detail}` : ''}\n`
    for (const follower of this.#followers.get(host) ?? []) follower(line)
  }

  /** Changes a machine's life and tells it. */
  become(machine: DemoMachine, to: Life, detail: string): void {
    this.advance(machine.host)
    const active = this.isActive(machine)
    machine.life = { ...to }
    if (!active && this.isActive(machine)) this.#fresh(machine)
    this.tell(machine.host, machine, detail)
  }

  /** A new process: counters begin at 0. */
  #fresh(machine: DemoMachine): void {
    Object.assign(machine, {
      startedAt: this.now(),
      cpuNs: 0,
      diskRead: 0,
      diskWritten: 0,
      netIn: 0,
      netOut: 0,
    })
  }

  /** Moves a machine; calls back with how it ended. Progress can be asked meanwhile. */
  migrate(machine: DemoMachine, to: string, ended: (error?: string) => void): void {
    const from = machine.host
    const milliseconds = 3_000 + (machine.memoryKiB / 2 ** 20) * 500
    const finish = (error?: string) => {
      clearTimeout(timer)
      delete machine.migration
      this.hosts.get(to)?.incoming.delete(machine)
      ended(error)
    }
    const timer = this.later(milliseconds, () => {
      this.advance(from)
      this.advance(to)
      this.hosts.get(from)?.machines.delete(machine)
      this.hosts.get(to)?.machines.add(machine)
      machine.host = to
      machine.life = { ...life.arrived }
      this.#fresh(machine)
      this.tell(from, machine, 'Stopped Migrated')
      this.tell(to, machine, 'Resumed Migrated')
      finish()
    })
    machine.migration = {
      to,
      startedAt: this.now(),
      milliseconds,
      abort: () => finish("operation aborted: job 'migration out' canceled by client"),
    }
    this.hosts.get(to)?.incoming.add(machine)
    this.tell(to, machine, 'Started Migrated')
    this.tell(from, machine, "iteration: '1'", 'migration-iteration')
  }

  /** How far a migration is, 0 to 100. */
  progress({ migration }: DemoMachine): number {
    if (!migration) return 100
    return Math.min(99, Math.floor(((this.now() - migration.startedAt) / migration.milliseconds) * 100))
  }

  forget(uuid: string): void {
    const machine = this.machines.get(uuid)
    if (!machine) return
    this.machines.delete(uuid)
    this.hosts.get(machine.host)?.machines.delete(machine)
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#followers.clear()
  }
}

const kinds = [
  { name: 'debian-kde', title: 'Debian 12, KDE Plasma', vcpus: 2, memoryMiB: 2048 },
  { name: 'windows', title: 'Windows, room 2.14', vcpus: 4, memoryMiB: 4096 },
  { name: 'fedora-gnome', title: 'Fedora, GNOME', vcpus: 2, memoryMiB: 3072 },
  { name: 'reactos', title: 'ReactOS, old teaching programs', vcpus: 1, memoryMiB: 512 },
  { name: 'ubuntu-xfce', title: 'Ubuntu, Xfce', vcpus: 2, memoryMiB: 1536 },
  { name: 'ldap', title: 'OpenLDAP replica and FreeRADIUS', vcpus: 2, memoryMiB: 1024 },
  { name: 'exam', title: 'Exam image, no network', vcpus: 2, memoryMiB: 2048 },
] as const
