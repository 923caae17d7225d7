import { homedir, hostname, userInfo } from 'node:os'
import { HostError } from './host.ts'
import { label, say } from './label.ts'
import { askOpenSsh } from './openssh.ts'
import { readSshConfig } from './ssh-config-file.ts'
import type { Lookup, SshSettings, Surroundings } from './ssh-settings.ts'
import { expandTokens, type Tokens } from './ssh-tokens.ts'

/** How the bytes get there. */
type Proxy =
  | { readonly kind: 'none' }
  | { readonly kind: 'jump'; readonly hops: readonly string[] }
  | { readonly kind: 'command'; readonly command: string }

/** Everything that must be known to connect to a host. */
export interface SshTarget {
  readonly name: string
  /** Who read the ssh configuration; the npm package where there is no ssh, and that does not understand all of it. */
  readonly readBy: Lookup['by']
  readonly address: string
  readonly port: number
  readonly user: string
  /** In the order in which they are tried; default ones need not exist. */
  readonly identityFiles: readonly string[]
  readonly identitiesConfigured: boolean
  /** Only keys of `identityFiles` are offered, even if the agent has others. */
  readonly identitiesOnly: boolean
  /** Path of the agent's socket. */
  readonly agent: string | undefined
  readonly proxy: Proxy
  readonly knownHostsFiles: readonly string[]
  /** `RevokedHostKeys`: a file of keys, or a KRL, that are never accepted. */
  readonly revokedKeysFile: string | undefined
  /** `HostKeyAlias`: the name in known_hosts instead of the address. */
  readonly hostKeyAlias: string | undefined
  /** As in ssh_config: a list, or changes to the default with `+`, `-` or `^`. */
  readonly hostKeyAlgorithms: string | undefined
  /** Milliseconds; `undefined` when ssh_config does not say. */
  readonly connectTimeout: number | undefined
  readonly keepaliveInterval: number | undefined
  readonly keepaliveCount: number | undefined
}

/** Those of this process. The home directory is that of the account, as it is for ssh, whatever `$HOME` says. */
export function ownSurroundings(): Surroundings {
  return { home: accountHome(), env: process.env }
}

function accountHome(): string {
  try {
    return userInfo().homedir
  } catch {
    return homedir() // an account that the system does not know
  }
}

/**
 * Works out how to reach a host: vdd's settings first, then ssh_config as `ssh -G` has it, then OpenSSH's defaults.
 *
 * Not honoured, on purpose: `StrictHostKeyChecking no|accept-new` and `NoHostAuthenticationForLocalhost` (the host's
 * key is always verified), password and keyboard-interactive logins (nobody is there to answer). What would make a
 * check of the host's key weaker than ssh's, were it passed over, is refused.
 *
 * @throws {HostError} `unreachable`, when a configuration cannot be read or means nothing
 */
export async function resolveTarget(
  settings: SshSettings,
  surroundings: Surroundings,
  signal?: AbortSignal,
): Promise<SshTarget> {
  const { home, env } = surroundings
  const config = (await askOpenSsh(settings, surroundings, signal)) ?? (await readSshConfig(settings, home))
  refuseUnsupported(settings.name, config)
  const localUser = userInfo().username
  const user = settings.user ?? config.one('User') ?? localUser
  const port = settings.port ?? portNumber(settings.name, config.one('Port'))
  const named = config.one('HostName')
  const address = settings.address ?? (named ? hostNameOf(named, settings.name, config) : settings.name)
  const hostKeyAlias = config.one('HostKeyAlias')
  const tokens: Tokens = {
    h: address,
    n: settings.name,
    p: String(port),
    r: user,
    u: localUser,
    d: home,
    i: String(process.getuid?.() ?? ''),
    k: hostKeyAlias ?? settings.name,
    j: settings.proxyJump ?? config.one('ProxyJump') ?? '',
    l: hostname(),
    L: hostname().split('.')[0] ?? '',
    C: config.one('ControlPath') ?? '',
  }
  const path = (text: string) => expandTokens(text, tokens, env, home)
  return {
    name: settings.name,
    readBy: config.by,
    address,
    port,
    user,
    ...identities(settings, config, path, home),
    agent: agentSocket(config, path, env),
    proxy: proxyOf(settings, config, tokens),
    knownHostsFiles: settings.knownHosts?.map(path) ?? knownHostsFiles(config, path, home),
    revokedKeysFile: revokedKeys(config, path),
    hostKeyAlias,
    hostKeyAlgorithms: config.one('HostKeyAlgorithms'),
    connectTimeout: seconds(config.one('ConnectTimeout')),
    keepaliveInterval: seconds(config.one('ServerAliveInterval')),
    keepaliveCount: number(config.one('ServerAliveCountMax')),
  }
}

/** ssh has filled in the tokens already; the zone of an IPv6 address, `fe80::1%eth0`, is none. */
function hostNameOf(named: string, name: string, { by }: Lookup): string {
  return by === 'ssh' ? named : expandTokens(named, { h: name }, {}, '')
}

