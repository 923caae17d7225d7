import { homedir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, load, searchPath } from '../config/load.ts'
import { type Config, type HostConfig, ldapOf, radiusOf } from '../config/schema.ts'
import { Fleet, type FleetOptions } from '../fleet/fleet.ts'
import { Minutes } from '../fleet/history/minutes.ts'
import { Journal } from '../fleet/journal/journal.ts'
import { Leftovers } from '../fleet/leftovers.ts'
import type { Member } from '../fleet/member.ts'
import type { OnTrace } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { defined } from '../services/libvirt/parse.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions, Looking } from './global-options.ts'
import { traceTo } from './trace.ts'
import { tracedLdap, tracedRadius } from './traced-servers.ts'

/** Reads the configuration; what is wrong with it becomes a `Failure` that lists every fault. */
export function configuration(options: GlobalOptions): { file: string; config: Config } | undefined {
  try {
    return load(options.config)
  } catch (error) {
    if (error instanceof ConfigError)
      throw new Failure(exit.config, error.faults.map(label), { faults: error.faults })
    throw error
  }
}

/** The configuration, which verbs need: they never act on the demo by mistake. */
export function requireConfiguration(options: GlobalOptions): { file: string; config: Config } {
  const found = configuration(options)
  if (found) return found
  throw new Failure(
    exit.config,
    say`no configuration in ${label(searchPath().join(' or '))}; "vdd config example" prints one to start from, --demo uses the demo fleet`,
  )
}

/** The fleet of a configuration. */
export async function openConfigured(
  config: Config,
  options: GlobalOptions & Looking,
  isVerb: boolean,
): Promise<Fleet> {
  const { about, leastSpan, merge, notifyEvery, witness } = options
  const onTrace = options.log ? traceTo(options.log) : undefined
  const members = await Promise.all(config.hosts.map((host) => memberOf(host, config, onTrace)))
  return new Fleet({
    cluster: label(config.cluster),
    demo: false,
    readOnly: options.readOnly || config.readOnly,
    ...defined({ about, leastSpan, merge, notifyEvery, witness }),
    members,
    leftovers: new Leftovers(`${journalFile(config)}.leftovers`),
    ...openJournal(config, isVerb),
    interval: (options.interval ?? config.interval) * 1000,
    typeCountAbove: config.typeCountAbove,
    views: config.views,
  })
}

/** A host, and what is asked of it besides. What speaks with it is loaded where some host is spoken with so. */
async function memberOf(config: HostConfig, all: Config, onTrace: OnTrace | undefined): Promise<Member> {
  const host = await openHost(config, all, onTrace)
  const ldap = ldapOf(all, config)
  const radius = radiusOf(all, config)
  if (!ldap && !radius) return { config, host }
  const { ldapServer, radiusServer } = await import('./servers.ts')
  return {
    config,
    host,
    ...(ldap ? { ldap: tracedLdap(config.name, ldapServer(host, config, ldap), onTrace) } : {}),
    ...(radius ? { radius: tracedRadius(config.name, radiusServer(config, radius), onTrace) } : {}),
  }
}

async function openHost(
  host: HostConfig,
  config: Config,
  onTrace: OnTrace | undefined,
): Promise<Member['host']> {
  const trace = onTrace ? { onTrace } : {}
  if (host.local) {
    const { LocalHost } = await import('../hosts/local.ts')
    return new LocalHost({ name: host.name, ...trace })
  }
  const { SshHost } = await import('../hosts/ssh.ts')
  const { name, address, user, port, identityFile, proxyJump } = host
  const { configFile, knownHosts } = config.ssh
  const given = { address, user, port, identityFile, proxyJump, configFile, knownHosts }
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return new SshHost({ name, ...settings }, trace)
}

/** The journal, and in the same file the history, where that is wished and can be kept; why not, the journal says. */
function openJournal(config: Config, isVerb: boolean): Pick<FleetOptions, 'journal' | 'minutes'> {
  const file = journalFile(config)
  const journal = new Journal(file, { waits: isVerb })
  if (!config.keepHistory || journal.trouble) return { journal }
  return { journal, minutes: new Minutes(file) }
}

/** The file of the journal: a journal for each cluster, by its name, where none is named. */
export function journalFile({ journal, cluster }: Pick<Config, 'journal' | 'cluster'>): string {
  if (journal !== undefined) return journal
  return join(
    process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'),
    'vdd',
    `${cluster.replace(/[^A-Za-z0-9._-]/g, '_')}.db`,
  )
}
