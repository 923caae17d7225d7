import { type Label, label, say } from '../../hosts/label.ts'
import type { CarriedHere, HeartbeatNode, HeartbeatReading } from '../../services/heartbeat/facts.ts'
import type { Instance, KeepalivedReading } from '../../services/keepalived/facts.ts'
import { byNumbers } from '../../words/by-numbers.ts'
import type { CarriedFacts, MemberFacts, Telling } from './record.ts'

/** What a node of heartbeat told, in the words of clusters. It knows of the others whether it hears them, and of resources what it has itself. */
export function heartbeatTelling({ host, at, took, heartbeat }: HeartbeatReading): Telling {
  const { self, isRunning, nodes, carried, holds } = heartbeat
  return {
    host,
    at,
    took,
    self,
    isStopped: !isRunning,
    cluster: {
      ...nobodyDecides,
      // Each node lists itself last.
      nodes: nodes
        .map((node) => memberFacts(node, node.name === self ? holds : undefined))
        .sort((a, b) => byNumbers(a.name, b.name)),
      resources: carried.map((one) => carriedFacts(one, self)),
    },
  }
}

/** Without a cluster manager each node decides for itself, and keeps no account. */
const nobodyDecides = {
  quorum: true,
  mixed: false,
  maintenance: false,
  stopsAll: false,
  failCounts: [],
  failures: [],
  bans: [],
  fencing: [],
} as const

const calm = {
  type: say`member`,
  pending: false,
  standby: false,
  standbyOnFail: false,
  maintenance: false,
  unclean: false,
  shutdown: false,
  isDc: false,
} as const

function memberFacts({ name, state, links }: HeartbeatNode, holds: Label | undefined): MemberFacts {
  return {
    ...calm,
    name,
    online: state === 'active' || state === 'up',
    pending: state === 'up',
    links,
    ...(holds ? { holds } : {}),
  }
}

function carriedFacts({ rawId, name, script, prefers, isHere }: CarriedHere, self: Label): CarriedFacts {
  return {
    id: name,
    rawId,
    within: [{ kind: 'group', id: prefers }],
    agent: label(script),
    role: isHere ? say`Started` : say`Stopped`,
    active: isHere ?? false,
    orphaned: false,
    blocked: false,
    managed: true,
    failed: false,
    nodes: isHere ? [self] : [],
    prefers,
    isUnsure: isHere === undefined,
  }
}

/** What a node of keepalived told: its VRRP instances are the resources, and of the other node it knows nothing. */
export function keepalivedTelling({ host, at, took, keepalived }: KeepalivedReading): Telling {
  const { self, isRunning, instances } = keepalived
  const faults = instances
    .filter(({ state }) => state === 'fault')
    .map(({ name }) => ({
      what: `fault of ${name}`,
      text: say`${label(name)} is in state FAULT: it takes nothing over`,
      over: say`${label(name)} is no longer in state FAULT`,
    }))
  return {
    host,
    at,
    took,
    self,
    hearsNobody: true,
    isStopped: !isRunning,
    cluster: {
      ...nobodyDecides,
      nodes: [{ ...calm, name: self, online: isRunning, faults }],
      resources: instances.map((one) => instanceFacts(one, self)),
    },
  }
}

/** The same virtual router has the same number and addresses on all its nodes; its name is each one's own. */
function instanceFacts(one: Instance, self: Label): CarriedFacts {
  const { name, routerId, addresses, isHere, state, since, priority, effectivePriority = priority } = one
  const word = isHere ? say`Master` : state === 'fault' ? say`Fault` : say`Backup`
  return {
    id: label(name),
    rawId: `VRRP ${routerId ?? name} ${addresses[0] ?? ''}`,
    within: [],
    agent: routerId === undefined ? say`VRRP` : say`VRRP ${routerId}`,
    role: word,
    active: isHere,
    orphaned: false,
    blocked: false,
    managed: true,
    failed: false,
    nodes: isHere ? [self] : [],
    ...(effectivePriority === undefined ? {} : { priority: effectivePriority }),
    ...(isHere && state === 'master' && since !== undefined ? { since } : {}),
  }
}
