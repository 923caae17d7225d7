import type { LdapConfig } from '../config/ldap.ts'
import type { RadiusConfig } from '../config/radius.ts'
import type { HostConfig } from '../config/schema.ts'
import { FileError, readNamed, readSecret } from '../config/secret.ts'
import { within } from '../hosts/abort.ts'
import { dial } from '../hosts/dial.ts'
import { type Host, HostError } from '../hosts/host.ts'
import { label } from '../hosts/label.ts'
import { deadline, ldapOf } from '../services/ldap/client.ts'
import type { LdapAccess, LdapServer } from '../services/ldap/facts.ts'
import type { RadiusSettings } from '../services/radius/facts.ts'
import type { RadiusServer } from '../services/radius/watch.ts'
import { overUdp } from '../services/radius/wire.ts'

/** The slapd of a host, as configured. Files are read at each connection. */
export function ldapServer(host: Host, config: HostConfig, ldap: LdapConfig): LdapServer {
  const { base, check, expect } = ldap
  const [attribute = '', ...value] = expect?.split('=') ?? []
  const { scheme, place } = placeOf(ldap.url ?? `ldap://${inUrl(config.address ?? config.name)}`)
  const access = (): LdapAccess => ({
    scheme,
    place,
    startTls: ldap.startTls ?? false,
    ...(ldap.caFile === undefined ? {} : { ca: readNamed(ldap.caFile) }),
    ...(ldap.bindDn === undefined
      ? {}
      : { bind: { dn: ldap.bindDn, password: readSecret(ldap.passwordFile ?? '') } }),
  })
  const through = scheme === 'ldapi' || ldap.throughSsh
  return {
    open: ldapOf(host.name, orRefused(host.name, access), (to) =>
      through
        ? within(reachingTime, (late) => host.connect(to, late))
        : within(deadline, (late) => dial(to, late)),
    ),
    questions: {
      ...(base === undefined ? {} : { base }),
      ...(check === undefined ? {} : { entry: check }),
      ...(expect === undefined ? {} : { expect: { attribute, value: value.join('=') } }),
    },
  }
}

/** The FreeRADIUS of a host, as configured. Files are read at each look. */
export function radiusServer(config: HostConfig, radius: RadiusConfig): RadiusServer {
  const { address, port = 1812, secretFile, statusPort, statusSecretFile, user, passwordFile } = radius
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
