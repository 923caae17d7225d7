import type { EventType } from '../../../src/fleet/event-types.ts'
import { Incidents } from '../../../src/fleet/incident/incidents.ts'
import type { Incident } from '../../../src/fleet/incident/record.ts'
import { Ties } from '../../../src/fleet/incident/ties.ts'
import type { Entry } from '../../../src/fleet/journal/journal.ts'
import type { Ref } from '../../../src/fleet/ref.ts'
import { label } from '../../../src/hosts/label.ts'

/** A Sunday morning; times in tests are seconds after it. */
export const morning = Date.UTC(2026, 10, 22, 6)

export const members = [
  { name: 'lb1', roles: ['balancer' as const], address: '10.0.0.1' },
  { name: 'lb2', roles: ['balancer' as const], address: '10.0.0.2' },
  { name: 'fe1', roles: ['frontend' as const], address: '10.0.0.11' },
  { name: 'fe2', roles: ['frontend' as const], address: '10.0.0.12' },
  { name: 'ha1', roles: ['pacemaker' as const, 'directory' as const] },
  { name: 'ha2', roles: ['pacemaker' as const, 'directory' as const] },
  { name: 'kl1', roles: ['keepalived' as const] },
  { name: 'kl2', roles: ['keepalived' as const] },
  { name: 'rs1', roles: ['frontend' as const], address: '10.9.0.11' },
  { name: 'rs2', roles: ['frontend' as const], address: '10.9.0.12' },
  { name: 'hv1', roles: ['hypervisor' as const] },
  { name: 'hv2', roles: ['hypervisor' as const] },
]

interface Given {
  readonly host: string
  readonly about?: Ref
  readonly name?: string
  readonly text?: string
  readonly severity?: Entry['severity']
  readonly source?: NonNullable<Entry['source']>
  readonly who?: string
  /** the line of a log */
  readonly raw?: string
}

let ids = 0

/** An entry of the journal, so many seconds after that morning began. */
export function entry(seconds: number, type: EventType, given: Given): Entry {
  const { host, about, name, text, severity, who, raw, ...rest } = given
  return {
    id: ++ids,
    at: morning + Math.round(seconds * 1000),
    kind: who === undefined ? 'seen' : 'did',
    severity: severity ?? (/(lost|failed|nowhere|unserved|split|crashed)$/.test(type) ? 'bad' : 'info'),
    type,
    host: label(host),
    about: about ?? { kind: 'host', id: host },
    ...(name === undefined ? {} : { name: label(name) }),
    ...(who === undefined ? {} : { who: label(who) }),
    ...(raw === undefined ? {} : { raw: label(raw) }),
    text: label(text ?? type),
    ...rest,
  }
}

/** The incidents of these, the oldest first. */
export function incidentsOf(...entries: readonly Entry[]): readonly Incident[] {
  const all = new Incidents(new Ties(members))
  all.take(entries)
  return all.list.toReversed()
}

/** Its steps, in seconds after the first sign. */
export function steps({ fault, detected, acted, settled, restored }: Incident) {
  const after = (phase: typeof acted) => (phase ? (phase.at - fault.at) / 1000 : undefined)
  return {
    detected: after(detected),
    acted: after(acted),
    settled: after(settled),
    restored: after(restored),
  }
}
