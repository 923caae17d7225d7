import type { Label, Raw } from '../../hosts/label.ts'
import type { NodeReading } from '../node-watch.ts'

export interface HeartbeatLink {
  readonly name: Label
  readonly isUp: boolean
}

/** A node, as the one that is asked hears it. */
export interface HeartbeatNode {
  readonly name: Label
  /** `active`; `up`: its heartbeat has begun, and takes nothing yet; `dead`; `init`, …; none: heartbeat does not run where this was asked */
  readonly state?: Label
  readonly links: readonly HeartbeatLink[]
}

/** How it is seen whether this node has it: its address, its mount, or what its script says. */
export type CarriedKind = 'address' | 'mount' | 'script'

/** What heartbeat carries: one word of haresources. */
export interface Carried {
  /** the word: `IPaddr2::10.9.0.100/24/eth0` */
  readonly rawId: Raw
  /** the address, where it is mounted, or the script: what people call it */
  readonly name: Label
  /** `IPaddr2`, `Filesystem`, `slapd` */
  readonly script: Raw
  readonly words: readonly Raw[]
  readonly kind: CarriedKind
  /** the node that it belongs to: the first word of its line */
  readonly prefers: Label
}

export interface CarriedHere extends Carried {
  /** whether this node has it; none: its script does not say */
  readonly isHere?: boolean
}

/** What one node tells. */
export interface HeartbeatFacts {
  /** its own name: `uname -n` */
  readonly self: Label
  readonly isRunning: boolean
  /** of which resources it believes that it holds them: `all`, `local`, `foreign`, `none`; alone it does not tell who holds an address */
  readonly holds?: Label
  readonly nodes: readonly HeartbeatNode[]
  readonly carried: readonly CarriedHere[]
}

export interface HeartbeatTold {
  readonly heartbeat: HeartbeatFacts
}

export type HeartbeatReading = NodeReading<HeartbeatTold>
