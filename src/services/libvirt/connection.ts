import type { Host } from '../../hosts/host.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { VirshAsking } from './asking.ts'
import { Virsh } from './client.ts'
import type { HypervisorFacts } from './facts.ts'
import { MachineReader } from './machine-reader.ts'
import { type Connected, readConnection, readHypervisor, readVirtType, type Seen } from './read.ts'
import { type XenLook, XenReader } from './xen/read.ts'

/** Where a watch looks, by which clock, and until when. */
export interface Watched {
  readonly host: Host
  readonly uri: string
  readonly readOnly: boolean
  readonly now: () => number
  /** aborted when the watch is stopped */
  readonly signal: AbortSignal
}

/** What has to be asked at every look. */
export interface Look {
  readonly hypervisor: HypervisorFacts
  readonly machines: readonly Seen[]
  /** milliseconds since the epoch when the counters of devices were read, where that was not in this look */
  readonly devicesAt?: number
  readonly partial?: Label
}

type MachinesLook = XenLook & Pick<Look, 'devicesAt'>

export interface LookOptions {
  /** a guest hangs: only what is answered nevertheless is asked */
  readonly hung: boolean
  /** what kind a new machine would be is asked too, when it is not known yet */
  readonly virtType: boolean
}

/**
 * One virsh on the host, and what was found out for as long as it lives: a driver may be another one, or may have learnt
 * another function, when libvirtd comes back.
 */
export class Connection {
  readonly #watched: Watched
  readonly #session: Virsh
  #driver: Connected | undefined
  #reader: MachineReader | undefined
  #xen: XenReader | undefined

  private constructor(watched: Watched, session: Virsh) {
    this.#watched = watched
    this.#session = session
  }

  static async open(watched: Watched, timeout: number): Promise<Connection> {
    const { host, uri, readOnly, signal } = watched
    const session = await Virsh.open(host, uri, readOnly, timeout)
    if (signal.aborted) session.close()
    signal.throwIfAborted()
    return new Connection(watched, session)
  }

  get closed(): boolean {
    return this.#session.closed
  }

  close(): void {
    this.#session.close()
  }

  /** The driver tells all of its machines by one command, as far as is known. */
  get domstats(): boolean {
    return this.#driver?.domstats === true
  }

  /** The same session, with the patience of now. */
  asking(timeout: number): VirshAsking {
    return { host: this.#watched.host.name, session: this.#session, timeout }
  }

  /** Something happened, and to these machines: what is remembered of them is no longer true. */
  forget(uuids: Iterable<string>): void {
    this.#reader?.forget()
    for (const uuid of uuids) this.#xen?.forget(uuid)
  }

  async look(asking: VirshAsking, { hung, virtType }: LookOptions): Promise<Look> {
    const driver = await this.#learn(asking, virtType)
    const [hypervisor, { machines, cpu, devicesAt, partial }] = await Promise.all([
      readHypervisor(asking, driver),
      this.#readMachines(asking, driver, hung),
    ])
    return {
      hypervisor: { ...hypervisor, ...(cpu ? { cpu } : {}) },
      machines,
      ...(devicesAt === undefined ? {} : { devicesAt }),
      ...(partial ? { partial } : {}),
    }
  }

  /** What kind of libvirt this is: each answer is found out once. */
  async #learn(asking: VirshAsking, virtType: boolean): Promise<Connected> {
    this.#driver ??= await readConnection(asking)
    if (virtType && !this.#driver.virtType)
      this.#driver = { ...this.#driver, virtType: await readVirtType(asking) }
    return this.#driver
  }

  async #readMachines(asking: VirshAsking, driver: Connected, hung: boolean): Promise<MachinesLook> {
    const { host, signal, now } = this.#watched
    if (driver.domstats) {
      this.#reader ??= new MachineReader(now)
      const machines = await this.#reader.read(asking, hung)
      return { machines, devicesAt: this.#reader.restAt ?? now(), ...(hung ? { partial: hungText } : {}) }
    }
    this.#xen ??= new XenReader(host, driver, signal, now)
    return this.#xen.read(asking)
  }
}

const hungText: Label = say`domstats does not answer, only states are read: a machine's process may hang`
