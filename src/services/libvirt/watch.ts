import { createInterface } from 'node:readline'
import { Backoff } from '../../hosts/backoff.ts'
import { type Channel, type Host, HostError } from '../../hosts/host.ts'
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
  type Seen,
  withinBudget,
} from './read.ts'
import { isActive } from './states.ts'
import { type XenLook, XenReader } from './xen-read.ts'

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
  /** the pause before a host that failed is asked again grows between these */
  retry: { first: 500, longest: 5_000 },
  /** the same for the stream of events, which is a convenience */
  retryEvents: { first: 1_000, longest: 30_000 },
  /** a stream of events that ended sooner counts as failed */
  brief: 10_000,
  /** how often what changes seldom is read without an event */
  inventory: 15_000,
  processes: 60_000,
  /** how long only the safe groups are asked after a hung guest blocked `domstats` */
  hung: 20_000,
  /** a job is asked after this long without a sign of it */
  jobGone: 5_000,
} as const

/** Milliseconds that depend on the driver, which is the scheme of the URI. */
const paces = {
  usual: {
    /** the least and the most patience with one command; in between it follows how slow the host has been */
    patience: [3_000, 15_000],
    /** events of one burst are answered by one look */
    merge: 60,
    /** how many times as long as a look took the host is left alone */
    respite: 0,
  },
  /** notes/xen.md: Deadlines; Events (a reboot is told as a start, then a stop); looking costs dom0 processes */
  xen: { patience: [15_000, 15_000], merge: 500, respite: 1 },
} as const

/**
 * Watches the machines of one host: looks at the interval, and at once when libvirt tells of an event. An event is
 * only a reason to look: what counts is what is read (notes/xen.md: events come in a wrong order at a reboot).
 */
export class LibvirtWatch {
  interval: number
  readonly #options: WatchOptions
  readonly #now: () => number
  readonly #pace: (typeof paces)[keyof typeof paces]
  readonly #stopping = new AbortController()
  readonly #backoff = new Backoff(timing.retry)
  readonly #eventsBackoff = new Backoff(timing.retryEvents)
  /** ends the pause between two looks after so many milliseconds */
  #wake: ((milliseconds: number) => void) | undefined
  #lookAgain = false
  #session: Virsh | undefined
  #connected: Connected | undefined
  #xen: XenReader | undefined
  #inventory: (Inventory & { at: number }) | undefined
  /** by raw name, which is all that an event carries */
  #uuids = new Map<string, string>()
  #definitions = new Map<string, Remembered>()
  /** told by events, for the next look: what is remembered of these is no longer true */
  #changed = { machines: new Set<string>(), inventory: false }
  #startTimes = new Map<string, number>()
  #processesAt = Number.NEGATIVE_INFINITY
  #active = new Set<string>()
  #jobs = new Map<string, number>()
  #hungUntil = Number.NEGATIVE_INFINITY
  #slowest = 0
  #following = false
  #events: Channel | undefined

  constructor(options: WatchOptions) {
    this.#options = options
    this.interval = options.interval
    this.#now = options.now ?? Date.now
    this.#pace = /^xen\b/.test(options.uri) ? paces.xen : paces.usual
  }

  start(): void {
    void this.#loop()
  }

  /** Ends what this watch has open on the host. Nothing is told to the sink after it. */
  stop(): void {
    this.#stopping.abort(new HostError('cancelled', this.#options.host.name, say`stopped`))
    this.#disconnect()
    this.#events?.kill()
    this.#wake?.(0)
  }

  /** Looks now, or right after the look that is under way. */
  look(): void {
    if (this.#lookAgain) return
    this.#lookAgain = true
    this.#wake?.(this.#pace.merge)
  }

  /** Something was changed here, of which libvirt may tell no event (autostart, a new maximum): reads all of it anew. */
  lookAfresh(uuid?: string): void {
    this.#changed.inventory = true
    if (uuid) this.#changed.machines.add(uuid)
    this.look()
  }

  /** A migration or another job of this machine may run here: ask for it from the next look on. */
  followJob(uuid: string): void {
    this.#jobs.set(uuid, this.#now())
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      this.#lookAgain = false
      const pause = await this.#lookOnce()
      if (!this.#stopped) await this.#rest(pause)
    }
  }

  /** Looks once; returns how many milliseconds to wait for the next look. */
  async #lookOnce(): Promise<number> {
    const began = this.#now()
    try {
      const reading = await this.#read()
      if (this.#stopped) return 0
      this.#options.sink.reading(reading)
      this.#backoff.succeeded()
      void this.#follow()
      const took = this.#now() - began
      return Math.max(this.interval - took, this.#pace.respite * took)
    } catch (error) {
      return this.#stopped ? 0 : this.#failed(asHostError(error, this.#options.host.name))
    }
  }

  #failed(error: HostError): number {
    const now = this.#now()
    const usedDomstats = this.#connected?.domstats
    this.#disconnect()
    if (error.kind === 'timeout') {
      // A guest whose process hangs blocks domstats for the whole host, while the rest of libvirt still answers.
      if (usedDomstats && this.#hungUntil <= now) {
        this.#hungUntil = now + timing.hung
        return 0
      }
      // Else the host may only be slow: the next try has twice the patience.
      this.#slowest = Math.max(this.#slowest, (2 / 3) * this.#timeout)
    }
    this.#options.sink.trouble(this.#options.host.name, error)
    this.#backoff.failed(now)
    return this.#backoff.remaining(now)
  }

  #disconnect(): void {
    this.#session?.close()
    this.#session = undefined
    this.#connected = undefined
    this.#xen = undefined
    this.#inventory = undefined
  }