function refuseUnsupported(host: string, config: Lookup): void {
  const command = config.one('KnownHostsCommand')
  if (command && command !== 'none')
    throw new HostError(
      'unreachable',
      host,
      label('KnownHostsCommand of the ssh configuration is not supported: it may revoke keys'),
      label('write the keys into a file for vdd, and KnownHostsCommand none for this host'),
    )
  if (config.one('ProxyUseFdpass')?.toLowerCase() === 'yes')
    throw new HostError(
      'unreachable',
      host,
      label('ProxyUseFdpass of the ssh configuration is not supported'),
      label('name a ProxyCommand that passes the bytes itself'),
    )
}

function revokedKeys(config: Lookup, path: (text: string) => string): string | undefined {
  const file = config.one('RevokedHostKeys')
  return file === undefined || file === 'none' ? undefined : path(file)
}

function identities(settings: SshSettings, config: Lookup, path: (text: string) => string, home: string) {
  const configured =
    settings.identityFile === undefined ? config.all('IdentityFile') : [settings.identityFile]
  const usual = config.defaultIdentities ?? defaultIdentities.map((name) => `${home}/.ssh/${name}`)
  const files = configured.length > 0 ? configured : usual
  return {
    identityFiles: [...new Set(files.filter((file) => file !== 'none').map(path))],
    identitiesConfigured: configured.length > 0,
    identitiesOnly: config.one('IdentitiesOnly')?.toLowerCase() === 'yes',
  }
}

const defaultIdentities = ['id_ed25519', 'id_ecdsa', 'id_rsa']

function agentSocket(
  config: Lookup,
  path: (text: string) => string,
  env: Surroundings['env'],
): string | undefined {
  const said = config.one('IdentityAgent') ?? 'SSH_AUTH_SOCK'
  if (said === 'none') return undefined
  if (said === 'SSH_AUTH_SOCK') return env.SSH_AUTH_SOCK || undefined
  const variable = /^\$(\w+)$/.exec(said)?.[1]
  return (variable ? env[variable] : path(said)) || undefined
}

/** Of `ProxyJump` and `ProxyCommand` the one that comes first holds; ssh_config(5). */
function proxyOf(settings: SshSettings, config: Lookup, tokens: Tokens): Proxy {
  const first = config.firstOf('ProxyJump', 'ProxyCommand')
  const jump = settings.proxyJump ?? (first === 'ProxyJump' ? config.one('ProxyJump') : undefined)
  if (jump !== undefined) return jumpOf(settings.name, jump, tokens)
  const command = first === 'ProxyCommand' ? config.one('ProxyCommand') : undefined
  if (!command || command.toLowerCase() === 'none') return { kind: 'none' }
  refuseShellText(settings.name, tokens)
  return { kind: 'command', command: expandTokens(command, tokens, {}, '') }
}

/**
 * The hops, with the tokens of this host filled in: ssh makes a command of them, `ssh -l %r -W …`. A hop that is the host itself is left
 * out, so that `Host *` with a ProxyJump works for the bastion too.
 */
function jumpOf(name: string, jump: string, tokens: Tokens): Proxy {
  if (jump.toLowerCase() === 'none') return { kind: 'none' }
  const hops = jump.split(',').map((hop) => expandTokens(hop.trim(), tokens, {}, ''))
  if (hops.some((hop) => parseHop(hop)?.name === name)) return { kind: 'none' }
  return { kind: 'jump', hops }
}

/** The parts of one hop: `[user@]host[:port]` or `ssh://[user@]host[:port]`, an IPv6 address in brackets. */
export function parseHop(hop: string): { name: string; user?: string; port?: number } | undefined {
  const parts = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:[\]@]+))(?::(\d+))?\/?$/.exec(hop)
  const name = parts?.[2] ?? parts?.[3]
  if (!name) return undefined
  return { name, ...(parts?.[1] && { user: parts[1] }), ...(parts?.[4] && { port: Number(parts[4]) }) }
}

/**
 * A ProxyCommand is a line for the shell: a name or user in it must not be shell text. As OpenSSH since 9.6
 * (CVE-2023-51385).
 */
function refuseShellText(host: string, tokens: Tokens): void {
  for (const part of [tokens.h, tokens.r, tokens.n]) {
    if (part !== undefined && (part.startsWith('-') || /[^\w.:@%+-]/.test(part))) {
      throw new HostError('unreachable', host, say`${label(part)} cannot stand in a ProxyCommand`)
    }
  }
}

function knownHostsFiles(config: Lookup, path: (text: string) => string, home: string): string[] {
  const user = config.all('UserKnownHostsFile')
  const global = config.all('GlobalKnownHostsFile')
  const files = [
    ...(user.length > 0 ? user : [`${home}/.ssh/known_hosts`, `${home}/.ssh/known_hosts2`]),
    ...(global.length > 0 ? global : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
  ]
  return files.filter((file) => file !== 'none').map(path)
}

function portNumber(host: string, text = '22'): number {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new HostError('unreachable', host, say`Port ${label(text)} in ssh_config is not a port number`)
}

function number(text: string | undefined): number | undefined {
  const value = text === undefined || text === 'none' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}

/** Milliseconds of an ssh_config time: `90`, `90s`, `1m30s`; sshd_config(5) TIME FORMATS. */
function seconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+[smhd]?)+$/i.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = 's'] of text.toLowerCase().matchAll(/(\d+)([smhd]?)/g)) {
    total += Number(amount) * (inSeconds[unit || 's'] ?? 1)
  }
  return total * 1000
}

const inSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }
