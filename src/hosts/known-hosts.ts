import { createHash, createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { wildcard } from './wildcard.ts'

/** One usable line of a known_hosts file; sshd(8) SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownKey {
  readonly marker: 'revoked' | 'cert-authority' | undefined
  /** The names field as written: patterns, or one hashed name. */
  readonly names: string
  /** Key type as in the file, such as `ssh-ed25519`. */
  readonly type: string
  readonly key: Buffer
  readonly file: string
  /** Counted from 1. */
  readonly line: number
}

/** What the files say about a key that a host presented. */
export interface Verdict {
  /**
   * `ok`: this key is listed for the host. `unknown`: no key of this type is. `changed`: another key of this type is.
   * `revoked`: the key is marked so. `authority`: only certificate authorities are listed, which ssh2 cannot check.
   * `unchecked`: the file of revoked keys cannot be read, `why` says why.
   */
  readonly state: 'ok' | 'unknown' | 'changed' | 'revoked' | 'authority' | 'unchecked'
  /** `SHA256:…` as ssh-keygen -l shows it, of the presented key. */
  readonly fingerprint: string
  readonly type: string
  /** The line that decided; a KRL has none. */
  readonly at?: { readonly file: string; readonly line?: number }
  readonly why?: string
}

/** Reads known_hosts files; one that is missing or may not be read counts as empty. */
export async function readKnownHosts(files: readonly string[]): Promise<KnownKey[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap((text, index) => parseKnownHosts(text, files[index] ?? ''))
}

/** Lines that are not understood (comments, SSH 1 keys, garbage) are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownKey[] {
  return text.split(/\r?\n/).flatMap((line, index) => parseLine(line, file, index + 1))
}

function parseLine(text: string, file: string, line: number): KnownKey[] {
  const words = text.trim().split(/[ \t]+/)
  if (words[0]?.startsWith('#')) return []
  const marker = words[0]?.startsWith('@') ? words.shift() : undefined
  if (marker !== undefined && marker !== '@revoked' && marker !== '@cert-authority') return []
  const [names, type, base64] = words
  if (!names || !type || !base64) return []
  const key = Buffer.from(base64, 'base64')
  if (keyType(key) !== type) return []
  const mark = marker === '@revoked' ? 'revoked' : marker === '@cert-authority' ? 'cert-authority' : undefined
  return [{ marker: mark, names, type, key, file, line }]
}

/** The type that a public key in wire form begins with; RFC 4253 section 6.6. Empty when it is no key. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return ''
  const length = key.readUInt32BE(0)
  return length <= key.length - 4 ? key.toString('latin1', 4, 4 + length) : ''
}

/** The name under which OpenSSH looks a host up: `host`, or `[host]:port` when the port is not 22. */
export function lookupName(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/** The fingerprint as `ssh-keygen -l` shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/**
 * Judges a presented key in the order of OpenSSH: a revocation anywhere wins, then the very key, then another key of
 * the same type. A name with a port that nothing is known of is looked up again without the port, where a matching
 * key counts, or an authority, but another key does not.
 */
export function verify(known: readonly KnownKey[], name: string, key: Buffer): Verdict {
  const verdict = judge(known, name, key)
  const bare = /^\[(.*)\]:\d+$/.exec(name)?.[1]
  if (verdict.state !== 'unknown' || bare === undefined) return verdict
  const second = judge(known, bare, key)
  return ['ok', 'revoked', 'authority'].includes(second.state) ? second : verdict
}

function judge(known: readonly KnownKey[], name: string, key: Buffer): Verdict {
  const mine = known.filter((entry) => names(entry, name))
  const plain = mine.filter(({ marker }) => marker === undefined)
  const is = (entry: KnownKey) => entry.key.equals(key)
  const shown = { fingerprint: fingerprint(key), type: keyType(key) }
  const revoked = mine.find((entry) => entry.marker === 'revoked' && is(entry))
  if (revoked) return { state: 'revoked', ...shown, at: revoked }
  const same = plain.find(is)
  if (same) return { state: 'ok', ...shown, at: same }
  const other = plain.find(({ type }) => type === shown.type)
  if (other) return { state: 'changed', ...shown, at: other }
  const authority = mine.find(({ marker }) => marker === 'cert-authority')
  if (authority && plain.length === 0) return { state: 'authority', ...shown, at: authority }
  return { state: 'unknown', ...shown, ...(plain[0] && { at: plain[0] }) }
}

/** The key types known for a host, in the order of the files. */
export function knownTypes(known: readonly KnownKey[], name: string): string[] {
  const bare = /^\[(.*)\]:\d+$/.exec(name)?.[1] ?? name
  const types = [name, bare].flatMap((one) =>
    known.filter((entry) => entry.marker === undefined && names(entry, one)).map(({ type }) => type),
  )
  return [...new Set(types)]
}

/** Whether a line is about this name. A negated pattern that matches takes the whole line out. */
function names(entry: KnownKey, name: string): boolean {
  if (entry.names.startsWith('|1|')) return hashedIs(entry.names, name)
  const patterns = entry.names.toLowerCase().split(',')
  if (patterns.some((pattern) => pattern.startsWith('!') && wildcard(pattern.slice(1), name))) return false
  return patterns.some((pattern) => !pattern.startsWith('!') && wildcard(pattern, name))
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed with the salt. */
function hashedIs(hashed: string, name: string): boolean {
  const [, , salt = '', hash = ''] = hashed.split('|')
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}
