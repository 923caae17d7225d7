import * as z from 'zod'
import { ownSecretFile } from './secret.ts'

/** RFC 4516: scheme, host, port; of ldapi the socket's path, in which a slash is written %2f. */
const url = z
  .string()
  .regex(
    /^(ldaps?:\/\/([\w.-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?\/?|ldapi:\/\/(([\w.-]|%[\da-fA-F]{2})*|\/[\w./-]+)\/?)$/,
    'a URL such as ldap://fe1.example.org, ldaps://10.0.0.11:636 or ldapi:///run/slapd/ldapi',
  )
  .refine((text) => Number(/:(\d+)\/?$/.exec(text)?.[1] ?? 1) <= 65_535, 'a port of at most 65535')
  .refine(isPath, 'a path in UTF-8 after ldapi://, its slashes written as %2f')

/** What stands after `ldapi://` can be decoded, and be the name of a file. */
function isPath(text: string): boolean {
  if (!text.startsWith('ldapi:')) return true
  try {
    return !decodeURIComponent(text).includes('\0')
  } catch {
    return false
  }
}

/** RFC 4514: `attribute=value` between commas that are not escaped. */
const dn = z
  .string()
  .min(1)
  .refine(
    (text) =>
      text.split(/(?<!\\),/).every((part) => /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(\.\d+)*)\s*=\s*\S/.test(part)),
    'a distinguished name such as cn=vdd,dc=example,dc=org',
  )

const settings = {
  /** `ldap://` is turned into TLS before anything is said. */
  startTls: z.boolean().optional(),
  /** PEM of the authorities that may have signed its certificate. */
  caFile: z.string().min(1).optional(),
  /** Who looks; none: anonymous. */
  bindDn: dn.optional(),
  passwordFile: ownSecretFile.optional(),
  /** The suffix; default: the first that the server names. */
  base: dn.optional(),
  /** The entry that must be found; default: the suffix itself. */
  check: dn.optional(),
  /** What that entry must hold, `attribute=value`; default: what its own name says. */
  expect: z
    .string()
    .regex(/^[A-Za-z][\w;.-]*=.+$/, 'attribute=value')
    .optional(),
  /** It is reached from its host, by ssh; ldapi always is. */
  throughSsh: z.boolean().optional(),
  /** The password of `bindDn` may go over the network as it is. */
  insecure: z.boolean().optional(),
}

/** How all slapds are asked. */
export const ldapForAll = z.strictObject(settings).superRefine(tlsOnce)

/** How the slapd of one host is asked: what is said here goes before what is said for all. */
export const ldapOfHost = z.strictObject({ url: url.optional(), ...settings }).superRefine(tlsOnce)

export type LdapConfig = z.output<typeof ldapOfHost>

function tlsOnce({ url, startTls, bindDn, passwordFile }: LdapConfig, ctx: z.RefinementCtx): void {
  if (startTls && url && !url.startsWith('ldap:'))
    ctx.addIssue({ code: 'custom', path: ['startTls'], message: 'only with an ldap:// url' })
  if (bindDn && !passwordFile)
    ctx.addIssue({ code: 'custom', path: ['bindDn'], message: 'a passwordFile beside bindDn' })
  if (passwordFile && !bindDn)
    ctx.addIssue({ code: 'custom', path: ['passwordFile'], message: 'a bindDn beside passwordFile' })
}

/**
 * Whether the password of `bindDn` would go over a network as it is: a simple bind without TLS, RFC 4513, 5.1.3. Not where it stays on this
 * machine, or on the host itself, to which ssh carries it.
 *
 * @param isHere the host is this machine
 */
export function tellsPassword(ldap: LdapConfig, isHere: boolean): boolean {
  const { url, startTls, bindDn, throughSsh, insecure } = ldap
  if (bindDn === undefined || startTls || insecure) return false
  if (url === undefined) return !(isHere || throughSsh)
  return url.startsWith('ldap://') && !/^ldap:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?\/?$/.test(url)
}
