import { Allowance } from '../../hosts/allowance.ts'
import { Backoff } from '../../hosts/backoff.ts'
import { asHostError } from '../../hosts/conversation.ts'
import { type Host, HostError } from '../../hosts/host.ts'
import { joined, say } from '../../hosts/label.ts'
import { Pause } from '../../hosts/pause.ts'
import { inSlices } from '../../hosts/slices.ts'
import { Connection, type Watched } from './connection.ts'
import { EventStream } from './event-stream.ts'
import type { Reading, Sink } from './facts.ts'
import { FactsMaker } from './machine-facts.ts'
import { Memory } from './memory.ts'
import { PoolSizes } from './pools.ts'
import { onlyLibvirt } from './refusal.ts'
import { StartTimes } from './start-times.ts'

/** What a glance is for: nothing is followed, and what tells of nothing else is not read. How the host is, is told by every look. */
export interface Glance {
  readonly machines: boolean
  readonly pools: boolean
}

export interface WatchOptions {
  readonly host: Host
  readonly uri: string
  readonly readOnly: boolean
  /** milliseconds between two looks; may be changed while it runs */
  readonly interval: number
  /** milliseconds in which requests for a look become one; default as its driver can bear */
  readonly merge?: number | undefined
  /** for somebody who looks once or twice; default: everything is watched */
  readonly glance?: Glance | undefined
  readonly sink: Sink
  readonly now: () => number
}

/** Milliseconds. */
const timing = {
  /** the pause before a host that failed is asked again grows between these */
  retry: { first: 500, longest: 5_000 },
  /** patience with a host whose libvirt does not answer */
  probe: 3_000,
  /** how long only the safe groups are asked after a hung guest blocked `domstats` */
  hung: 20_000,
  /** so many times at most in so long events are a reason to look sooner: a guest can open and close its channels without end */
  heard: { most: 20, per: 5_000 },
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
  /**
   * Looking costs dom0 processes (docs/internals/xen.md, "Deadlines"), and a reboot is told as a start, then as a stop
   * (docs/internals/xen.md, "Events").
   */
  xen: { patience: [15_000, 15_000], merge: 500, respite: 1 },
} as const

/**
 * Watches the machines of one host: looks at the interval, and at once when libvirt tells of an event. An event is
 * only a reason to look: what counts is what is read (docs/internals/xen.md, "Events": at a reboot they come in a
 * wrong order).
 */
export class LibvirtWatch {
  interval: number
  readonly #sink: Sink
  readonly #glance: Glance | undefined
  readonly #watched: Watched
  readonly #pace: (typeof paces)[keyof typeof paces]
  readonly #stopping = new AbortController()
  readonly #backoff = new Backoff(timing.retry)
  readonly #pause: Pause
  readonly #heard: Allowance
  readonly #memory: Memory
  readonly #facts = new FactsMaker()
  readonly #startTimes: StartTimes
  readonly #pools: PoolSizes
  /** at the last failure the host itself answered */
  #hostAnswered = false
  readonly #events: EventStream
  #connection: Connection | undefined
  /** there has been a complete answer: what takes long may be asked too */
  #looked = false
  #hungUntil = Number.NEGATIVE_INFINITY
  #slowest = 0

