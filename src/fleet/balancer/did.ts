import { type Label, label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import type { LdirectordEvent } from '../../services/ldirectord/facts.ts'
import { happening } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import type { EventType } from '../event-types.ts'
import { hostConcern } from '../ref.ts'
import type { BalancerRecord } from './record.ts'

/** What ldirectord did on a balancer; undefined: that is told by a reading. */
export function didEvent(host: string, event: LdirectordEvent): FleetEvent | undefined {
  const text = eventText(event)
  const severity = event.kind === 'quiescent' || event.kind === 'deleted' ? 'warning' : 'info'
  return (
    text && {
      ...happening(hostConcern(host)),
      severity,
      type: doneTypes[event.kind],
      source: 'ldirectord',
      text,
    }
  )
}

const doneTypes: Readonly<Record<LdirectordEvent['kind'], EventType>> = {
  quiescent: 'frontend.out',
  deleted: 'frontend.removed',
  restored: 'frontend.in',
  added: 'frontend.added',
  started: 'ldirectord.started',
  stopped: 'ldirectord.stopped',
  reloaded: 'ldirectord.reloaded',
  changed: 'ldirectord.reloaded',
}

/** What ldirectord did. Its log does not say why a server is quiescent: a check failed, or it is in maintenance. */
function eventText({ kind, real, virtual, weight }: LdirectordEvent): Label | undefined {
  const [server, service] = [label(real ?? ''), label(virtual ?? '')]
  switch (kind) {
    case 'quiescent':
      return say`${server} out of ${service} (ldirectord)`
    case 'deleted':
      return say`${server} deleted from ${service}: its connections are cut (ldirectord)`
    case 'restored':
      return say`${server} back in ${service}, weight ${weight ?? 0} (ldirectord)`
    case 'added':
      return say`${server} added to ${service}, weight ${weight ?? 0} (ldirectord)`
    case 'started':
      return say`ldirectord started`
    case 'stopped':
      return say`ldirectord stopped`
    case 'reloaded':
      return say`ldirectord reloads its configuration`
    case 'changed':
      return undefined // told by the reading
  }
}

/** The service as ldirectord's log names it. */
export function placeOf({ id }: { readonly id: string }): string {
  return id.slice(id.indexOf(' ') + 1)
}

/** A balancer after what its log told. */
export function withDone(before: BalancerRecord, events: readonly LdirectordEvent[]): BalancerRecord {
  const lastDid = new Map(before.lastDid)
  const returning = new Set(before.returning)
  for (const event of events) {
    if (!event.virtual || !event.real) continue
    const key = `${event.virtual} ${event.real}`
    // The newest comes last, so that the oldest is dropped first.
    lastDid.delete(key)
    lastDid.set(key, event)
    returning.delete(key)
  }
  for (const oldest of lastDid.keys()) {
    if (lastDid.size <= limits.loggedReals) break
    lastDid.delete(oldest)
  }
  return { ...before, lastDid, returning }
}
