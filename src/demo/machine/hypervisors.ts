import type { Time } from '../clock.ts'
import { uuidFrom } from '../random.ts'
import { type DemoMachine, type Life, life, purposes } from './machine.ts'

interface DemoHostFacts {
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

/**
 * Hypervisors and their machines. They live: counters run with the clock, guests boot, shut down and migrate, and whoever follows a host
 * gets its events. They know nothing of virsh: `commands.ts` answers for them.
 */
export class Hypervisors {
  readonly hosts = new Map<string, DemoHostFacts>()
  readonly machines = new Map<string, DemoMachine>()
  readonly #time: Time
  #followers = new Map<string, Set<(line: string) => void>>()

  constructor(time: Time, hosts: number, machines: number) {
    this.#time = time
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
      advancedTo: this.#time.now(),
      machines: new Set(),
      incoming: new Set(),
    })
  }

  #addMachine(index: number, count: number): void {
    const kind = purposes[index % purposes.length] ?? purposes[0]
    const number = Math.floor(index / purposes.length) + 1
    const host = [...this.hosts.keys()][Math.floor((index * this.hosts.size) / count)] ?? 'hv1'
    const state = index === 6 ? life.crashed : this.#time.random() < 0.18 ? life.off : life.booted
    this.add({
      uuid: uuidFrom(this.#time.random),
      name: `${kind.name}-${String(number).padStart(2, '0')}`,
      title: kind.title,
      host,
      life: { ...state },
      vcpus: kind.vcpus,
      memoryKiB: kind.memoryMiB * 1024,
      autostart: this.#time.random() < 0.6,
      hasDisk: index % 4 !== 0,
      startedAt: this.#time.now() - Math.floor(this.#time.random() * 12 * 86_400_000) - 60_000,
      load: 0.02 + this.#time.random() ** 3 * 0.8,
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
      startedAt: this.#time.now(),
      load: 0.1,
      phase: this.#time.random() * 100,
      deaf: false,
      cpuNs: this.#time.random() * 1e12,
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
    const now = this.#time.now()
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

  follow(host: string, follower: (line: string) => void): () => void {
    const all = this.#followers.get(host) ?? new Set()
    this.#followers.set(host, all.add(follower))
    return () => all.delete(follower)
  }

  /** Tells an event as libvirt words it: `Stopped Failed`. */
  tell(host: string, machine: DemoMachine, detail: string, kind = 'lifecycle'): void {
    const stamp = new Date(this.#time.now()).toISOString().replace('T', ' ').replace('Z', '+0000')
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
      startedAt: this.#time.now(),
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
    const timer = this.#time.later(milliseconds, () => {
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
      startedAt: this.#time.now(),
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
    return Math.min(99, Math.floor(((this.#time.now() - migration.startedAt) / migration.milliseconds) * 100))
  }

  forget(uuid: string): void {
    const machine = this.machines.get(uuid)
    if (!machine) return
    this.machines.delete(uuid)
    this.hosts.get(machine.host)?.machines.delete(machine)
  }

  stop(): void {
    this.#followers.clear()
  }
}