  constructor({ host, uri, readOnly, interval, merge, glance, sink, now }: WatchOptions) {
    this.interval = interval
    this.#sink = sink
    this.#glance = glance
    this.#watched = { host, uri, readOnly, now, signal: this.#stopping.signal }
    this.#pace = /^xen\b/.test(uri) ? paces.xen : paces.usual
    this.#pause = new Pause(merge ?? this.#pace.merge)
    this.#heard = new Allowance({ ...timing.heard, together: this.#pace.merge })
    this.#memory = new Memory(now)
    this.#startTimes = new StartTimes(this.#watched)
    this.#pools = new PoolSizes(this.#watched)
    this.#events = new EventStream(this.#watched, {
      told: (event) => {
        this.#memory.told(event)
        if (this.#heard.take(this.#watched.now())) this.look()
      },
      ended: () => this.look(),
    })
  }

  start(): void {
    void this.#loop()
  }

  /** Ends what this watch has open on the host. Nothing is told to the sink after it. */
  stop(): void {
    this.#stopping.abort(new HostError('cancelled', this.#watched.host.name, say`stopped`))
    this.#disconnect()
    this.#events.stop()
    this.#pause.end()
  }

  /** Looks now, or right after the look that is under way. */
  look(): void {
    this.#pause.shorten()
  }

  /** Something was changed here, of which libvirt may tell no event (autostart, a new maximum): reads all of it anew. */
  lookAfresh(uuid?: string): void {
    this.#memory.forgetInventory()
    if (uuid) this.#memory.forget(uuid)
    this.look()
  }

  /** A migration or another job of this machine may run here: ask for it from the next look on. */
  followJob(uuid: string): void {
    this.#memory.followJob(uuid)
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      this.#pause.lookBegins()
      const milliseconds = await this.#lookOnce()
      if (!this.#stopped) await this.#pause.rest(milliseconds)
    }
  }

  /** Looks once; returns how many milliseconds to wait for the next look. */
  async #lookOnce(): Promise<number> {
    const { host, now } = this.#watched
    const began = now()
    try {
      const reading = await this.#read()
      if (this.#stopped) return 0
      this.#sink.reading(reading)
      this.#hostAnswered = false
      this.#backoff.succeeded()
      if (!this.#glance) void this.#events.follow()
      const took = now() - began
      return Math.max(this.interval - took, this.#pace.respite * took)
    } catch (error) {
      return this.#stopped ? 0 : await this.#failed(asHostError(error, host.name), now())
    }
  }

  async #failed(error: HostError, now: number): Promise<number> {
    const usedDomstats = this.#connection?.domstats
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
    await this.#tell(error)
    this.#backoff.failed(now)
    return this.#backoff.remaining(now)
  }

  /** Tells of a failure. Where the host itself answers, its machines live on, whatever is wrong with its libvirt: it is not told as down. */
  async #tell(error: HostError): Promise<void> {
    const { name } = this.#watched.host
    // One that was heard of at the last failure is asked first: else it would be told as lost and found again at each look.
    const isLost = error.kind === 'unreachable' && !this.#hostAnswered
    if (isLost) this.#sink.trouble(name, error, false)
    const answers = await this.#hostAnswers(error)
    this.#hostAnswered = answers
    if (this.#stopped || (isLost && !answers)) return
    this.#sink.trouble(name, answers ? onlyLibvirt(error) : error, answers)
  }

  async #hostAnswers({ kind }: HostError): Promise<boolean> {
    if (kind === 'hostkey' || kind === 'auth') return false
    const { host, signal } = this.#watched
    try {
      await host.run(['true'], { timeout: timing.probe, signal })
      return true
    } catch (error) {
      return asHostError(error, host.name).kind === 'exec'
    }
  }

  /** Patience with one command: three times as long as the slowest answer of late. */
  get #timeout(): number {
    const [least, most] = this.#pace.patience
    return Math.min(most, Math.max(least, 3 * this.#slowest))
  }

  async #connect(timeout: number): Promise<Connection> {
    if (this.#connection?.closed) this.#disconnect()
    this.#connection ??= await Connection.open(this.#watched, timeout)
    return this.#connection
  }

  #disconnect(): void {
    this.#connection?.close()
    this.#connection = undefined
    this.#memory.disconnected()
  }

  async #read(): Promise<Reading> {
    const { host, now } = this.#watched
    const timeout = this.#timeout
    const connection = await this.#connect(timeout)
    const asking = connection.asking(timeout)
    const began = now()
    const forgotten = this.#memory.beginLook()
    if (forgotten) connection.forget(forgotten)
    const hung = this.#hungUntil > began
    const { hypervisor, machines, devicesAt, partial } = await connection.look(asking, {
      hung,
      virtType: this.#looked && !this.#glance,
    })
    this.#slowest = Math.max(this.#slowest * 0.9, now() - began)
    const { machines: ofMachines, pools: ofPools } = this.#glance ?? { machines: true, pools: true }
    const recalled = await this.#memory.recall(asking, machines, hung || !ofMachines)
    const { pools, networks } = recalled.inventory
    if (ofMachines && connection.domstats) void this.#startTimes.read(this.#memory.active)
    // A list that cannot be read now does not mean that there are none any more.
    if (ofPools && (pools || !this.#pools.known)) void this.#pools.read(pools ?? [])
    this.#looked = true
    const lacking = [partial, recalled.inventory.partial].filter((one) => one !== undefined)
    const startedAt = (uuid: string) => this.#startTimes.of(uuid)
    return {
      host: host.name,
      at: now(),
      hypervisor: {
        ...hypervisor,
        ...(pools && { pools }),
        ...(networks && { networks }),
        ...(this.#pools.known && { poolSizes: this.#pools.known }),
      },
      machines: await inSlices(this.#facts.of(machines, recalled, startedAt)),
      ...(devicesAt === undefined ? {} : { devicesAt }),
      ...(lacking.length ? { partial: joined(lacking, '; ') } : {}),
    }
  }
}
