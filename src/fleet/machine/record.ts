import type { Label } from '../../hosts/label.ts'
import type { NextStart } from '../../services/libvirt/facts.ts'
import type { Job } from '../../services/libvirt/parse.ts'
import type { MachineState } from '../../services/libvirt/states.ts'
import type { Rate } from '../rates.ts'

/** What a host says of a machine that is counted for another host. */
export interface OtherPlace {
  readonly host: string
  readonly state: MachineState
  readonly reason: Label
  readonly persistent: boolean
  readonly autostart: boolean
}

/** A virtual machine of the cluster: one record for each UUID, whichever hosts know it. */
export interface MachineRecord {
  readonly uuid: string
  readonly name: Label
  /** the name as libvirt has it: to be compared and passed on, never to be shown */
  readonly rawName: string
  readonly title?: Label
  /** the host it runs on, or that would start it */
  readonly host: string
  /** other hosts that know it: a definition left behind, or the target of a migration */
  readonly alsoOn: readonly string[]
  /** what these say of it; left out where there are none */
  readonly others?: readonly OtherPlace[]
  readonly state: MachineState | 'migrating'
  readonly reason: Label
  readonly vcpus?: number
  readonly vcpusMax?: number
  /** of its own vCPUs, 0 to 100 (the emulator's own work may lift it above) */
  readonly cpuPercent?: number
  /** KiB given now (balloon), at most, used */
  readonly memoryKiB?: number
  readonly memoryMaxKiB?: number
  readonly memoryUsedKiB?: number
  /** written and read by the guest */
  readonly disk?: Rate
  /** received and sent by the guest */
  readonly net?: Rate
  readonly autostart: boolean
  readonly persistent: boolean
  readonly graphics?: Label
  readonly osType?: Label
  readonly hasDisks?: boolean
  /** milliseconds since the epoch when its process on this host was started */
  readonly startedAt?: number
  readonly job?: Job
  /** of a running one with a definition: what that gives it from its next start on */
  readonly nextStart?: NextStart
  /** made by xl, so that libvirt does not know it (docs/internals/xen.md, "Domains that xl made") */
  readonly foreign?: true
  readonly migration?: { readonly from: string; readonly to: string; readonly percent?: number }
  /** hosts on which it runs at once, when these are more than one and no migration explains it */
  readonly runsTwice?: readonly string[]
  /** hosts on which it ran when they were last heard of, which was too long ago to count */
  readonly mayRunOn?: readonly string[]
}
