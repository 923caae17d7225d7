import { type LdapConfig, tellsPassword } from '../config/ldap.ts'
import type { RadiusConfig } from '../config/radius.ts'
import type { HostConfig } from '../config/schema.ts'
import { FileError, readNamed, readSecret } from '../config/secret.ts'
import { within } from '../hosts/abort.ts'
import { defined } from '../hosts/defined.ts'
import { dial } from '../hosts/dial.ts'
import { type Host, HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { deadline, ldapOf } from '../services/ldap/client.ts'
import type { LdapAccess, LdapServer } from '../services/ldap/facts.ts'
import type { RadiusSettings } from '../services/radius/facts.ts'
import type { RadiusServer } from '../services/radius/watch.ts'
import { overUdp } from '../services/radius/wire.ts'
import type { Clients, Virtual } from './member.ts'

/** The slapd of a host, as configured. Files are read at each connection. */
export function ldapServer(host: Host, config: HostConfig, ldap: LdapConfig): LdapServer {
  const url = ldap.url ?? `ldap://${inUrl(config.address ?? config.name)}`
  const through = url.startsWith('ldapi:') || ldap.throughSsh
  return ldapAt(host.name, url, ldap, through ? host : undefined)
}

/** Ports on which TLS comes first. */
const ldapsPort = 636

/**
 * A virtual service as its clients use it, asked as the slapd of a host behind it is.
 *
 * @param through from there; none: from this machine
 */
function virtualLdap(
  { address, port }: Virtual,
  config: HostConfig,
  ldap: LdapConfig,
  through?: Host,
): LdapServer {
  const name = `${inUrl(address)}:${port}`
  const isSecure =
    port === ldapsPort || ldap.url === `ldaps://${inUrl(config.address ?? config.name)}:${port}`
  const url = `${isSecure ? 'ldaps' : 'ldap'}://${name}`
  const own = { ...ldap, startTls: isSecure ? false : ldap.startTls, url, throughSsh: false }
  const told = tellsPassword(own, false)
  const { open, questions } = ldapAt(name, url, own, through, clientsPatience)
  const refused = () => {
    const advice = say`startTls: true, or "insecure: true" for it, in the configuration`
    throw new HostError(
      'refused',
      name,
      say`LDAP: the password of bindDn would go there for all to read`,
      advice,
    )
  }
  return { questions, open: told ? async () => refused() : open }
}

/** Milliseconds that a client waits for an answer: longer than the checks, which are to find out soon. */
const clientsPatience = 3_000

/**
 * @param through the host whose connections lead there; none: they are this machine's
 * @param patience milliseconds for one question
 */
function ldapAt(
  name: string,
  url: string,
  ldap: LdapConfig,
  through: Host | undefined,
  patience = deadline,
): LdapServer {
  const { base, check, expect } = ldap
  const [attribute = '', ...value] = expect?.split('=') ?? []
  const { scheme, place } = placeOf(url)
  const access = (): LdapAccess => ({
    scheme,
    place,
    startTls: ldap.startTls ?? false,
    ...(ldap.caFile === undefined ? {} : { ca: readNamed(ldap.caFile) }),
    ...(ldap.bindDn === undefined
      ? {}
      : { bind: { dn: ldap.bindDn, password: readSecret(ldap.passwordFile ?? '') } }),
  })
  return {
    open: ldapOf(
      name,
      orRefused(name, access),
      (to) =>
        through
          ? within(reachingTime, (late) => through.connect(to, late))
          : within(patience, (late) => dial(to, late)),
      patience,
    ),
    questions: {
      ...(base === undefined ? {} : { base }),
      ...(check === undefined ? {} : { entry: check }),
      ...(expect === undefined ? {} : { expect: { attribute, value: value.join('=') } }),
    },
  }
}

/** The FreeRADIUS of a host, as configured, or a virtual service that it is behind. Files are read at each look. */
export function radiusServer(config: HostConfig, radius: RadiusConfig, virtual?: Virtual): RadiusServer {
  const { secretFile, statusPort, statusSecretFile, user, passwordFile } = radius
  const { address, port = 1812 } = virtual ?? radius
  const settings = (): RadiusSettings => ({
    address: address ?? config.address ?? config.name,
    port,
    secret: secretFile === undefined ? '' : readSecret(secretFile),
    ...(statusPort === undefined ? {} : { statusPort }),
    ...(statusSecretFile === undefined ? {} : { statusSecret: readSecret(statusSecretFile) }),
    ...(user === undefined ? {} : { login: { user, password: readSecret(passwordFile ?? '') } }),
  })
  return { wire: overUdp, settings: orRefused(config.name, settings) }
}

/** How the virtual services are asked that a host is behind: as it is itself, with the same accounts. */
export function clientsOf(
  config: HostConfig,
  ldap: LdapConfig | undefined,
  radius: RadiusConfig | undefined,
): Clients {
  const own = ldap?.url?.startsWith('ldapi:') ? undefined : /:(\d+)\/?$/.exec(ldap?.url ?? '')?.[1]
  return {
    ...(ldap ? { ldap: (virtual, through) => virtualLdap(virtual, config, ldap, through) } : {}),
    ...(radius ? { radius: (virtual) => radiusServer(config, radius, virtual) } : {}),
    ports: defined({ ldap: own === undefined ? undefined : Number(own), radius: radius?.port }),
  }
}

/** Milliseconds to connect by ssh, and from there on. */
const reachingTime = 8_000

/** Where slapd listens by default with `ldapi:///` on Debian. */
const usualSocket = '/var/run/slapd/ldapi'

function placeOf(text: string): Pick<LdapAccess, 'scheme' | 'place'> {
  const [, scheme = '', rest = ''] = /^(ldaps?|ldapi):\/\/(.*)$/.exec(text) ?? []
  if (scheme === 'ldapi') {
    const path = decodeURIComponent(rest).replace(/(?<=.)\/$/, '')
    return { scheme, place: { path: path === '' || path === '/' ? usualSocket : path } }
  }
  const [, host = '', port] = /^(.*?)(?::(\d+))?\/?$/.exec(rest) ?? []
  const known = scheme === 'ldaps' ? ('ldaps' as const) : ('ldap' as const)
  return {
    scheme: known,
    place: { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port ?? (known === 'ldaps' ? 636 : 389)) },
  }
}

function inUrl(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

/** Milliseconds for which usable files are not read again. */
const rereadAfter = 30_000

/** An unusable file is a trouble of this host alone; once repaired, it is soon read again. */
function orRefused<T>(host: string, make: () => T): () => T {
  let known: { readonly value: T; readonly at: number } | undefined
  return () => {
    if (known && performance.now() - known.at < rereadAfter) return known.value
    try {
      known = { value: make(), at: performance.now() }
      return known.value
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      throw new HostError('refused', host, label(error.message), label(error.advice))
    }
  }
}
