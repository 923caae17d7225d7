import type { EventType } from '../event-types.ts'

/**
 * What is seen by looking, and told by logs, too: within so many milliseconds the same word about the same object is the same event. It is the longest that it takes
 * from when it happened until vdd has seen it, and one node after the other has written it down. Words that are not here are told by one of both alone.
 */
export const sameWithin: Partial<Readonly<Record<EventType, number>>> = {
  'node.lost': 10_000,
  'node.joined': 15_000,
  fenced: 15_000,
  'resource.started': 5_000,
  'resource.failed': 10_000,
  'frontend.in': 3_000,
  'frontend.out': 3_000,
  'frontend.added': 3_000,
  'frontend.removed': 3_000,
  'ldirectord.started': 3_000,
  'ldirectord.stopped': 3_000,
  'ldirectord.reloaded': 3_000,
  'ldirectord.stale': 3_000,
  'machine.started': 5_000,
  'machine.stopped': 5_000,
  'machine.crashed': 5_000,
  'machine.moved': 10_000,
  'link.lost': 5_000,
  'link.back': 5_000,
  'failover.failed': 5_000,
}

/** What comes between two words of the kind, so that the later one tells of something else. */
export const undoneBy: Partial<Readonly<Record<EventType, readonly EventType[]>>> = {
  'node.lost': ['node.joined'],
  'node.joined': ['node.lost'],
  'resource.started': ['resource.stopped'],
  'resource.failed': ['resource.mended'],
  'frontend.in': ['frontend.out'],
  'frontend.out': ['frontend.in'],
  'frontend.added': ['frontend.removed'],
  'frontend.removed': ['frontend.added'],
  'ldirectord.started': ['ldirectord.stopped'],
  'ldirectord.stopped': ['ldirectord.started'],
  'machine.started': ['machine.stopped', 'machine.crashed'],
  'machine.stopped': ['machine.started'],
  'machine.crashed': ['machine.started'],
  'link.lost': ['link.back'],
  'link.back': ['link.lost'],
  'failover.failed': ['failover.back'],
}

/**
 * Words for how something stands from then on, each with the one that ends it. A console that looks for the first time sees that a node is lost, and may see it hours after
 * a log told of it: as long as nothing told of the end since, that is no other event.
 */
export const endedBy: Partial<Readonly<Record<EventType, EventType>>> = {
  'node.lost': 'node.joined',
  'node.joined': 'node.lost',
  'ldirectord.stopped': 'ldirectord.started',
  'ldirectord.started': 'ldirectord.stopped',
}
