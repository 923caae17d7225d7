import { type Label, label, say } from '../../hosts/label.ts'
import type { CarriedHere, HeartbeatNode, HeartbeatReading } from '../../services/heartbeat/facts.ts'
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
      // With haresources there is neither: each node decides for itself.
      quorum: true,
      mixed: false,
      maintenance: false,
      stopsAll: false,
      // Each node lists itself last.
      nodes: nodes
        .map((node) => memberFacts(node, node.name === self ? holds : undefined))
        .sort((a, b) => byNumbers(a.name, b.name)),
      resources: carried.map((one) => carriedFacts(one, self)),
      failCounts: [],
      failures: [],
      bans: [],
      fencing: [],
    },
  }
}

function memberFacts({ name, state, links }: HeartbeatNode, holds: Label | undefined): MemberFacts {
  return {
    name,
    type: say`member`,
    online: state === 'active' || state === 'up',
    pending: state === 'up',
    standby: false,
    standbyOnFail: false,
    maintenance: false,
    unclean: false,
    shutdown: false,
    isDc: false,
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
