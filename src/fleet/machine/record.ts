import type { Counters } from '../../services/libvirt/domstats.ts'
import type { MachineFacts } from '../../services/libvirt/facts.ts'
import type { MachineState } from '../../services/libvirt/states.ts'
import type { Rates } from '../rates.ts'

/** What a host says of a machine that is counted for another host. */
export interface OtherPlace extends Pick<MachineFacts, 'state' | 'reason' | 'persistent' | 'autostart'> {
  readonly host: string
}

/** What the host tells of which a machine is: counters become rates. */
type Told = Omit<MachineFacts, 'state' | 'countersAt' | keyof Counters>

/** A virtual machine of the cluster: one record for each UUID, whichever hosts know it. */
export interface MachineRecord extends Told, Rates {
  readonly state: MachineState | 'migrating'
  /** the host it runs on, or that would start it */
  readonly host: string
  /** other hosts that know it: a definition left behind, or the target of a migration */
  readonly alsoOn: readonly string[]
  /** what these say of it; left out where there are none */
  readonly others?: readonly OtherPlace[]
  readonly migration?: { readonly from: string; readonly to: string; readonly percent?: number }
  /** hosts on which it runs at once, when these are more than one and no migration explains it */
  readonly runsTwice?: readonly string[]
  /** hosts on which it ran when they were last heard of, which was too long ago to count */
  readonly mayRunOn?: readonly string[]
}
