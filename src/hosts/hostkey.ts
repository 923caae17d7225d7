import { HostError } from './host.ts'
import {
  fingerprint,
  type KnownKey,
  keyType,
  knownTypes,
  lookupName,
  type Verdict,
  verify,
} from './known-hosts.ts'
import { type Label, label, say } from './label.ts'
import { revocationOf } from './revoked-keys.ts'
import type { SshTarget } from './ssh-config.ts'
import { wildcard } from './wildcard.ts'

/** The name that a target has in known_hosts. */
export function keyName(target: SshTarget): string {
  return target.hostKeyAlias?.toLowerCase() ?? lookupName(target.address, target.port)
}

/** Whether a target may have shown this key: first what `RevokedHostKeys` says of it, then the known keys. */
export async function judgeKey(target: SshTarget, known: readonly KnownKey[], key: Buffer): Promise<Verdict> {
  const shown = { fingerprint: fingerprint(key), type: keyType(key) }
  try {
    const at = target.revokedKeysFile ? await revocationOf(target.revokedKeysFile, key) : undefined
    return at ? { state: 'revoked', ...shown, at } : verify(known, keyName(target), key)
  } catch (error) {
    return { state: 'unchecked', ...shown, why: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Host key algorithms that ssh2 has, best first. `ssh-rsa` means a SHA-1 signature: as in OpenSSH since 8.8 only when
 * `HostKeyAlgorithms +ssh-rsa` asks for it.
 */
const defaults = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const
const supported = [...defaults, 'ssh-rsa', 'ssh-dss'] as const
type HostKeyAlgorithm = (typeof supported)[number]

/**
 * The algorithms to ask a host for, those of its known keys first: a host of which only the ecdsa key is known would
 * otherwise answer with its ed25519 key and look unknown. As OpenSSH's order_hostkeyalgs().
 *
 * @param wanted `HostKeyAlgorithms` of ssh_config: a list, or `+`, `-`, `^` and a list
 */
export function hostKeyAlgorithms(
  known: readonly KnownKey[],
  name: string,
  wanted: string | undefined,
): HostKeyAlgorithm[] {
  const types = knownTypes(known, name)
  const allowed = allow(wanted)
  const isKnown = (algorithm: string) => types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm)
  return [...allowed.filter(isKnown), ...allowed.filter((algorithm) => !isKnown(algorithm))]
}

function allow(wanted: string | undefined): HostKeyAlgorithm[] {
  if (!wanted) return [...defaults]
  const sign = /^[+\-^]/.exec(wanted)?.[0]
  const patterns = (sign ? wanted.slice(1) : wanted).split(',')
  const listed = patterns.flatMap((pattern) => supported.filter((one) => wildcard(pattern, one)))
  const unlisted = defaults.filter((one) => !listed.includes(one))
  if (sign === '-') return unlisted
  if (sign === '+') return [...new Set([...defaults, ...listed])]
  return sign === '^' ? [...new Set([...listed, ...unlisted])] : [...new Set(listed)]
}

/** Why a host's key is not accepted, with the fingerprint, the file and line, and what a person has to do. */
export function hostKeyError(host: string, target: SshTarget, verdict: Verdict): HostError {
  const key = say`${label(verdict.type)} key ${label(verdict.fingerprint)}`
  const name = label(keyName(target))
  const place = verdict.at ? placeOf(verdict.at) : nowhere(target)
  const file = label(verdict.at?.file ?? target.knownHostsFiles[0] ?? '~/.ssh/known_hosts')
  switch (verdict.state) {
    case 'changed':
      return new HostError(
        'hostkey',
        host,
        say`the key of ${name} has CHANGED: it shows ${key}, not the one in ${place}`,
        say`someone may be listening in; ${compare(verdict)}; if it is right: ssh-keygen -R '${name}' -f ${file}, then ${scan(target, file)}`,
      )
    case 'revoked':
      return new HostError(
        'hostkey',
        host,
        say`the ${key} of ${name} is revoked in ${place}`,
        label('give the host a new key; do not take the revocation away'),
      )
    case 'unchecked':
      return new HostError(
        'hostkey',
        host,
        say`whether the ${key} of ${name} is revoked is not known: ${label(verdict.why ?? '')}`,
        say`mend ${label(target.revokedKeysFile ?? '')}, which RevokedHostKeys of the ssh configuration names; ssh accepts no key either`,
      )
    case 'authority':
      return new HostError(
        'hostkey',
        host,
        say`${name} is known only by a certificate authority, ${place}: host certificates are not supported`,
        say`${compare(verdict)}; then add its plain key (${key}): ${scan(target, file)}`,
      )
    default:
      return new HostError(
        'hostkey',
        host,
        verdict.at
          ? say`the ${key} of ${name} is unknown; only a key of another type is known, ${place}`
          : say`the ${key} of ${name} is unknown, not in ${place}`,
        say`${compare(verdict)}; if it is right: ${scan(target, file)}`,
      )
  }
}

function placeOf({ file, line }: NonNullable<Verdict['at']>): Label {
  return line === undefined ? label(file) : say`${label(file)} line ${line}`
}

function nowhere({ knownHostsFiles }: SshTarget): Label {
  return knownHostsFiles.length > 0
    ? label(knownHostsFiles.join(', '))
    : label('any file: none is configured')
}

function compare({ type }: Verdict): Label {
  const kind = /ed25519|ecdsa|rsa/.exec(type)?.[0] ?? '*'
  return say`compare with ssh-keygen -lf /etc/ssh/ssh_host_${label(kind)}_key.pub on the host's own console`
}

function scan({ address, port, hostKeyAlias, proxy }: SshTarget, file: Label): Label {
  if (proxy.kind !== 'none' || hostKeyAlias) return say`connect once with ssh to add it to ${file}`
  const where = port === 22 ? label(address) : say`-p ${port} ${label(address)}`
  return say`ssh-keyscan -H ${where} >> ${file}`
}
