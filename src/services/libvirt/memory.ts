import { type VirshAsking, withinBudget } from './asking.ts'
import type { DomainEvent, Job } from './parse.ts'
import { type Inventory, type Remembered, readDefinition, readInventory, readJob, type Seen } from './read.ts'
import { isActive } from './states.ts'

/** Milliseconds. */
const timing = {
  /** how often the inventory is read without an event */
  inventory: 15_000,
  /** a job is asked after this long without a sign of it */
  jobGone: 5_000,
} as const

/** What completes the machines of one look. */
export interface Recalled {
  readonly inventory: Inventory
  readonly definitions: ReadonlyMap<string, Remembered>
  readonly jobs: ReadonlyMap<string, Job>
}

/** What is remembered between two looks, because it changes seldom and costs commands of its own. */
export class Memory {
  readonly #now: () => number
  #inventory: (Inventory & { readonly at: number }) | undefined
  readonly #definitions = new Map<string, Remembered>()
  /** when there was a sign of a job, by machine */
  readonly #jobs = new Map<string, number>()
  #machines: readonly Seen[] = []
  #active: ReadonlySet<string> = new Set()
  /** for the next look: what is remembered of these is no longer true */
  #forgotten = { machines: new Set<string>(), inventory: false }

  constructor(now: () => number) {
    this.#now = now
  }

  /** The machines whose processes existed at the last look. */
  get active(): ReadonlySet<string> {
    return this.#active
  }

  /** What is remembered of this machine is no longer true. */
  forget(uuid: string): void {
    this.#forgotten.machines.add(uuid)
  }

  forgetInventory(): void {
    this.#forgotten.inventory = true
  }

  /** A job of this machine may run: asks for it until there is no sign of it any more. */
  followJob(uuid: string): void {
    this.#jobs.set(uuid, this.#now())
  }

  told({ name, kind, detail }: DomainEvent): void {
    if (kind === 'lifecycle' && /^(Defined|Undefined)/.test(detail)) this.forgetInventory()
    const isNews = /^(lifecycle|metadata-change|balloon-change)$/.test(kind)
    if (!isNews && kind !== 'migration-iteration') return
    // The raw name is all that an event carries; that of a name that nobody has may be of a machine whose name no line can hold.
    const named = this.#machines.filter((one) => one.name === name)
    for (const { uuid } of named.length ? named : this.#machines.filter(isUnsayable)) {
      if (isNews) this.forget(uuid)
      else this.followJob(uuid)
    }
  }

  /** The connection is lost: there may have been changes of which no event told. */
  disconnected(): void {
    this.#inventory = undefined
  }

  /**
   * Forgets what is no longer true, and tells of which machines; `undefined`: all is as true as it was. To be done when a look begins,
   * not when an event comes: a look under way would store what it had read before the event.
   */
  beginLook(): ReadonlySet<string> | undefined {
    const { machines, inventory } = this.#forgotten
    this.#forgotten = { machines: new Set(), inventory: false }
    for (const uuid of machines) this.#definitions.delete(uuid)
    if (inventory) this.#inventory = undefined
    return machines.size || inventory ? machines : undefined
  }

  /** @param hung a guest hangs: asks nothing that might hang with it */
  async recall(asking: VirshAsking, machines: readonly Seen[], hung: boolean): Promise<Recalled> {
    const inventory = await this.#readInventory(asking, machines)
    if (machines !== this.#machines) this.#forgetOutdated(machines)
    this.#machines = machines
    if (hung) return { inventory, definitions: this.#definitions, jobs: new Map() }
    await this.#readDefinitions(asking, machines, inventory)
    return { inventory, definitions: this.#definitions, jobs: await this.#readJobs(asking) }
  }

  async #readInventory(asking: VirshAsking, machines: readonly Seen[]): Promise<Inventory> {
    const known = this.#inventory
    const isNew = ({ foreign, uuid }: Seen) => !foreign && !this.#definitions.has(uuid)
    if (known && this.#now() - known.at < timing.inventory && !machines.some(isNew)) return known
    const inventory = { ...(await readInventory(asking)), at: this.#now() }
    this.#inventory = inventory
    return inventory
  }

  /** The definitions of machines that have gone, or have been started or stopped since. */
  #forgetOutdated(machines: readonly Seen[]): void {
    const present = new Set(machines.map(({ uuid }) => uuid))
    const active = new Set(machines.filter(({ state }) => isActive(state)).map(({ uuid }) => uuid))
    for (const uuid of this.#definitions.keys())
      if (!present.has(uuid) || active.has(uuid) !== this.#active.has(uuid)) this.#definitions.delete(uuid)
    this.#active = active
  }

  async #readDefinitions(
    asking: VirshAsking,
    machines: readonly Seen[],
    { persistent }: Inventory,
  ): Promise<void> {
    const missing = machines.filter((m) => !m.foreign && !this.#definitions.has(m.uuid))
    await withinBudget(missing, this.#now, async ({ uuid }) => {
      const isKept = this.#active.has(uuid) && persistent.has(uuid)
      this.#definitions.set(uuid, (await readDefinition(asking, uuid, isKept)) ?? {})
    })
  }

  async #readJobs(asking: VirshAsking): Promise<Map<string, Job>> {
    const jobs = new Map<string, Job>()
    for (const [uuid, lastSign] of this.#jobs) {
      const job = this.#active.has(uuid) ? await readJob(asking, uuid) : undefined
      if (job) {
        jobs.set(uuid, job)
        this.followJob(uuid)
      } else if (this.#now() - lastSign > timing.jobGone) this.#jobs.delete(uuid)
    }
    return jobs
  }
}

function isUnsayable({ name }: Seen): boolean {
  return name.includes('\n') || name.length > 10_000
}
