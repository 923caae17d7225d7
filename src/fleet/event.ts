import type { Label } from '../hosts/label.ts'
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
}
