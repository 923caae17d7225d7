import { label } from '../../hosts/label.ts'
import type { Steps } from '../../hosts/slices.ts'
import { type VirshAsking, withinBudget } from './asking.ts'
import type { MachineFacts } from './facts.ts'
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
  #active: ReadonlySet<string> = new Set()
  /** by raw name, which is all that an event carries */
  #uuids: ReadonlyMap<string, string> = new Map()
  /** the machines whose name no line of an event can hold: an event of a name that nobody has may be one of theirs */
  #unsayable: readonly string[] = []
  /** for the next look: what is remembered of these is no longer true */
  #forgotten = { machines: new Set<string>(), inventory: false }

  constructor(now: () => number) {
    this.#now = now
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
    const uuid = this.#uuids.get(name)
    const concerned = uuid === undefined ? this.#unsayable : [uuid]
    for (const one of concerned) {
      if (/^(lifecycle|metadata-change|balloon-change)$/.test(kind)) this.forget(one)
      if (kind === 'migration-iteration') this.followJob(one)
    }
  }

  /** The connection is lost: there may have been changes of which no event told. */
  disconnected(): void {
    this.#inventory = undefined
  }

  /**
   * Forgets what is no longer true, and tells of which machines. To be done when a look begins, not when an event
   * comes: a look under way would store what it had read before the event.
   */
  beginLook(): ReadonlySet<string> {
    const { machines, inventory } = this.#forgotten
    this.#forgotten = { machines: new Set(), inventory: false }
    for (const uuid of machines) this.#definitions.delete(uuid)
    if (inventory) this.#inventory = undefined
    return machines
  }

  /** @param hung a guest hangs: asks nothing that might hang with it */
  async recall(asking: VirshAsking, machines: readonly Seen[], hung: boolean): Promise<Recalled> {
    this.#uuids = new Map(machines.map(({ name, uuid }) => [name, uuid]))
    const isUnsayable = ({ name }: Seen) => name.includes('\n') || name.length > 10_000
    this.#unsayable = machines.filter(isUnsayable).map(({ uuid }) => uuid)
    const inventory = await this.#readInventory(asking, machines)
    this.#forgetOutdated(machines)
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
    const active = activeOf(machines)
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

export function activeOf(machines: readonly Seen[]): Set<string> {
  return new Set(machines.filter(({ state }) => isActive(state)).map(({ uuid }) => uuid))
}

/** All machines, one by one: names of others' making are long at times, and each has to be made printable. */
export function* factsSteps(
  machines: readonly Seen[],
  recalled: Recalled,
  startedAt: (uuid: string) => number | undefined,
): Steps<MachineFacts[]> {
  const all: MachineFacts[] = []
  for (const seen of machines) {
    all.push(factsOf(seen, recalled, startedAt(seen.uuid)))
    yield
  }
  return all
}

/** One machine out of what was seen of it, what is remembered of it, and when it was started. */
function factsOf(seen: Seen, recalled: Recalled, startedAt: number | undefined): MachineFacts {
  const { name, uuid } = seen
  const { graphics, ...definition } = recalled.definitions.get(uuid) ?? {}
  const job = recalled.jobs.get(uuid)
  const active = isActive(seen.state)
  return {
    ...definition,
    ...(graphics && active ? { graphics } : {}),
    ...seen,
    name: label(name),
    rawName: name,
    persistent: recalled.inventory.persistent.has(uuid),
    autostart: recalled.inventory.autostart.has(uuid),
    ...(job ? { job } : {}),
    ...(startedAt !== undefined && active ? { startedAt } : {}),
  }
}
