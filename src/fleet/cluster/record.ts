import { type Label, label, type Raw, say } from '../../hosts/label.ts'
import type {
  CarriedMachine,
  ClusterFacts,
  Container,
  FailCount,
  FailedAction,
  LocationRule,
  NodeFacts,
  ResourceFacts,
} from '../../services/pacemaker/facts.ts'
import type { Concern } from '../ref.ts'
import type { Trouble } from '../trouble.ts'

/** What holds the nodes together, by the role that says so. */
export const managers = ['pacemaker', 'heartbeat', 'keepalived'] as const
export type Manager = (typeof managers)[number]

export function managerName(manager: Manager): Label {
  return manager === 'pacemaker' ? say`Pacemaker` : label(manager)
}

/** A node, with what only some managers tell of it. */
export interface MemberFacts extends NodeFacts {
  /** heartbeat's: how the one that is asked hears it */
  readonly links?: readonly { readonly name: Label; readonly isUp: boolean }[]
  /** heartbeat's own word for what it believes to hold: `all`, `local`, `foreign`, `none` */
  readonly holds?: Label
  /** what its manager says that is wrong there, each with a word that stays the same */
  readonly faults?: readonly { readonly what: string; readonly text: Label; readonly over: Label }[]
}

/** A resource, with what only some managers tell of it. */
export interface CarriedFacts extends ResourceFacts {
  /** the node that it belongs to by the configuration */
  readonly prefers?: Label
  /** the node that tells does not know whether it runs there */
  readonly isUnsure?: boolean
  /** keepalived's: the node with the highest shall have it */
  readonly priority?: number
  /** since when it runs there, by the clock of the node, in milliseconds since the epoch */
  readonly since?: number
}

/** What one node told. */
export interface Telling {
  readonly host: string
  /** milliseconds since the epoch */
  readonly at: number
  /** milliseconds that it took */
  readonly took: number
  readonly cluster: Omit<ClusterFacts, 'nodes' | 'resources'> & {
    readonly nodes: readonly MemberFacts[]
    readonly resources: readonly CarriedFacts[]
  }
  /** location rules that moves leave; none: they could not be read */
  readonly left?: readonly LocationRule[]
  /** the virtual machines among its resources */
  readonly machines?: readonly CarriedMachine[]
  /** the node that it is, where it tells of what it has itself and not of what others have */
  readonly self?: Label
  /** it tells of no other node, so that those are of one cluster which may have the same */
  readonly hearsNobody?: boolean
  /** its own manager does not run there */
  readonly isStopped?: boolean
}

/** A host that is asked for its cluster, and what it told last. */
export interface TellerRecord {
  readonly host: string
  readonly manager: Manager
  /** none: never answered */
  readonly reading?: Telling
  /** by resource: when one that tells of itself was last seen to take or release it, in milliseconds since the epoch */
  readonly handed?: ReadonlyMap<string, number>
  /** by resource that runs nowhere yet: when it was seen to be enabled, in milliseconds since the epoch */
  readonly enabled?: ReadonlyMap<string, number>
  /** resources that ran nowhere and are being started */
  readonly missed?: ReadonlySet<string>
  /** nodes of which it has told what features they have */
  readonly features?: ReadonlySet<Label>
  /** no answer since, or one that says that it does not know */
  readonly trouble?: Trouble
}

/** Nodes that see each other: one partition of a cluster, and whole clusters have one. */
export interface Partition {
  /** the answer that stands for it */
  readonly told: TellerRecord & { readonly reading: Telling }
  /** the nodes that it has, in the order of the cluster */
  readonly online: readonly Label[]
}

/** How it stands with a node. */
export type NodeState = 'online' | 'offline' | 'unclean' | 'pending' | 'standby' | 'maintenance' | 'not known'

/** A node of a cluster. */
export interface NodeRecord {
  /** `ha1+ha2 ha1` */
  readonly id: string
  readonly name: Label
  /** by which its cluster is known: `ha1+ha2` */
  readonly cluster: string
  /** the host whose answer this is */
  readonly host: string
  readonly manager: Manager
  readonly state: NodeState
  readonly facts: MemberFacts
  /** it is in a partition that is not the only one */
  readonly isApart: boolean
  /** the resources that run on it, each part of a clone counted */
  readonly runs: number
  /** Pacemaker's, of the DC of its partition */
  readonly version?: Label
  readonly quorum: boolean
  /** Pacemaker's: a node that it knows nothing of is fenced before anything of it is started elsewhere; none: it does not say */
  readonly fencingEnabled?: boolean
  /** milliseconds since the epoch of that answer */
  readonly at: number
  /** its own host was asked and does not know, or not answer */
  readonly trouble?: Trouble
}

/** Where a part of a resource is. */
export interface ResourcePlace {
  readonly node: Label
  readonly role: Label
  readonly failed: boolean
}

/** A resource of a cluster; the parts of a clone are one. */
export interface ResourceRecord {
  /** `ha1+ha2 directory-ip` */
  readonly id: string
  readonly name: Label
  readonly rawName: Raw
  readonly cluster: string
  readonly manager: Manager
  /** the host whose answer this is */
  readonly host: string
  readonly agent: Label
  /** from the outermost inwards */
  readonly within: readonly Container[]
  readonly places: readonly ResourcePlace[]
  /** the nodes that may run it, too, and do not say */
  readonly unsure: readonly Label[]
  /** the node that it belongs to by the configuration */
  readonly prefers?: Label
  /** where nodes have priorities, in the order of the nodes */
  readonly priorities: readonly { readonly node: Label; readonly priority: number }[]
  /** since when it runs where it does, by the clock of that node, in milliseconds since the epoch */
  readonly since?: number
  /** it is this virtual machine, by its name as the hypervisor has it; and whether it is moved live */
  readonly machine?: { readonly name: Raw; readonly isLive: boolean }
  /** it was enabled a moment ago, and the cluster has not started it yet */
  readonly isToStart?: true
  /** it ran nowhere, and is being started */
  readonly isMissed?: true
  /** parts of it that run nowhere */
  readonly stopped: number
  readonly targetRole?: Label
  readonly managed: boolean
  readonly blocked: boolean
  readonly orphaned: boolean
  readonly failed: boolean
  /** what is being done with it */
  readonly pending?: Label
  /** the whole cluster is left alone: nothing is started or stopped */
  readonly clusterRests: boolean
  readonly failCounts: readonly FailCount[]
  readonly failures: readonly FailedAction[]
  /** what a move or a ban has left behind for it, or for what it is in */
  readonly rules: readonly LocationRule[]
  readonly at: number
}

/** A cluster, as those of its nodes tell that are asked. */
export interface ClusterRecord {
  /** its nodes' names, the first of them where they are many: `ha1+ha2`; there is no other that all versions tell */
  readonly id: string
  readonly manager: Manager
  readonly tellers: readonly TellerRecord[]
  /** somebody who is asked knows what runs where */
  readonly isKnown: boolean
  /** more than one: split brain; none: nobody who was asked knows */
  readonly partitions: readonly Partition[]
  readonly nodes: readonly NodeRecord[]
  readonly resources: readonly ResourceRecord[]
}

export function nodeConcern({ id, host, name }: NodeRecord): Concern {
  return { about: { kind: 'node', id }, host, name }
}

export function resourceConcern({ id, host, name }: ResourceRecord): Concern {
  return { about: { kind: 'resource', id }, host, name }
}
