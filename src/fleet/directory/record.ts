import type { LdapReading } from '../../services/ldap/facts.ts'
import type { Trouble } from '../trouble.ts'
import type { Replication } from './replication.ts'

/** An OpenLDAP server. */
export interface DirectoryRecord {
  readonly host: string
  /** where its content comes from: clients write to a provider, a consumer copies one, and nobody copies a standalone one */
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

/** Milliseconds by which it is behind the others; `undefined`: it is not known. */
export function lagOf({ replication, trouble, reading }: DirectoryRecord, now: number): number | undefined {
  if (trouble || !reading) return undefined
  if (replication.state === 'in step') return 0
  return replication.state === 'behind' ? Math.max(0, now - replication.since) : undefined
}

/** Takes changes of clients, and copies those that others take. */
export function isMultiProvider({ reading }: Pick<DirectoryRecord, 'reading'>): boolean {
  return reading?.monitor?.isMultiProvider ?? false
}
