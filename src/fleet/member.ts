import type { HostConfig } from '../config/schema.ts'
import type { Host } from '../hosts/host.ts'
import type { LdapServer } from '../services/ldap/facts.ts'
import type { KeptWire } from '../services/radius/kept-wire.ts'
import type { RadiusServer } from '../services/radius/watch.ts'

/** A host of the cluster: how it is reached, and its servers that are polled. */
export interface Member {
  readonly host: Host
  readonly config: HostConfig
  /** its slapd, where it is asked */
  readonly ldap?: LdapServer
  /** its FreeRADIUS, where it is asked */
  readonly radius?: RadiusServer
  /** the virtual services that it is behind, asked as it is itself */
  readonly clients?: Clients
}

/** How virtual services are asked as their clients do. */
export interface Clients {
  /** by TCP, from a host, or from this machine; none: no LDAP is configured there */
  readonly ldap?: (virtual: Virtual, through?: Host) => LdapServer
  /** by UDP, from this machine */
  readonly radius?: (virtual: Virtual) => RadiusServer & { readonly wires?: () => KeptWire }
  /** the ports of its own servers, besides the usual ones */
  readonly ports: { readonly ldap?: number; readonly radius?: number }
}

/** Where a virtual service is. */
export interface Virtual {
  readonly address: string
  readonly port: number
}
