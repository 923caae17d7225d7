import type { HostConfig } from '../../config/schema.ts'
import { defined } from '../../hosts/defined.ts'
import type { HostError } from '../../hosts/host.ts'
import { label } from '../../hosts/label.ts'
import type { HardwareFacts } from '../../services/hardware/facts.ts'
import type { Reading } from '../../services/libvirt/facts.ts'
import { isActive } from '../../services/libvirt/states.ts'
import type { HostReading } from '../../services/process/facts.ts'
import { faultsOf, ToldConditions } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import { hostConcern } from '../ref.ts'
import { sameRecord } from '../same-record.ts'
import { hostConditions, isUnknownOf } from './conditions.ts'
import { HostLoads } from './loads.ts'
import type { HostRecord } from './record.ts'

/** Milliseconds until a host is given up that does not answer any more, with some to spare. */
const givenUp = 20_000

/** What an answer made of a host. */
interface HostChange {
  readonly after: HostRecord
  /** it had not answered before */
  readonly first: boolean
  readonly events: readonly FleetEvent[]
}

/** What is known of the hosts themselves. A host that is not in the configuration is passed over. */
export class Hosts {
  readonly #records: Map<string, HostRecord>
  readonly #seenAt = new Map<string, number>()
  readonly #loads: HostLoads
  readonly #told = new ToldConditions()
  /** how old an answer may be and still count, in milliseconds */
  staleAfter: number

  constructor(
    hosts: readonly Pick<HostConfig, 'name' | 'roles' | 'libvirt'>[],
    staleAfter: number,
    leastSpan: number,
  ) {
    this.staleAfter = staleAfter
    this.#loads = new HostLoads(leastSpan)
    this.#records = new Map(
      hosts.map(({ name, roles, libvirt }) => [
        name,
        {
          name,
          roles,
          uri: libvirt,
          reachable: false,
          ...(roles.includes('hypervisor') ? {} : { running: 0, machines: 0 }),
        },
      ]),
    )
  }

  get records(): readonly HostRecord[] {
    return [...this.#records.values()]
  }

  /** When each answered last; milliseconds. */
  get seenAt(): ReadonlyMap<string, number> {
    return this.#seenAt
  }

  /** Whether what it told last is too old to count at a time; milliseconds. */
  isStale(host: string, at: number): boolean {
    return at - (this.#seenAt.get(host) ?? 0) > this.staleAfter
  }

  /** What a host is made of. Returns whether that is news. */
  hardware(host: string, hardware: HardwareFacts): boolean {
    const before = this.#records.get(host)
    if (!before || sameRecord(before, { ...before, hardware })) return false
    this.#records.set(host, { ...before, hardware })
    return true
  }

  /** Logs that this account may not read. Returns whether that is news. */
  logsDenied(host: string, files: readonly string[]): boolean {
    const before = this.#records.get(host)
    if (!before || (before.deniedLogs ?? []).join() === files.join()) return false
    const { deniedLogs: _, ...rest } = before
    this.#records.set(host, files.length ? { ...rest, deniedLogs: files.map(label) } : rest)
    return true
  }

  /** The load and the memory of a host without libvirt. */
  vitals({ host, at, ...read }: HostReading): HostChange | undefined {
    const { cpus, cpu, memoryKiB, memoryAvailableKiB, load, bonds, network, partial } = read
    return this.#answered(host, at, (before) => {
      const cpuPercent = this.#loads.cpu(before, cpu, at)
      const net = this.#loads.net(before, network, at)
      // What it told before and does not tell now is not known.
      const {
        trouble: _____,
        cpuPercent: _,
        net: __,
        memoryKiB: ___,
        memoryFreeKiB: ____,
        partial: ______,
        ...rest
      } = before
      return {
        ...rest,
        ...{ cpus, load, bonds, reachable: true },
        ...defined({ cpuPercent, net, memoryKiB, memoryFreeKiB: memoryAvailableKiB, partial }),
      }
    })
  }

  /** What libvirt tells of a host, in a complete answer: replaces what it told before. */
  hypervisor({ host, at, hypervisor, partial, machines }: Reading): HostChange | undefined {
    const { cpu, poolSizes: __, ...facts } = hypervisor
    return this.#answered(host, at, (before) => {
      const { name, roles, uri, hardware, deniedLogs } = before
      const cpuPercent = this.#loads.cpu(before, cpu && { busy: cpu.busyNs, total: cpu.totalNs }, at)
      return {
        name,
        roles,
        uri,
        ...facts,
        reachable: true,
        ...(partial ? { partial } : {}),
        ...defined({ cpuPercent, hardware, deniedLogs }),
        running: machines.filter(({ state }) => isActive(state)).length,
        machines: machines.length,
      }
    })
  }

  #answered(host: string, at: number, readBy: (before: HostRecord) => HostRecord): HostChange | undefined {
    const before = this.#records.get(host)
    if (!before) return undefined
    const first = !this.#seenAt.has(host)
    this.#seenAt.set(host, at)
    const after = readBy(before)
    return { after, first, events: this.#replace(before, after, at) }
  }

  /**
   * One host could not be read. What it told stays, and ages. `hostAnswers`: libvirt alone is silent. Returns the events; undefined: there is
   * no such host.
   */
  failed(
    host: string,
    error: HostError,
    at: number,
    hostAnswers: boolean,
  ): readonly FleetEvent[] | undefined {
    const before = this.#records.get(host)
    if (!before) return undefined
    const { kind, reason, advice } = error
    const isSame = (before.trouble?.hostAnswers ?? false) === hostAnswers
    const trouble = {
      kind,
      reason,
      advice,
      since: isSame && before.trouble ? before.trouble.since : this.#silentSince(before, at, hostAnswers),
      ...(hostAnswers ? { hostAnswers: true as const } : {}),
    }
    return this.#replace(before, { ...before, reachable: false, trouble }, at)
  }

  /** It fell silent when it had answered last, and not when it was given up; who slept meanwhile does not know. */
  #silentSince({ name, trouble }: HostRecord, at: number, hostAnswers: boolean): number {
    const last = this.#seenAt.get(name) ?? Number.NEGATIVE_INFINITY
    return hostAnswers || trouble || at - last > givenUp ? at : last
  }

  #replace(before: HostRecord, after: HostRecord, at: number): readonly FleetEvent[] {
    if (!sameRecord(before, after)) this.#records.set(before.name, after)
    const seen = { seenAt: this.#seenAt, staleAfter: this.staleAfter }
    const isUnknown = (what: string) => isUnknownOf(after, what)
    const faults = faultsOf(hostConcern(after.name), hostConditions(after, seen, at))
    return this.#told.events(after.name, faults, at, isUnknown)
  }
}
