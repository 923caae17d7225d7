import type { Label } from '../hosts/label.ts'

export type Severity = 'bad' | 'warning' | 'info'

/** Something that the console saw happen. */
export interface FleetEvent {
  readonly severity: Severity
  readonly host: string
  /** the machine's UUID, where it is about one */
  readonly uuid?: string
  readonly name?: Label
  /** the server of this host that it tells of, where that is one which is asked again and again */
  readonly server?: 'LDAP' | 'RADIUS'
  readonly text: Label
}
