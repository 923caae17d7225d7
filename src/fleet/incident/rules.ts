import { type Label, say } from '../../hosts/label.ts'
import type { EventType } from '../event-types.ts'

/** What a group of hosts that stand and fall together does: its roles, and `cluster` where a cluster manager says that it is one. */
export type Duty = 'cluster' | 'balancer' | 'frontend' | 'directory' | 'hypervisor' | 'machine' | 'host'

type Types = readonly EventType[]

/** Which events make one incident of a group, and what each of them is in it. */
export interface Rule {
  /** whose: the first rule counts whose duty the group has */
  readonly of: Duty
  /** a fault: it opens an incident, which is over when each of its faults is; with what ends it */
  readonly faults: Partial<Record<EventType, Types>>
  /** what tells why, and when it really began, where it was shortly before the first fault */
  readonly causes: Types
  /** whoever can act has noticed it */
  readonly detected: Types
  /** what was done about it without a person: the way round the fault */
  readonly acted: Types
  /** what ends a fault although what failed is not there again: a node that is clean may be gone */
  readonly away: Types
  /** what else belongs to it: what people did, what was hit */
  readonly belongs: Types
  /** milliseconds: what fails again so soon after it was restored is the same incident, that comes and goes */
  readonly apart: number
}

const minutes = 60_000

const host = { 'host.lost': ['host.back'] } as const satisfies Rule['faults']
const failures = {
  'directory.failed': ['directory.back'],
  'radius.failed': ['radius.back'],
  ...host,
} as const satisfies Rule['faults']

const causes: Types = ['link.lost', 'server.stopped']

/** What else goes on, and what people did about it; of every group. */
const around: Types = [
  'link.back',
  'server.started',
  'server.flaps',
  'failover.failed',
  'failover.back',
  'failover.state',
  'action.begun',
  'action.ended',
  'session.lost',
  'session.orphaned',
  'session.held',
]

/**
 * The rules of incidents, a row for each duty of a group. An event is of the group of the host that it is about: of that host alone, or of
 * all that are in one cluster with it, or are balancers with it (ties.ts).
 */
export const rules: readonly Rule[] = [
  {
    of: 'cluster',
    faults: {
      ...failures,
      'node.lost': ['node.joined'],
      'node.unclean': ['node.clean', 'node.joined'],
      'resource.stopped': ['resource.started', 'resource.moved'],
      'resource.failed': ['resource.mended', 'resource.moved', 'resource.started'],
      'resource.blocked': ['resource.unblocked'],
      'resource.twice': ['resource.once'],
      'cluster.split': ['cluster.whole'],
      'quorum.lost': ['quorum.back'],
      'dc.lost': ['dc.back'],
      'address.nowhere': ['address.held', 'address.moved'],
      'address.twice': ['address.once'],
      'service.unserved': ['service.served'],
      'ldirectord.stopped': ['ldirectord.started'],
      'libvirt.lost': ['libvirt.back'],
    },
    causes,
    detected: ['node.lost', 'node.unclean', 'cluster.split', 'quorum.lost', 'resource.failed'],
    acted: [
      'fenced',
      'resource.moved',
      'resource.started',
      'address.moved',
      'machine.started',
      'machine.moved',
    ],
    away: ['node.clean'],
    belongs: [
      ...around,
      'address.released',
      'balancer.lost',
      'balancer.back',
      'resource.counted',
      'machine.crashed',
      'machine.stopped',
    ],
    apart: 2 * minutes,
  },
  {
    of: 'balancer',
    faults: {
      ...host,
      'address.nowhere': ['address.held', 'address.moved'],
      'address.twice': ['address.once'],
      'service.unserved': ['service.served'],
      'ldirectord.stopped': ['ldirectord.started'],
    },
    causes,
    detected: ['failover.failed', 'failover.state'],
    acted: ['address.moved', 'service.served'],
    away: [],
    belongs: [...around, 'address.released', 'balancer.lost', 'balancer.back'],
    apart: 2 * minutes,
  },
  {
    of: 'frontend',
    faults: { ...failures, 'frontend.out': ['frontend.in', 'frontend.removed'] },
    causes,
    detected: ['directory.failed', 'radius.failed', 'frontend.out'],
    acted: ['frontend.out', 'frontend.removed'],
    away: [],
    belongs: [...around, 'frontend.added', 'descriptors.near'],
    apart: 2 * minutes,
  },
  {
    of: 'directory',
    faults: failures,
    causes,
    detected: ['directory.failed'],
    acted: [],
    away: [],
    belongs: [...around, 'descriptors.near'],
    apart: 2 * minutes,
  },
  {
    of: 'hypervisor',
    faults: { ...host, 'libvirt.lost': ['libvirt.back'] },
    causes,
    detected: ['fenced'],
    acted: ['machine.started', 'machine.moved'],
    away: [],
    belongs: [...around, 'machine.crashed', 'machine.stopped'],
    apart: 2 * minutes,
  },
  {
    of: 'machine',
    faults: { 'machine.crashed': ['machine.started', 'machine.gone', 'machine.resumed'] },
    causes,
    detected: [],
    acted: [],
    away: [],
    belongs: [...around, 'machine.stopped'],
    apart: 2 * minutes,
  },
  {
    of: 'host',
    faults: host,
    causes,
    detected: [],
    acted: [],
    away: [],
    belongs: around,
    apart: 2 * minutes,
  },
]

/** What an event says of its object in an incident, in a few words: the first of them is what the incident is called. */
export const saying: Partial<Record<EventType, Label>> = {
  'host.lost': say`stopped answering`,
  'host.back': say`answers again`,
  'directory.failed': say`LDAP failed`,
  'directory.back': say`LDAP answers again`,
  'radius.failed': say`RADIUS failed`,
  'radius.back': say`RADIUS answers again`,
  'libvirt.lost': say`libvirt stopped answering`,
  'frontend.out': say`taken out`,
  'frontend.in': say`back in service`,
  'node.lost': say`out of the cluster`,
  'node.joined': say`in the cluster again`,
  'node.unclean': say`unclean`,
  fenced: say`fenced`,
  'resource.stopped': say`runs nowhere`,
  'resource.failed': say`failed`,
  'resource.blocked': say`blocked`,
  'resource.twice': say`runs twice`,
  'cluster.split': say`split brain`,
  'quorum.lost': say`no quorum`,
  'dc.lost': say`no node decides`,
  'address.nowhere': say`address is held by nobody`,
  'address.twice': say`address is held twice`,
  'service.unserved': say`nobody serves`,
  'ldirectord.stopped': say`ldirectord stopped`,
  'machine.crashed': say`crashed`,
  'failover.failed': say`takes nothing over`,
}
