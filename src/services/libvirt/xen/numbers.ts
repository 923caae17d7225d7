import { defined } from '../../../hosts/defined.ts'
import type { VirshAsking } from '../asking.ts'
import type { HypervisorFacts } from '../facts.ts'
import type { Seen } from '../read.ts'
import { isActive } from '../states.ts'
import { HostLoad, Pacer } from './meter.ts'
import { type Known, OneByOne } from './one-by-one.ts'
import type { XentopDomain, XlDomain } from './parse.ts'

/** Milliseconds for which counters stand. */
const window = {
  /** CPU time in tenths of a second (`xl list`, `dominfo`): steps of 2 % of a CPU */
  tenths: 5_000,
  /** CPU time in whole seconds, where xentop may be asked and xl may not: steps of 5 % */
  seconds: 20_000,
} as const

/** What xl and xentop said in one look. */
interface Domains {
  readonly at: number
  /** undefined: no answer this time */
  readonly listed: readonly XlDomain[] | undefined
  readonly sampled: ReadonlyMap<string, XentopDomain> | undefined
  /** which of the two there are at all on this connection; a source is not changed for one answer that is missing */
  readonly means: { readonly xl: boolean; readonly xentop: boolean }
}

/**
 * The numbers of machines without `domstats`. CPU time comes from `xl list`, not from xentop, because xl tells tenths of a
 * second and xentop whole ones; network and disks come from xentop; without xentop all comes from virsh, machine by machine.
 * There is no memory used inside a guest: docs/internals/xen.md, "Instead of domstats".
 */
export class XenNumbers {
  readonly #cpus: number | undefined
  readonly #oneByOne: OneByOne
  readonly #pacer = new Pacer()
  readonly #load = new HostLoad()

  constructor(cpus: number | undefined, now: () => number) {
    this.#cpus = cpus
    this.#oneByOne = new OneByOne(now)
  }

  /** @param others what runs there besides the machines: Domain-0, whose CPU time is the host's too */
  async add(
    asking: VirshAsking,
    machines: readonly Seen[],
    others: readonly Seen[],
    domains: Domains,
  ): Promise<{ machines: Seen[]; cpu?: NonNullable<HypervisorFacts['cpu']> }> {
    const libvirts = [...machines, ...others].filter((machine) => !machine.foreign)
    const read: ReadonlyMap<string, Known> = domains.means.xentop
      ? new Map()
      : await this.#oneByOne.read(asking, libvirts, window.tenths)
    this.#pacer.forgetAllBut(new Set(machines.map((machine) => machine.uuid)))
    const rows = new Map(domains.listed?.map((row) => [row.uuid, row]))
    return defined({
      machines: machines.map((machine) => {
        if (!isActive(machine.state)) return machine
        const own = read.get(machine.uuid)
        return own ? { ...machine, ...own.numbers } : this.#count(machine, rows.get(machine.uuid), domains)
      }),
      cpu: this.#hostCpu(domains, read),
    })
  }

  #count(machine: Seen, row: XlDomain | undefined, { at, sampled, means }: Domains): Seen {
    const top = sampled?.get(machine.name)
    if (!row && !top) return machine
    const { name: _, cpuNs, vcpus, memoryKiB, ...rest } = top ?? ({} as Partial<XentopDomain>)
    const counters = defined({ ...rest, cpuNs: means.xl ? row?.cpuNs : cpuNs })
    return {
      ...machine,
      ...defined({ vcpus: row?.vcpus ?? vcpus, memoryKiB: memoryKiB ?? row?.memoryKiB }),
      ...this.#pacer.pace(machine.uuid, row?.id, counters, at, means.xl ? window.tenths : window.seconds),
    }
  }

  #hostCpu(
    { at, listed, sampled, means }: Domains,
    read: ReadonlyMap<string, Known>,
  ): HypervisorFacts['cpu'] {
    const used = means.xl
      ? listed?.map(({ id, cpuNs }) => [String(id), cpuNs] as const)
      : means.xentop
        ? sampled && [...sampled.values()].map(({ name, cpuNs }) => [name, cpuNs] as const)
        : [...read].map(([uuid, { id, numbers }]) => [`${uuid} ${id}`, numbers.cpuNs] as const)
    if (!used || !this.#cpus) return undefined
    const known = used.filter((pair): pair is readonly [string, number] => pair[1] !== undefined)
    const steps = means.xl || !means.xentop ? window.tenths : window.seconds
    return this.#load.take(new Map(known), { at, cpus: this.#cpus, window: steps })
  }
}
