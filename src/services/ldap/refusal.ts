import { InvalidCredentialsError, ResultCodeError } from 'ldapts'
import { HostError, type HostErrorKind } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { LdapResult, resultNames } from './result.ts'

type Why = readonly [kind: HostErrorKind, reason: Label, advice?: Label]

/** What the system or TLS says, by its code. Node's own list: errors of system calls, and X509 errors of tls. */
const byCode: Readonly<Record<string, Why>> = {
  ECONNREFUSED: ['unreachable', say`LDAP: connection refused`, say`is slapd running there, on this port?`],
  EHOSTUNREACH: ['unreachable', say`LDAP: no route`, say`is it switched on, and is the network up?`],
  ENETUNREACH: ['unreachable', say`LDAP: no route`, say`is the network up?`],
  ETIMEDOUT: ['timeout', say`LDAP: no answer`, say`is it switched on? does a firewall drop the packets?`],
  ENOTFOUND: [
    'unreachable',
    say`LDAP: the name is not known`,
    say`correct the url in the configuration, or DNS`,
  ],
  EAI_AGAIN: [
    'unreachable',
    say`LDAP: the name is not known`,
    say`correct the url in the configuration, or DNS`,
  ],
  ENOENT: [
    'unreachable',
    say`LDAP: there is no such socket`,
    say`is slapd running, and does it listen on ldapi?`,
  ],
  EACCES: ['unreachable', say`LDAP: this user may not use the socket`],
  CERT_HAS_EXPIRED: ['refused', say`LDAP: its certificate has expired`, say`renew it, then restart slapd`],
  CERT_NOT_YET_VALID: [
    'refused',
    say`LDAP: its certificate is not valid yet`,
    say`is the clock right there?`,
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'refused',
    say`LDAP: its certificate is for another name`,
    say`name it in the configuration as the certificate does`,
  ],
}

/** Of an unknown authority: all the ways in which OpenSSL says so. */
const unknownAuthority =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_UNTRUSTED|CERT_REJECTED)$/

/** Why a slapd did not do what was asked, for people. Times are milliseconds. */
export function ldapRefusal(host: string, error: unknown, timeout: number): HostError {
  if (error instanceof HostError) return ofLdap(error)
  if (error instanceof ResultCodeError && !(error instanceof InvalidCredentialsError))
    return new LdapResult(host, say`LDAP: ${resultText(error)} (result ${error.code})`, error.code)
  const [kind, reason, advice] = whyOf(error, timeout)
  return new HostError(kind, host, reason, advice)
}

/** What keeps it from being asked at all, a host or a file, is told as its trouble, too. */
function ofLdap(error: HostError): HostError {
  const { kind, host, reason, advice } = error
  return reason.startsWith('LDAP: ') ? error : new HostError(kind, host, say`LDAP: ${reason}`, advice)
}

function whyOf(error: unknown, timeout: number): Why {
  if (!(error instanceof Error)) return ['refused', say`LDAP: ${label(String(error))}`]
  const code = 'code' in error ? String(error.code) : ''
  const known = byCode[code]
  if (known) return known
  if (unknownAuthority.test(code))
    return [
      'refused',
      say`LDAP: its certificate is not signed by an authority that is known here`,
      say`name the authority's file as caFile in the configuration`,
    ]
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code))
    return ['refused', say`LDAP: no TLS on this port`, say`ldap:// with startTls, or the port of ldaps`]
  if (error instanceof InvalidCredentialsError)
    return ['auth', say`LDAP: wrong password, or no such account`, say`see bindDn and passwordFile`]
  if (error.name === 'TimeoutError' || /timed out|Connection timeout/i.test(error.message))
    return [
      'timeout',
      say`LDAP: no answer in ${timeout / 1000} s`,
      say`is slapd hung, out of file descriptors (vdd fd list), or the host overloaded?`,
    ]
  if (
    /closed before|Socket error|ECONNRESET|socket hang up|before secure TLS/i.test(`${code} ${error.message}`)
  )
    return [
      'unreachable',
      say`LDAP: it closes the connection at once`,
      say`is it out of file descriptors? vdd fd list; and its log`,
    ]
  return ['refused', say`LDAP: ${label(error.message.split('\n')[0] ?? '')}`]
}

/** What the result is called, and what the server says of it. */
function resultText({ code, message }: ResultCodeError): Label {
  if (code === 10) return say`it refers to another server`
  const name = label(resultNames[code] ?? 'unknown result')
  const said = message.replace(/\s*Code: 0x[\da-f]+$/i, '').trim()
  return said ? say`${name}: ${label(said)}` : name
}
