import { HostError } from '../../hosts/host.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { LdapConnection, LdapEntry, LdapServer, Search } from '../../services/ldap/facts.ts'
import type { World } from '../world.ts'
import { knownEntry, suffix } from './directory.ts'

/** Milliseconds in which a slapd answers, or does not. */
const patience = 1_000

/** The slapd of a host of the demo: entries in the forms of OpenLDAP 2.5. */
export function demoLdap(world: World, host: string): LdapServer {
  return {
    questions: { base: suffix, entry: knownEntry },
    open: async (lost): Promise<LdapConnection> => {
      await reach(world, host, say`LDAP: connection refused`)
      let isClosed = false
      let isLost = false
      const forget = world.daemons.onGone(host, 'slapd', () => {
        isClosed = true
        isLost = true
        lost?.()
      })
      return {
        certifiedUntil: world.directory.certifiedUntil,
        get closed() {
          return isClosed
        },
        close: () => {
          isClosed = true
          forget()
        },
        search: async (base, search) => {
          const gone = say`LDAP: the connection was lost`
          if (isLost) throw new HostError('unreachable', host, gone)
          await reach(world, host, gone)
          return answer(world, host, base, search)
        },
      }
    },
  }
}

/** @param gone what is said where no slapd runs @throws {HostError} it is off, or its slapd does not run, or does not answer in time */
async function reach({ outages, daemons }: World, host: string, gone: Label): Promise<void> {
  if (outages.isOff(host)) throw new HostError('unreachable', host, say`no route to host`)
  if (!(await daemons.answers(host, 'slapd', patience)))
    throw new HostError('timeout', host, say`LDAP: no answer in ${patience / 1_000} s`)
  if (daemons.pidOf(host, 'slapd') === undefined) throw new HostError('unreachable', host, gone)
}

function answer(world: World, host: string, base: string, { attributes }: Search): readonly LdapEntry[] {
  if (base === 'cn=Monitor') return monitor(world, host)
  if (attributes.includes('contextCSN'))
    return [entry(base, { contextCSN: csnOf(world.directory.newestOn(host)) })]
  if (base === knownEntry && world.balancing.frontend(host)?.failing)
    throw new HostError('refused', host, say`LDAP: no such object (result 32)`)
  return [entry(base, { uid: 'probe' })]
}

function entry(dn: string, attributes: Readonly<Record<string, string | number>>): LdapEntry {
  const values = Object.entries(attributes).map(
    ([name, value]) => [name.toLowerCase(), [String(value)]] as const,
  )
  return { dn, values: new Map(values) }
}

/** `20261122073237.000000Z#000000#000#000000` */
function csnOf(at: number): string {
  const time = new Date(at)
    .toISOString()
    .replace(/[-:T]/g, '')
    .replace(/\.(\d+)Z$/, '.$1000Z')
  return `${time}#000000#000#000000`
}

function monitor({ directory, balancing, now }: World, host: string): LdapEntry[] {
  const isReplica = balancing.frontend(host) !== undefined
  const searches = directory.searches(host)
  const in_ = (path: string, attributes: Parameters<typeof entry>[1]) =>
    entry(`${path},cn=Monitor`, attributes)
  const counter = (path: string, monitorCounter: number) => in_(path, { monitorCounter })
  const info = (path: string, monitoredInfo: number) => in_(path, { monitoredInfo })
  const operation = (kind: string, n: number) =>
    in_(`cn=${kind},cn=Operations`, { monitorOpInitiated: n, monitorOpCompleted: n })
  return [
    counter('cn=Current,cn=Connections', directory.connections(host)),
    counter('cn=Total,cn=Connections', Math.floor(searches / 20)),
    counter('cn=Max File Descriptors,cn=Connections', 1024),
    operation('Bind', Math.floor(searches / 12)),
    operation('Search', searches),
    operation('Modify', isReplica ? 0 : Math.floor(directory.age / 6_000)),
    info('cn=Max,cn=Threads', 16),
    info('cn=Active,cn=Threads', 1),
    info('cn=Pending,cn=Threads', 0),
    counter('cn=Read,cn=Waiters', directory.connections(host)),
    counter('cn=Write,cn=Waiters', 0),
    info('cn=Uptime,cn=Time', 500_000 + Math.floor(directory.age / 1000)),
    in_('cn=Current,cn=Time', { monitorTimestamp: `${csnOf(now()).slice(0, 14)}Z` }),
    in_('cn=Database 2,cn=Databases', {
      namingContexts: suffix,
      monitorIsShadow: isReplica ? 'TRUE' : 'FALSE',
      olmMDBPagesMax: 262_144,
      olmMDBPagesUsed: 41_870,
      olmMDBEntries: 2_317,
    }),
    ...(isReplica
      ? [
          in_('cn=Consumer 001,cn=Database 2,cn=Databases', {
            olmSRSyncPhase: 'Persist',
            olmSRConnection: 'IP=10.0.0.5:389',
          }),
        ]
      : []),
  ]
}
