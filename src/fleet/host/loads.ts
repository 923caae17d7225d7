import type { Counters } from '../../services/libvirt/domstats.ts'
import type { HostReading } from '../../services/process/facts.ts'
import { netRate, type Rate, tenths, usualSpan } from '../rates.ts'
import type { HostRecord } from './record.ts'

/** Time of all CPUs together, since the host was booted, in any unit. */
interface CpuTime {
  readonly busy: number
  readonly total: number
}

/** The load of hosts between two looks, from counters that only rise. */
export class HostLoads {
  #cpu = new Map<string, CpuTime & { readonly at: number }>()
  #network = new Map<string, Counters & { readonly at: number }>()
  readonly #leastSpan: number

  constructor(leastSpan = usualSpan) {
    this.#leastSpan = leastSpan
  }

  /** The load of all CPUs since the last look, in percent. If that is too short ago, the former value stays. */
  cpu(before: HostRecord, now: CpuTime | undefined, at: number): number | undefined {
    const then = this.#cpu.get(before.name)
    if (!now) return undefined
    if (then && (at - then.at < this.#leastSpan || now.total === then.total)) return before.cpuPercent
    this.#cpu.set(before.name, { ...now, at })
    const passed = then ? now.total - then.total : Number.NaN
    if (!then || passed < 0 || now.busy < then.busy) return undefined // the host was booted anew
    return tenths(Math.min(100, ((now.busy - then.busy) / passed) * 100))
  }

  /** The traffic of its network interfaces since the last look. If that is too short ago, the former rate stays. */
  net(before: HostRecord, now: HostReading['network'], at: number): Rate | undefined {
    const then = this.#network.get(before.name)
    if (then && at - then.at < this.#leastSpan) return before.net
    if (!now) return undefined
    const sample = { at, netReceivedBytes: now.received, netSentBytes: now.sent }
    this.#network.set(before.name, sample)
    return then && netRate(then, sample, (at - then.at) / 1000)
  }
}
