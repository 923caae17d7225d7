import { homedir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, load, searchPath } from '../config/load.ts'
import { type Config, type HostConfig, ldapOf, radiusOf } from '../config/schema.ts'
import { demoFleet } from '../demo/fleet.ts'
import type { WorldOptions } from '../demo/world.ts'
import { Fleet, type FleetOptions } from '../fleet/fleet.ts'
import { Minutes } from '../fleet/history/minutes.ts'
import { Journal } from '../fleet/journal/journal.ts'
import { Leftovers } from '../fleet/leftovers.ts'
import type { Member } from '../fleet/member.ts'
import { label, say } from '../hosts/label.ts'
import { LocalHost } from '../hosts/local.ts'
import { SshHost } from '../hosts/ssh.ts'
import type { Size } from '../terminal/size.ts'
import { exit, Failure } from './exit.ts'
import { ldapServer, radiusServer } from './servers.ts'
import { traceTo } from './trace.ts'
import { tracedLdap, tracedRadius } from './traced-servers.ts'

/** Options of the program itself, before any verb. */
export interface GlobalOptions {
  readonly config?: string
  readonly readOnly?: boolean
  readonly demo?: boolean
  readonly log?: string
  readonly interval?: number
  readonly color?: boolean
  readonly plain?: boolean
  readonly ascii?: boolean
  readonly clock?: boolean
  /** bits a second */
  readonly baud?: number
  readonly size?: Size
}

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

/** The fleet of the configuration, or the demo where it is asked for or nothing is configured and `orDemo` allows. */
export function openFleet(
  options: GlobalOptions & Pick<FleetOptions, 'witness'>,
  orDemo: boolean,
  world: WorldOptions = {},
): Fleet {
  if (options.demo) return openDemo(options, world)
  const found = orDemo ? configuration(options) : requireConfiguration(options)
  return found ? openConfigured(found.config, options, !orDemo) : openDemo(options, world)
}

function openDemo(options: GlobalOptions, world: WorldOptions): Fleet {
  const { config, members } = demoFleet(world)
  return new Fleet({
    cluster: label(config.cluster),
    demo: true,
    readOnly: options.readOnly ?? false,
    members,
    journal: new Journal(':memory:'),
    interval: (options.interval ?? config.interval) * 1000,
  })
}

function openConfigured(
  config: Config,
  options: GlobalOptions & Pick<FleetOptions, 'witness'>,
  isVerb: boolean,
): Fleet {
  const onTrace = options.log ? traceTo(options.log) : undefined
  const members = config.hosts.map((host) => memberOf(host, config, onTrace))
  return new Fleet({
    cluster: label(config.cluster),
    demo: false,
    readOnly: options.readOnly || config.readOnly,
    ...(options.witness === undefined ? {} : { witness: options.witness }),
    members,
    leftovers: new Leftovers(`${journalFile(config)}.leftovers`),
    ...openJournal(config, isVerb),
    interval: (options.interval ?? config.interval) * 1000,
    typeCountAbove: config.typeCountAbove,
  })
}

/** A host, and what is asked of it besides. */
function memberOf(config: HostConfig, all: Config, onTrace: ReturnType<typeof traceTo> | undefined): Member {
  const host = openHost(config, all, onTrace)
  const ldap = ldapOf(all, config)
  const radius = radiusOf(all, config)
  return {
    config,
    host,
    ...(ldap ? { ldap: tracedLdap(config.name, ldapServer(host, config, ldap), onTrace) } : {}),
    ...(radius ? { radius: tracedRadius(config.name, radiusServer(config, radius), onTrace) } : {}),
  }
}

export function openHost(
  host: Config['hosts'][number],
  config: Config,
  onTrace: ReturnType<typeof traceTo> | undefined,
): Member['host'] {
  const trace = onTrace ? { onTrace } : {}
  if (host.local) return new LocalHost({ name: host.name, ...trace })
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
