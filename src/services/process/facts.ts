import type { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** A process whose descriptors are watched. */
export interface ProcessFacts {
  readonly pid: number
  readonly name: Label
  readonly owner: Label
  /** open file descriptors; none: this user may not know (docs/internals/openldap-freeradius.md, "Open descriptors") */
  readonly open?: number
  /** of this process, not of anybody's shell; `Infinity`: none */
  readonly softLimit?: number
  readonly hardLimit?: number
  readonly threads?: number
  readonly memoryKiB?: number
  /** clock ticks of CPU time since its start */
  readonly cpuTicks?: number
}

/** Which processes are watched: everybody may start one of this name, so its owner counts too. */
export interface Watched {
  readonly name: string
  readonly owners: readonly string[]
  /** nobody said that it is root's: that one counts where none of the other owners has one */
  readonly rootIfNone?: true
}

/** A bond of network interfaces: Linux' Documentation/networking/bonding.rst. */
export interface Bond {
  readonly name: Label
  readonly isUp: boolean
  /** the interface that carries all, where only one does */
  readonly active?: Label
  /** interfaces that carry nothing: their link is down, or with 802.3ad it is in another aggregator than the active one */
  readonly down: readonly Label[]
}

/** How a host is, from /proc: proc(5). */
export interface HostReading {
  readonly host: string
  /** milliseconds since the epoch */
  readonly at: number
  readonly cpus: number
  /** clock ticks since boot, all CPUs */
  readonly cpu: { readonly busy: number; readonly total: number }
  /** runnable and waiting processes, mean of the last minute */
  readonly load: number
  /** none: not told */
  readonly memoryKiB?: number
  readonly memoryAvailableKiB?: number
  /** bytes since boot, over its network interfaces; none: not told */
  readonly network?: { readonly received: number; readonly sent: number }
  /** network interfaces that stand for several; empty where there are none */
  readonly bonds: readonly Bond[]
  readonly processes: readonly ProcessFacts[]
  /** processes of these names that are not watched, in words */
  readonly partial?: Label
}

export interface HostSink {
  reading(reading: HostReading): void
  trouble(host: string, error: HostError): void
}
