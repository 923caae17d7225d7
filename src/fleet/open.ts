import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Config, type HostConfig, ldapOf, radiusOf } from '../config/schema.ts'
import { now } from '../hosts/clock.ts'
import { defined } from '../hosts/defined.ts'
import type { OnTrace } from '../hosts/host.ts'
import { label } from '../hosts/label.ts'
import { Fleet } from './fleet.ts'
import { Minutes } from './history/minutes.ts'
import { usualBounds } from './journal/bounds.ts'
import { Journal } from './journal/journal.ts'
import { syslogTarget } from './journal/syslog.ts'
import { Leftovers } from './leftovers.ts'
import type { Member } from './member.ts'
import type { FleetOptions } from './options.ts'
import { Past } from './past/past.ts'
import { tracedLdap, tracedRadius } from './traced-servers.ts'

/** Options beside the configuration. */
export interface Opening
  extends Partial<
    Pick<FleetOptions, 'readOnly' | 'about' | 'leastSpan' | 'merge' | 'notifyEvery' | 'witness' | 'beside'>
  > {
  /** seconds between two looks; default as configured */
  readonly interval?: number
  /** is told what is asked of hosts */
  readonly onTrace?: OnTrace
  /** what writes to the journal waits for a lock that another process has on it; default false */
  readonly waits?: boolean
}

/** The fleet of a configuration. */
export async function openConfigured(config: Config, opening: Opening): Promise<Fleet> {
  const { readOnly, interval = config.interval, onTrace, waits = false, ...looking } = opening
  const members = await Promise.all(config.hosts.map((host) => memberOf(host, config, onTrace)))
  return new Fleet({
    cluster: label(config.cluster),
    demo: false,
    readOnly: readOnly || config.readOnly,
    drills: config.drills === 'allowed',
    ...looking,
    members,
    leftovers: new Leftovers(`${journalFile(config)}.leftovers`),
    ...openJournal(config, waits),
    // Who looks once, or at a few things, keeps nothing of all.
    ...(looking.witness === false || looking.about
      ? {}
      : { past: new Past(pastFile(config), now(), defined(config.lookBack ?? {})) }),
    interval: interval * 1000,
    typeCountAbove: config.typeCountAbove,
    views: config.views,
  })
}

/** A host and its servers. The code for LDAP and RADIUS is loaded only if some host needs it. */
async function memberOf(config: HostConfig, all: Config, onTrace: OnTrace | undefined): Promise<Member> {
  const host = await openHost(config, all, onTrace)
  const ldap = ldapOf(all, config)
  const radius = radiusOf(all, config)
  if (!ldap && !radius) return { config, host }
  const { clientsOf, ldapServer, radiusServer } = await import('../fleet/servers.ts')
  return {
    config,
    host,
    ...(ldap ? { ldap: tracedLdap(config.name, ldapServer(host, config, ldap), onTrace) } : {}),
    ...(radius ? { radius: tracedRadius(config.name, radiusServer(config, radius), onTrace) } : {}),
    clients: clientsOf(config, ldap, radius),
  }
}

/** A host; nothing is asked of it, and it is not connected to, before it is used. */
export async function openHost(host: HostConfig, config: Config, onTrace?: OnTrace): Promise<Member['host']> {
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

/** The journal, and in the same file the history if it is wanted and can be kept; else the journal says why not. */
function openJournal(config: Config, waits: boolean): Pick<FleetOptions, 'journal' | 'minutes'> {
  const file = journalFile(config)
  const { syslog, ...bounds } = config.events ?? {}
  const target = syslog === undefined ? undefined : syslogTarget(syslog)
  const journal = new Journal(file, {
    waits,
    bounds: { ...usualBounds, ...defined(bounds) },
    ...(target ? { syslog: { target, cluster: label(config.cluster) } } : {}),
  })
  if (!config.keepHistory || journal.trouble) return { journal }
  return { journal, minutes: new Minutes(file) }
}

/** The file of the journal: as configured, else one for each cluster, by its name. */
export function journalFile({ journal, cluster }: Pick<Config, 'journal' | 'cluster'>): string {
  if (journal !== undefined) return journal
  return join(
    process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'),
    'vdd',
    `${cluster.replace(/[^A-Za-z0-9._-]/g, '_')}.db`,
  )
}

/** The file in which it is kept how it was. */
export function pastFile(config: Pick<Config, 'journal' | 'cluster'>): string {
  return `${journalFile(config)}.past`
}
