import type { LdapReading } from '../../services/ldap/facts.ts'
import type { Trouble } from '../trouble.ts'
import type { Replication } from './replication.ts'

/** An OpenLDAP server. */
export interface DirectoryRecord {
  readonly host: string
  /** its role: clients write to a provider, a consumer copies a provider, and a standalone server has no consumers */
  readonly role: 'provider' | 'consumer' | 'standalone'
  /** the last answer; none: never answered */
  readonly reading?: LdapReading
  /** no answer since */
  readonly trouble?: Trouble
  readonly replication: Replication
  /** no answer, or a wrong one, since: milliseconds since the epoch */
  readonly failingSince?: number
  /** completed operations a second, by kind; none until there were two readings */
  readonly rates?: ReadonlyMap<string, number>
}

/** Its lag behind the others in milliseconds; `undefined`: not known. */
export function lagOf({ replication, trouble, reading }: DirectoryRecord, now: number): number | undefined {
  if (trouble || !reading) return undefined
  if (replication.state === 'in step') return 0
  return replication.state === 'behind' ? Math.max(0, now - replication.since) : undefined
}

/** Whether it takes changes of clients and copies those of other providers. */
export function isMultiProvider({ reading }: Pick<DirectoryRecord, 'reading'>): boolean {
  return reading?.monitor?.isMultiProvider ?? false
}
