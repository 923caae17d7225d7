import type { HostError } from '../../hosts/host.ts'
import type { Label, Raw } from '../../hosts/label.ts'
import type { Counters } from './domstats.ts'
import type { Job } from './parse.ts'
import type { MachineState } from './states.ts'
import type { Volume } from './volumes.ts'

/** One machine as one host tells of it. */
export interface MachineFacts extends Counters {
  readonly uuid: string
  readonly name: Label
  /** the name as libvirt has it: to be compared and passed on, never to be shown */
  readonly rawName: string
  readonly state: MachineState
  readonly reason: Label
  readonly persistent: boolean
  readonly autostart: boolean
  readonly vcpus?: number
  readonly vcpusMax?: number
  /** KiB given now (balloon), at most, and used */
  readonly memoryKiB?: number
  readonly memoryMaxKiB?: number
  readonly memoryUsedKiB?: number
  readonly title?: Label
  readonly graphics?: Label
  readonly osType?: Label
  /** whether it has a writable disk that is a file or a device: what a migration has to find on the target */
  readonly hasDisks?: boolean
  /** milliseconds since the epoch when its process on this host was started */
  readonly startedAt?: number
  readonly job?: Job
  /** of a running one with a definition: what that gives it from its next start on */
  readonly nextStart?: NextStart
  /** made by xl: libvirt does not know it, and none of libvirt's verbs applies to it (docs/internals/xen.md, "Domains that xl made") */
  readonly foreign?: true
  /** milliseconds since the epoch when the counters were read, where that was not in this look */
  readonly countersAt?: number
}

/** A storage pool: bytes. */
export interface PoolSize {
  readonly rawName: Raw
  /** milliseconds since the epoch when this was read */
  readonly at: number
  readonly capacity: number
  readonly available: number
  /** none: they could not be read */
  readonly volumes?: readonly Volume[]
}

/** vCPUs and memory of a definition, those that it starts with and the most. */
export interface NextStart {
  readonly vcpus?: number
  readonly vcpusMax?: number
  readonly memoryKiB?: number
  readonly memoryMaxKiB?: number
}

/** The hypervisor itself. */
export interface HypervisorFacts {
  /** `qemu`, `xen`, … */
  readonly driver: string
  /** what `<domain type=…>` of a new machine is here: `kvm`, `qemu`, `xen` */
  readonly virtType?: string
  /** where a new machine's disk and network can come from, as libvirt has them: to be passed on, never to be shown */
  readonly pools?: readonly Raw[]
  readonly networks?: readonly Raw[]
  /** of the pools that were read so far; none: not read yet */
  readonly poolSizes?: readonly PoolSize[]
  readonly cpus?: number
  /** nanoseconds of all CPUs since boot */
  readonly cpu?: { readonly busyNs: number; readonly totalNs: number }
  readonly memoryKiB?: number
  readonly memoryFreeKiB?: number
}

/** One look at a host. */
export interface Reading {
  readonly host: string
  /** milliseconds since the epoch when the answer was complete */
  readonly at: number
  readonly hypervisor: HypervisorFacts
  /** the same object for a machine of which the same is told as in the look before, and the same list while that holds for all */
  readonly machines: readonly MachineFacts[]
  /** milliseconds since the epoch when the counters of disks and network were read, where that was not in this look */
  readonly devicesAt?: number
  /** What could not be read this time although the host answers, and why. */
  readonly partial?: Label
}

/** Where a watch brings what it saw. */
export interface Sink {
  reading(reading: Reading): void
  /** The host could not be read; what is known of it grows old. `hostAnswers`: it is only libvirt that does not. */
  trouble(host: string, error: HostError, hostAnswers: boolean): void
}
