import { joined, type Label, label, say } from '../../hosts/label.ts'
import { count } from '../../hosts/numbers.ts'
import type { Csn, LdapEntry, LdapQuestions, MonitorFacts, OperationCount } from './facts.ts'

/** `20261126184148.860000Z#000000#00a#000000`: a time, a count within it, the id of the server, a count of modifications. */
const csn = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})Z#[\da-f]{6}#([\da-f]{3})#[\da-f]{6}$/

/** The values of contextCSN, by server id; those that are none become `wrong`. */
export function parseCsns(values: readonly string[]): {
  csns: Map<number, Csn>
  wrong: readonly string[]
} {
  const csns = new Map<number, Csn>()
  const wrong: string[] = []
  for (const text of values) {
    const [, year, month, day, hour, minute, second, micro, id = ''] = csn.exec(text) ?? []
    const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) + Number(micro) / 1000
    if (Number.isNaN(at)) {
      wrong.push(text)
      continue
    }
    const server = Number.parseInt(id, 16)
    const before = csns.get(server)
    if (!before || before.text < text) csns.set(server, { text, at })
  }
  return { csns, wrong }
}

const numberOf = (entry: LdapEntry | undefined, attribute: string): number | undefined => {
  const text = entry?.values.get(attribute.toLowerCase())?.[0]
  return count(text)
}

/** `20261122073241Z`, RFC 4517 3.3.13 */
function timeOf(text: string | undefined): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  if (!found) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The attributes of cn=Monitor that are read, and the entries that have them: all but a connection each. */
export const monitorSearch = {
  scope: 'sub',
  filter:
    '(|(objectClass=monitorCounterObject)(objectClass=monitorOperation)(objectClass=monitoredObject)(objectClass=olmSyncReplInstance))',
  attributes: [
    'monitorCounter',
    'monitorOpInitiated',
    'monitorOpCompleted',
    'monitoredInfo',
    'monitorTimestamp',
    'namingContexts',
    'monitorIsShadow',
    'monitorOverlay',
    'olmMDBPagesMax',
    'olmMDBPagesUsed',
    'olmMDBPagesFree',
    'olmMDBEntries',
    'olmSRSyncPhase',
    'olmSRConnection',
    'olmSRLastCookieSent',
  ],
} as const

const monitor = 'cn=monitor'

/** What cn=Monitor tells of the server and of the database with this suffix; `undefined`: these entries are not its. */
export function parseMonitor(entries: readonly LdapEntry[], base: string): MonitorFacts | undefined {
  const byDn = new Map(entries.map((entry) => [entry.dn.toLowerCase(), entry]))
  const at = (dn: string) => byDn.get(`${dn},${monitor}`)
  const counter = (dn: string) => numberOf(at(dn), 'monitorCounter')
  const info = (dn: string) => numberOf(at(dn), 'monitoredInfo')
  const connections = counter('cn=current,cn=connections')
  if (connections === undefined) return undefined
  const database = entries.find(({ dn, values }) => isDatabase(dn) && holds(values, base))
  const used = numberOf(database, 'olmMDBPagesUsed')
  const max = numberOf(database, 'olmMDBPagesMax')
  const facts = {
    descriptorLimit: counter('cn=max file descriptors,cn=connections'),
    entries: numberOf(database, 'olmMDBEntries'),
    uptimeSeconds: info('cn=uptime,cn=time'),
    clock: timeOf(at('cn=current,cn=time')?.values.get('monitortimestamp')?.[0]),
    pages:
      used !== undefined && max
        ? { used: used - (numberOf(database, 'olmMDBPagesFree') ?? 0), max }
        : undefined,
    ...replicationOf(entries, database),
    isShadow: database && database.values.get('monitorisshadow')?.[0] === 'TRUE',
    provides: database?.values.get('monitoroverlay')?.some((name) => name.toLowerCase() === 'syncprov'),
  }
  return {
    connections,
    connectionsTotal: counter('cn=total,cn=connections') ?? 0,
    operations: operationsOf(byDn),
    threads: {
      max: info('cn=max,cn=threads') ?? 0,
      active: info('cn=active,cn=threads') ?? 0,
      pending: info('cn=pending,cn=threads') ?? 0,
    },
    waiters: {
      read: counter('cn=read,cn=waiters') ?? 0,
      write: counter('cn=write,cn=waiters') ?? 0,
    },
    ...(Object.fromEntries(
      Object.entries(facts).filter(([, value]) => value !== undefined),
    ) as Partial<MonitorFacts>),
  }
}

