import type { Label } from '../hosts/label.ts'
import type { EventSource, EventType } from './event-types.ts'
import type { Ref } from './ref.ts'

export type Severity = 'bad' | 'warning' | 'info'

/** Something that the console saw happen. */
export interface FleetEvent {
  readonly severity: Severity
  /** what it happened to */
  readonly about: Ref
  /** where it was seen */
  readonly host: string
  /** what it happened to, where that is not the host */
  readonly name?: Label
  /** the polled server of this host that it tells of */
  readonly server?: 'LDAP' | 'RADIUS'
  readonly text: Label
  /** what happened, in a word for rules and scripts */
  readonly type?: EventType
  /** who told of it; none: vdd has looked itself */
  readonly source?: EventSource
  /** when it happened where it happened, in milliseconds since the epoch, corrected for the clock of the host; none: when it was seen */
  readonly at?: number
  /** milliseconds by which `at` may be wrong, either way; none: not known */
  readonly uncertainty?: number
  /** the line of the source that tells of it */
  readonly raw?: Label
}
