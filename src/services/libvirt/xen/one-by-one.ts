import type { Raw } from '../../../hosts/label.ts'
import { type VirshAsking, withinBudget } from '../asking.ts'
import { isUnsupported } from '../parse.ts'
import type { Seen } from '../read.ts'
import { isActive } from '../states.ts'
import type { TimedCounters } from './meter.ts'
import { parseDeviceStat, parseDisks, parseDominfo, parseInterfaces } from './parse.ts'

export interface Known {
  readonly id: number | undefined
  readonly interfaces: readonly string[]
  readonly disks: readonly string[]
  readonly numbers: Numbers
}

export interface Numbers extends TimedCounters {
  readonly vcpus?: number
  readonly memoryKiB?: number
}

/**
 * The numbers of each machine by commands of its own, in the one persistent virsh: only where nothing tells them all at
 * once. The machines that were read longest ago come first, and each look spends a limited time, so with many machines
 * each is read less often. One `dominfo` tells id, VCPUs, memory, and CPU time in tenths of a second.
 */
export class OneByOne {
  #known = new Map<string, Known>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** @param window milliseconds for which the numbers of a machine stand */
  async read(
    asking: VirshAsking,
    machines: readonly Seen[],
    window: number,
  ): Promise<ReadonlyMap<string, Known>> {
    const active = new Set(machines.filter((m) => isActive(m.state)).map((m) => m.uuid))
    for (const uuid of this.#known.keys()) if (!active.has(uuid)) this.#known.delete(uuid)
    const readAt = (uuid: string) => this.#known.get(uuid)?.numbers.countersAt ?? Number.NEGATIVE_INFINITY
    const due = [...active]
      .filter((uuid) => this.#now() - readAt(uuid) >= window)
      .sort((a, b) => readAt(a) - readAt(b))
    await withinBudget(due, this.#now, (uuid) => this.#readOne(asking, uuid))
    return this.#known
  }

  async #readOne({ session, timeout }: VirshAsking, uuid: string): Promise<void> {
    /** Empty when the machine has gone meanwhile. */
    const said = async (...words: Raw[]) => {
      const { out, err } = await session.command(words, timeout)
      return err && !isUnsupported(err) ? '' : out
    }
    const { id, ...info } = parseDominfo(await said('dominfo', uuid))
    const known = this.#known.get(uuid)
    // The names of interfaces carry the id, which changes at every start and reboot (docs/internals/xen.md, "Domain ids").
    const same = known && known.id === id ? known : undefined
    const interfaces = same?.interfaces ?? parseInterfaces(await said('domiflist', uuid))
    const disks = same?.disks ?? parseDisks(await said('domblklist', uuid, '--details'))
    const [net, disk] = await Promise.all([
      Promise.all(interfaces.map(async (name) => parseDeviceStat(await said('domifstat', uuid, name)))),
      Promise.all(disks.map(async (name) => parseDeviceStat(await said('domblkstat', uuid, name)))),
    ])
    const numbers: Numbers = {
      ...info,
      netReceivedBytes: sum(net, 'rx_bytes'),
      netSentBytes: sum(net, 'tx_bytes'),
      diskReadBytes: sum(disk, 'rd_bytes'),
      diskWriteBytes: sum(disk, 'wr_bytes'),
      countersAt: this.#now(),
    }
    this.#known.set(uuid, { id, interfaces, disks, numbers })
  }
}

function sum(devices: readonly ReadonlyMap<string, number>[], key: string): number {
  return devices.reduce((total, values) => total + (values.get(key) ?? 0), 0)
}
