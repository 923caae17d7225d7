import type { HostConfig } from '../config/schema.ts'
import type { Host } from '../hosts/host.ts'
import type { LdapServer } from '../services/ldap/facts.ts'
import type { RadiusServer } from '../services/radius/watch.ts'

/** A host of the cluster: how it is reached, and its servers that are polled. */
export interface Member {
  readonly host: Host
  readonly config: HostConfig
  /** its slapd, where it is asked */
  readonly ldap?: LdapServer
  /** its FreeRADIUS, where it is asked */
  readonly radius?: RadiusServer
}
