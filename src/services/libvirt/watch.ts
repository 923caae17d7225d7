import { createInterface } from 'node:readline'
import type { Channel, Host, HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { asHostError, Virsh, virshEvents } from './client.ts'
import type { MachineFacts, Reading, Sink } from './facts.ts'
import { parseEvent, parseProcessTimes } from './parse.ts'
import {
  type Asking,
  type Connected,
  type Inventory,
  type Remembered,
  readConnection,
  readDefinition,
  readHypervisor,
  readInventory,
  readJob,
  readMachines,
  readMachinesByTable,
  type Seen,
} from './read.ts'
import { isActive } from './states.ts'

export interface WatchOptions {
  readonly host: Host
  readonly uri: string
  readonly readOnly: boolean
  /** milliseconds between two looks; may be changed while it runs */
  readonly interval: number
  readonly sink: Sink
  readonly now?: () => number
}

/** Milliseconds. */
const timing = {
  /** the least and the most patience with one command; in between it follows how slow the host has been */
  patience: [3_000, 15_000],
  /** the pause before a host that failed is asked again grows between these */
  retry: [500, 5_000],
  /** events of one burst are answered by one look */
  merge: 60,
  /** how often what changes seldom is read without an event */
  inventory: 15_000,
  processes: 60_000,
  /** how long only the safe groups are asked after a hung guest blocked `domstats` */
  hung: 20_000,
  /** a job is asked after this long without a sign of it */
  jobGone: 5_000,
} as const

/** Definitions read in one look; the rest waits for the next, so that many machines do not delay the numbers. */
const definitionsAtOnce = 25

/**
 * Watches the machines of one host: looks at the interval, and at once when libvirt tells of an event. An event is
 * only a reason to look: what counts is what is read (notes/xen.md: events come in a wrong order at a reboot).
 */
export class LibvirtWatch {
  interval: number
  readonly #options: WatchOptions
  readonly #now: () => number
  #stopped = false
  #wake: (() => void) | undefined
  #lookAgain = false
  #session: Virsh | undefined
  #connected: Connected | undefined
  #inventory: (Inventory & { at: number }) | undefined
  /** by raw name, which is all that an event carries */
  #uuids = new Map<string, string>()
  #definitions = new Map<string, Remembered>()
  #startTimes = new Map<string, number>()
  #processesAt = Number.NEGATIVE_INFINITY
  #active = new Set<string>()
  #jobs = new Map<string, number>()
  #hungUntil = Number.NEGATIVE_INFINITY
  #slowest = 0
  #failures = 0
  #events: Channel | undefined

  constructor(options: WatchOptions) {
    this.#options = options
    this.interval = options.interval
    this.#now = options.now ?? Date.now
  }

  start(): void {
    void this.#loop()
    void this.#follow()
  }

  stop(): void {
    this.#stopped = true
    this.#session?.close()
    this.#events?.kill()
    this.#wake?.()
  }

  /** Looks now, or right after the look that is under way. */
  look(): void {
    this.#lookAgain = true
    this.#wake?.()
  }

  /** A migration or another job of this machine may run here: ask for it from the next look on. */
  followJob(uuid: string): void {
    this.#jobs.set(uuid, this.#now())
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      const began = this.#now()
      this.#lookAgain = false
      let pause: number
      try {
        this.#options.sink.reading(await this.#read())
        this.#failures = 0
        pause = this.interval - (this.#now() - began)
      } catch (error) {
        if (this.#stopped) return
        pause = this.#failed(asHostError(error, this.#options.host.name))
      }
      await this.#rest(pause)
    }
  }

  #failed(error: HostError): number {
    const wasOpen = this.#connected !== undefined
    this.#session?.close()
    this.#session = undefined
    this.#connected = undefined
    this.#inventory = undefined
    // A guest whose process hangs blocks domstats for the whole host, while the rest of libvirt still answers.
    if (error.kind === 'timeout' && wasOpen && this.#hungUntil < this.#now()) {
      this.#hungUntil = this.#now() + timing.hung
      return 0
    }
    this.#options.sink.trouble(this.#options.host.name, error)
    const [least, most] = timing.retry
    return Math.min(most, least * 2 ** this.#failures++) * (0.75 + Math.random() / 2)
  }

  /** Waits, at least a moment so that a burst of events becomes one look. */
  #rest(milliseconds: number): Promise<void> {
    const pause = this.#lookAgain ? timing.merge : Math.max(timing.merge, milliseconds)
    return new Promise((resolve) => {
      let timer = setTimeout(resolve, pause)
      this.#wake = () => {
        clearTimeout(timer)
        timer = setTimeout(resolve, this.#stopped ? 0 : timing.merge)
        this.#wake = undefined
      }
    })
  }

  /** Patience with one command: three times as long as the slowest answer of late. */
  get #timeout(): number {
    const [least, most] = timing.patience
    return Math.min(most, Math.max(least, 3 * this.#slowest))
  }

  async #asking(): Promise<Asking> {
    const { host, uri, readOnly } = this.#options
    const timeout = this.#timeout
    this.#session ??= await Virsh.open(host, uri, readOnly, timeout)
    return { host: host.name, session: this.#session, timeout }
  }

  async #read(): Promise<Reading> {
    const asking = await this.#asking()
    const began = this.#now()
    this.#connected ??= await readConnection(asking)
    const connected = this.#connected
    const hung = this.#hungUntil > began
    const [hypervisor, machines] = await Promise.all([
      readHypervisor(asking, connected),
      connected.domstats ? readMachines(asking, hung) : readMachinesByTable(asking),
    ])
    this.#slowest = Math.max(this.#slowest * 0.9, this.#now() - began)
    this.#uuids = new Map(machines.map((machine) => [machine.name, machine.uuid]))
    const inventory = await this.#readInventory(asking, machines)
    await this.#readDefinitions(asking, machines)
    const jobs = await this.#readJobs(asking)
    void this.#readProcesses(machines)
    return {
      host: this.#options.host.name,
      at: this.#now(),
      hypervisor: { ...hypervisor, pools: inventory.pools, networks: inventory.networks },
      machines: machines.map((machine) => this.#facts(machine, inventory, jobs)),
      ...(hung ? { partial: hungText } : {}),
    }
  }

  #facts(machine: Seen, inventory: Inventory, jobs: ReadonlyMap<string, MachineFacts['job']>): MachineFacts {
    const { name, ...seen } = machine
    const job = jobs.get(machine.uuid)
    const startedAt = isActive(machine.state) ? this.#startTimes.get(machine.uuid) : undefined
    const { graphics, ...definition } = this.#definitions.get(machine.uuid) ?? {}
    return {
      ...definition,
      ...(graphics && isActive(machine.state) ? { graphics } : {}),
      ...seen,
      name: label(name),
      rawName: name,
      persistent: inventory.persistent.has(machine.uuid),
      autostart: inventory.autostart.has(machine.uuid),
      ...(job ? { job } : {}),
      ...(startedAt === undefined ? {} : { startedAt }),
    }
  }

  async #readInventory(asking: Asking, machines: readonly Seen[]): Promise<Inventory> {
    const known = this.#inventory
    const fresh =
      known &&
      this.#now() - known.at < timing.inventory &&
      machines.every((m) => this.#definitions.has(m.uuid))
    if (!fresh) this.#inventory = { ...(await readInventory(asking)), at: this.#now() }
    return this.#inventory as Inventory
  }

  /** Reads the definitions of machines that are new or have been started or stopped since. */
  async #readDefinitions(asking: Asking, machines: readonly Seen[]): Promise<void> {
    const active = new Set(machines.filter((m) => isActive(m.state)).map((m) => m.uuid))
    const present = new Set(machines.map((m) => m.uuid))
    for (const uuid of this.#definitions.keys())
      if (!present.has(uuid) || active.has(uuid) !== this.#active.has(uuid)) this.#definitions.delete(uuid)
    for (const uuid of active) if (!this.#active.has(uuid)) this.#processesAt = Number.NEGATIVE_INFINITY
    this.#active = active
    const missing = machines.filter((m) => !this.#definitions.has(m.uuid)).slice(0, definitionsAtOnce)
    const read = await Promise.all(missing.map((m) => readDefinition(asking, m.uuid)))
    for (const [i, machine] of missing.entries()) this.#definitions.set(machine.uuid, read[i] ?? {})
  }

  async #readJobs(asking: Asking): Promise<Map<string, MachineFacts['job']>> {
    const jobs = new Map<string, MachineFacts['job']>()
    for (const [uuid, lastSign] of this.#jobs) {
      const job = this.#active.has(uuid) ? await readJob(asking, uuid) : undefined
      if (job) {
        jobs.set(uuid, job)
        this.#jobs.set(uuid, this.#now())
      } else if (this.#now() - lastSign > timing.jobGone) this.#jobs.delete(uuid)
    }
    return jobs
  }

  /** When each machine's process was started; the answer is used by the next look. */
  async #readProcesses(machines: readonly Seen[]): Promise<void> {
    if (this.#now() - this.#processesAt < timing.processes || !machines.some((m) => isActive(m.state))) return
    this.#processesAt = this.#now()
    try {
      const { stdout } = await this.#options.host.run(['ps', '-e', '-ww', '-o', 'etimes=,args='])
      for (const [uuid, seconds] of parseProcessTimes(stdout)) {
        const started = this.#now() - seconds * 1000
        const known = this.#startTimes.get(uuid)
        if (known === undefined || Math.abs(known - started) > 2500) this.#startTimes.set(uuid, started)
      }
    } catch {
      // Without ps the time of start is not known, and is shown so.
    }
  }

  /** Follows libvirt's events; a stream that ends is opened again, later each time. */
  async #follow(): Promise<void> {
    const { host, uri, readOnly } = this.#options
    for (let failures = 0; !this.#stopped; failures++) {
      try {
        this.#events = await host.stream(virshEvents(uri, readOnly))
        if (this.#stopped) return this.#events.kill()
        const { stdout, stderr, ended } = this.#events
        stderr.resume()
        createInterface({ input: stdout }).on('line', (line) => {
          failures = 0
          this.#told(line)
        })
        await ended
        this.look()
      } catch {
        // The looks tell what is wrong with the host; here only the next try matters.
      }
      const [least, most] = timing.retry
      await new Promise((resolve) => setTimeout(resolve, Math.min(most, least * 2 ** failures)).unref())
    }
  }

  #told(line: string): void {
    const event = parseEvent(line)
    if (!event) return
    const uuid = this.#uuids.get(event.name)
    if (event.kind === 'lifecycle' && /^(Defined|Undefined)/.test(event.detail)) this.#inventory = undefined
    if (uuid && /^(lifecycle|metadata-change|balloon-change)$/.test(event.kind))
      this.#definitions.delete(uuid)
    if (uuid && event.kind === 'migration-iteration') this.#jobs.set(uuid, this.#now())
    this.#options.sink.event(this.#options.host.name, { ...event, label: label(event.name) })
    this.look()
  }
}

const hungText: Label = say`a guest's process hangs and blocks domstats: only states are read`
