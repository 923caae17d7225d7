import type { Label, Raw } from '../../hosts/label.ts'
import type { NodeReading } from '../node-watch.ts'

/** A node, as one of them sees it: crm_mon(8), `<nodes>`. */
export interface NodeFacts {
  readonly name: Label
  /** `member`, `remote`, `ping`, … */
  readonly type: Label
  readonly online: boolean
  readonly standby: boolean
  /** a failure put it on standby, and nobody a person */
  readonly standbyOnFail: boolean
  readonly maintenance: boolean
  /** it is joining: in the membership, not yet in the cluster */
  readonly pending: boolean
  /** what it runs is not known, and it must be fenced first */
  readonly unclean: boolean
  readonly shutdown: boolean
  /** the designated controller: the one that decides */
  readonly isDc: boolean
  readonly featureSet?: Label
}

/** What a resource is in: a group, a clone, a bundle. */
export interface Container {
  readonly kind: 'group' | 'clone' | 'bundle'
  readonly id: Label
}

/** One running or stopped part of a resource: a clone has several. */
export interface ResourceFacts {
  readonly id: Label
  /** to be passed on to commands */
  readonly rawId: Raw
  /** from the outermost inwards */
  readonly within: readonly Container[]
  /** `ocf:heartbeat:IPaddr2` */
  readonly agent: Label
  /** `Started`, `Stopped`, `Promoted`, `Unpromoted` (`Master`, `Slave` before 2.1), `Starting`, `Migrating`, … */
  readonly role: Label
  /** what it should be, where somebody said so */
  readonly targetRole?: Label
  readonly active: boolean
  /** it runs, and is in no configuration any more */
  readonly orphaned: boolean
  /** it can be neither started nor stopped until a person has looked */
  readonly blocked: boolean
  readonly managed: boolean
  readonly failed: boolean
  /** what is being done with it */
  readonly pending?: Label
  /** the nodes that it runs on; more than one: while it migrates, or where it must not */
  readonly nodes: readonly Label[]
}

/** How often a resource failed on a node since somebody cleaned up. */
export interface FailCount {
  readonly resource: Label
  readonly node: Label
  /** undefined: INFINITY, it is not tried there any more */
  readonly count?: number
  /** as the node writes it, in its local time */
  readonly last?: Label
}

/** An action that failed. */
export interface FailedAction {
  readonly resource: Label
  readonly node: Label
  /** `monitor`, `start`, … */
  readonly task: Label
  /** `not running`, `Timed Out`, … */
  readonly exit: Label
  /** what the agent said */
  readonly reason?: Label
  readonly at?: Label
}

/** A rule that keeps a resource away from a node, or holds it at one; `cli-…` are left behind by a move or a ban. */
export interface LocationRule {
  readonly id: Label
  readonly resource: Label
  readonly node: Label
  /** `-INFINITY`, `INFINITY`, `100`; crm_mon writes the infinite ones as a million */
  readonly score: Label
  /** when it ends by itself, as Pacemaker writes it; it stays in the configuration after that */
  readonly until?: Label
}

/** A fencing of the past, or one that goes on. */
export interface Fencing {
  readonly target: Label
  /** `reboot`, `off`, … */
  readonly action: Label
  /** `success`, `failed`, `pending` */
  readonly status: Label
  readonly at?: Label
}

/** What one node tells of its cluster. */
export interface ClusterFacts {
  /** none: there is none at the moment */
  readonly dc?: Label
  readonly quorum: boolean
  readonly version?: Label
  /** nodes of several versions are in it */
  readonly mixed: boolean
  readonly maintenance: boolean
  readonly stopsAll: boolean
  readonly fencingEnabled?: boolean
  readonly nodes: readonly NodeFacts[]
  readonly resources: readonly ResourceFacts[]
  readonly failCounts: readonly FailCount[]
  readonly failures: readonly FailedAction[]
  readonly bans: readonly LocationRule[]
  readonly fencing: readonly Fencing[]
}

/** A resource that is a virtual machine. */
export interface CarriedMachine {
  readonly resource: Raw
  /** its name, as libvirt or Xen has it */
  readonly machine: Raw
  /** it is moved live, and otherwise stopped and started elsewhere */
  readonly isLive: boolean
}

export interface PacemakerTold {
  readonly cluster: ClusterFacts
  /** location rules with an id by which crm_resource makes them, both ways; none: they could not be read */
  readonly left?: readonly LocationRule[]
  /** the virtual machines among its resources; none: there are none, or they could not be read */
  readonly machines?: readonly CarriedMachine[]
}

export type PacemakerReading = NodeReading<PacemakerTold>