  /** Waits, at least a moment so that a burst of events becomes one look. */
  #rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#wake = undefined
        resolve()
      }
      const { merge } = this.#pace
      let timer = setTimeout(done, this.#lookAgain ? merge : Math.max(merge, milliseconds))
      this.#wake = (sooner) => {
        clearTimeout(timer)
        timer = setTimeout(done, sooner)
      }
    })
  }

  /** Patience with one command: three times as long as the slowest answer of late. */
  get #timeout(): number {
    const [least, most] = this.#pace.patience
    return Math.min(most, Math.max(least, 3 * this.#slowest))
  }

  async #asking(): Promise<Asking> {
    const { host, uri, readOnly } = this.#options
    const timeout = this.#timeout
    if (this.#session?.closed) this.#disconnect()
    if (!this.#session) {
      const session = await Virsh.open(host, uri, readOnly, timeout)
      if (this.#stopped) session.close()
      this.#stopping.signal.throwIfAborted()
      this.#session = session
    }
    return { host: host.name, session: this.#session, timeout }
  }

  async #read(): Promise<Reading> {
    const asking = await this.#asking()
    const began = this.#now()
    this.#forgetChanged()
    this.#connected ??= await readConnection(asking)
    const connected = this.#connected
    const hung = connected.domstats && this.#hungUntil > began
    const [hypervisor, { machines, cpu, partial }] = await Promise.all([
      readHypervisor(asking, connected),
      this.#readMachines(asking, connected, hung),
    ])
    this.#slowest = Math.max(this.#slowest * 0.9, this.#now() - began)
    this.#uuids = new Map(machines.map((machine) => [machine.name, machine.uuid]))
    const inventory = await this.#readInventory(asking, machines)
    await this.#readDefinitions(asking, machines, hung)
    const jobs = hung ? new Map() : await this.#readJobs(asking)
    if (connected.domstats) void this.#readProcesses()
    return {
      host: this.#options.host.name,
      at: this.#now(),
      hypervisor: {
        ...hypervisor,
        ...(cpu ? { cpu } : {}),
        pools: inventory.pools,
        networks: inventory.networks,
      },
      machines: machines.map((machine) => this.#facts(machine, inventory, jobs)),
      ...(partial ? { partial } : {}),
    }
  }

  async #readMachines(asking: Asking, connected: Connected, hung: boolean): Promise<XenLook> {
    if (connected.domstats)
      return { machines: await readMachines(asking, hung), ...(hung ? { partial: hungText } : {}) }
    const { host } = this.#options
    this.#xen ??= new XenReader(host, connected, this.#stopping.signal, this.#now)
    return this.#xen.read(asking)
  }

  /** Done when a look begins, not when an event comes: a look under way would store what it had read before the event. */
  #forgetChanged(): void {
    for (const uuid of this.#changed.machines) {
      this.#definitions.delete(uuid)
      this.#xen?.forget(uuid)
    }
    if (this.#changed.inventory) this.#inventory = undefined
    this.#changed = { machines: new Set(), inventory: false }
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
    if (
      known &&
      this.#now() - known.at < timing.inventory &&
      machines.every((m) => m.foreign || this.#definitions.has(m.uuid))
    )
      return known
    const inventory = { ...(await readInventory(asking)), at: this.#now() }
    this.#inventory = inventory
    return inventory
  }

  /** Reads the definitions of machines that are new or have been started or stopped since. */
  async #readDefinitions(asking: Asking, machines: readonly Seen[], hung: boolean): Promise<void> {
    const active = new Set(machines.filter((m) => isActive(m.state)).map((m) => m.uuid))
    const present = new Set(machines.map((m) => m.uuid))
    for (const uuid of this.#definitions.keys())
      if (!present.has(uuid) || active.has(uuid) !== this.#active.has(uuid)) this.#definitions.delete(uuid)
    for (const uuid of active) if (!this.#active.has(uuid)) this.#processesAt = Number.NEGATIVE_INFINITY
    this.#active = active
    if (hung) return // dumpxml of the guest that hangs might hang too
    const missing = machines.filter((m) => !m.foreign && !this.#definitions.has(m.uuid))
    await withinBudget(missing, this.#now, async ({ uuid }) => {
      this.#definitions.set(uuid, (await readDefinition(asking, uuid)) ?? {})
    })
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
  async #readProcesses(): Promise<void> {
    if (this.#now() - this.#processesAt < timing.processes || this.#active.size === 0) return
    this.#processesAt = this.#now()
    try {
      const { host } = this.#options
      const { signal } = this.#stopping
      const { stdout } = await host.run(['ps', '-e', '-ww', '-o', 'etimes=,args='], { signal })
      const before = this.#startTimes
      this.#startTimes = new Map()
      for (const [uuid, seconds] of parseProcessTimes(stdout)) {
        const started = this.#now() - seconds * 1000
        const known = before.get(uuid)
        // ps tells whole seconds: a little difference is the same start
        const same = known !== undefined && Math.abs(known - started) <= 2500
        this.#startTimes.set(uuid, same ? known : started)
      }
    } catch {
      // Without ps the time of start is not known, and is shown so.
    }
  }

  /**
   * Follows libvirt's events when they are not followed yet. Begun by a look that was answered, so that a libvirtd in
   * trouble has one virsh to serve and not two; a stream that ends early is left alone for longer each time.
   */
  async #follow(): Promise<void> {
    const { host, uri, readOnly } = this.#options
    const began = this.#now()
    if (this.#following || this.#eventsBackoff.remaining(began) > 0) return
    this.#following = true
    try {
      const stream = await host.stream(virshEvents(uri, readOnly))
      this.#events = stream
      if (this.#stopped) stream.kill()
      stream.stderr.resume()
      createInterface({ input: stream.stdout }).on('line', (line) => this.#told(line))
      await stream.ended
    } catch {
      // The looks tell what is wrong with the host; here only the next try matters.
    }
    this.#events = undefined
    this.#following = false
    if (this.#now() - began < timing.brief) this.#eventsBackoff.failed(this.#now())
    else this.#eventsBackoff.succeeded()
    this.look()
  }

  #told(line: string): void {
    const event = parseEvent(line)
    if (!event || this.#stopped) return
    const uuid = this.#uuids.get(event.name)
    if (event.kind === 'lifecycle' && /^(Defined|Undefined)/.test(event.detail))
      this.#changed.inventory = true
    if (uuid && /^(lifecycle|metadata-change|balloon-change)$/.test(event.kind))
      this.#changed.machines.add(uuid)
    if (uuid && event.kind === 'migration-iteration') this.#jobs.set(uuid, this.#now())
    this.#options.sink.event(this.#options.host.name, { ...event, label: label(event.name) })
    this.look()
  }
}

const hungText: Label = say`a guest's process hangs and blocks domstats: only states are read`
