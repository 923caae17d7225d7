import { isIP } from 'node:net'
import type { Host } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { keptWire } from '../../services/radius/kept-wire.ts'
import type { Fleet } from '../fleet.ts'
import type { Clients, Virtual } from '../member.ts'
import type { ServiceRecord } from '../service/record.ts'
import { ldapAsker, radiusAsker } from './askers.ts'
import type { Asker } from './run.ts'

/** What load is put on: a virtual service of the balancers, and nothing else. */
export interface Target {
  readonly service: ServiceRecord
  readonly speaks: 'LDAP' | 'RADIUS'
  /** a connection more */
  readonly asker: () => Asker
}

const usual = { ldap: [389, 636], radius: [1812] } as const

/**
 * How a virtual service is asked: by the accounts of a host that is behind it.
 *
 * @param from the host from which it is asked; none: this machine
 * @returns in words why it cannot be
 */
export function targetOf(
  service: ServiceRecord,
  fleet: Pick<Fleet, 'member' | 'snapshot'>,
  from?: Host,
): Target | Label {
  const found = placeOf(service.name)
  if (!found) return say`${service.name} has no address to which a client could connect`
  const { protocol, ...virtual } = found
  const clients = behind(service, fleet)
  if (!clients.length)
    return say`${service.name}: no host of the configuration is behind it whose LDAP or RADIUS is asked`
  const [ldap] = clients
    .filter((one) => isPort(virtual, usual.ldap, one.ports.ldap))
    .flatMap((one) => one.ldap ?? [])
  if (protocol === 'TCP' && ldap) {
    const server = ldap(virtual, from)
    return { service, speaks: 'LDAP', asker: () => ldapAsker(service.name, server) }
  }
  const [radius] = clients
    .filter((one) => isPort(virtual, usual.radius, one.ports.radius))
    .flatMap((one) => one.radius ?? [])
  if (protocol !== 'UDP' || !radius)
    return say`${service.name}: neither LDAP nor the authentication of RADIUS`
  if (from)
    return say`${service.name}: RADIUS goes by UDP, which ssh does not carry: not from ${label(from.name)}, only from here`
  const server = radius(virtual)
  return {
    service,
    speaks: 'RADIUS',
    asker: () => radiusAsker(service.name, server, server.wires ?? keptWire),
  }
}

/** Of the hosts of the configuration that are behind it. */
function behind({ reals }: ServiceRecord, fleet: Pick<Fleet, 'member' | 'snapshot'>): Clients[] {
  const { frontends } = fleet.snapshot()
  const hosts = reals.flatMap(({ address }) => frontends.find((one) => one.address === address)?.host ?? [])
  return hosts.flatMap((host) => fleet.member(host)?.clients ?? [])
}

function isPort({ port }: Virtual, known: readonly number[], own: number | undefined): boolean {
  return known.includes(port) || port === own
}

/** `TCP 10.9.0.100:389`, `UDP [fd00::100]:1812` */
function placeOf(name: string): (Virtual & { readonly protocol: string }) | undefined {
  const [, protocol = '', address = '', port = ''] = /^(TCP|UDP) \[?([^\]\s]+)\]?:(\d+)$/.exec(name) ?? []
  return isIP(address) ? { protocol, address, port: Number(port) } : undefined
}