const isDatabase = (dn: string) => /^cn=database \d+,cn=databases,cn=monitor$/i.test(dn)

function holds(values: LdapEntry['values'], base: string): boolean {
  return (values.get('namingcontexts') ?? []).some((suffix) => sameDn(suffix, base))
}

/** Names are compared without regard to case and to blanks beside commas, which is enough for suffixes (RFC 4514). */
function sameDn(a: string, b: string): boolean {
  const plain = (dn: string) => dn.toLowerCase().replace(/\s*([,=])\s*/g, '$1')
  return plain(a) === plain(b)
}

function operationsOf(byDn: ReadonlyMap<string, LdapEntry>): Map<string, OperationCount> {
  const operations = new Map<string, OperationCount>()
  for (const [dn, entry] of byDn) {
    const kind = /^cn=([a-z]+),cn=operations,cn=monitor$/.exec(dn)?.[1]
    const initiated = numberOf(entry, 'monitorOpInitiated')
    const completed = numberOf(entry, 'monitorOpCompleted')
    if (kind && initiated !== undefined && completed !== undefined)
      operations.set(kind, { initiated, completed })
  }
  return operations
}

/**
 * The entries of the server's own syncrepl, below its database; with several providers one that is connected is enough. Only one
 * of several providers names its own server id in what it asks for: `rid=001,sid=002` (syncrepl.c of OpenLDAP 2.5; a relay with a
 * serverID does not).
 */
function replicationOf(
  entries: readonly LdapEntry[],
  database: LdapEntry | undefined,
): Pick<MonitorFacts, 'replication' | 'isMultiProvider'> {
  if (!database) return {}
  const own = entries.filter(
    ({ dn, values }) => dn.toLowerCase().endsWith(database.dn.toLowerCase()) && values.has('olmsrsyncphase'),
  )
  if (!own.length) return {}
  const phases = own.map(({ values }) => values.get('olmsrsyncphase')?.[0] ?? '')
  const connected = own.some(({ values }) => !!values.get('olmsrconnection')?.[0])
  const phase = joined(
    phases.map((one) => label(one.toLowerCase())),
    ', ',
  )
  const isMultiProvider = own.some(({ values }) =>
    /(^|,)sid=/.test(values.get('olmsrlastcookiesent')?.[0] ?? ''),
  )
  return { replication: { connected, phase }, isMultiProvider }
}

/** Why this is not the entry that is expected; `undefined`: it is. */
export function wrongWith(
  entries: readonly LdapEntry[],
  name: string,
  questions: LdapQuestions,
): Label | undefined {
  const [entry] = entries
  if (!entry) return say`${label(name)} is not there`
  const { attribute, value } = questions.expect ?? ownName(name)
  const values = entry.values.get(attribute.toLowerCase()) ?? []
  // A value is compared as caseIgnoreMatch does (RFC 4517), which most attributes have.
  if (values.some((one) => one.toLowerCase() === value.toLowerCase())) return undefined
  const found = values.length ? say`holds ${label(values.join(', '))}` : say`has no such attribute`
  return say`${label(name)}: ${label(attribute)} should be ${label(value)}, it ${found}`
}

/** The attribute and the value that a name begins with: `uid=user1,ou=people,…`. */
export function ownName(dn: string): { attribute: string; value: string } {
  const [, attribute = '', value = ''] = /^\s*([^=+]+?)\s*=\s*((?:\\.|[^,+\\])*)/.exec(dn) ?? []
  // Bytes in hexadecimal are UTF-8, several of them a character (RFC 4514, 2.4).
  const plain = value.replace(/((?:\\[\da-f]{2})+)|\\(.)/gi, (_, bytes?: string, escaped = '') =>
    bytes ? Buffer.from(bytes.replaceAll('\\', ''), 'hex').toString() : escaped,
  )
  return { attribute, value: plain.trim() }
}
