import { say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { Alert } from '../alerts/alert.ts'
import { alertOf, type Condition } from '../alerts/conditions.ts'
import { hostConcern } from '../ref.ts'
import { troubleTold } from '../trouble.ts'
import type { DirectoryRecord } from './record.ts'
import { notable } from './replication.ts'

/** What is wrong with the directory servers: those that do not answer, that answer wrongly, that fall behind. */
export function directoryAlerts(directories: readonly DirectoryRecord[], now: number): Alert[] {
  return directories.flatMap((one) =>
    directoryConditions(one, now).map((condition) => alertOf(hostConcern(one.host, 'directory'), condition)),
  )
}

const failing = ['directory.failed', 'directory.back'] as const

/** What is wrong with a slapd. If it is silent, nothing more is known. */
export function directoryConditions(record: DirectoryRecord, now: number): Condition[] {
  const { trouble, reading } = record
  const server = 'LDAP' as const
  if (trouble)
    return [
      {
        severity: 'bad',
        what: 'ldap silent',
        // How its host is reached may be what failed, and says nothing of LDAP.
        text: trouble.reason.startsWith('LDAP: ') ? trouble.reason : say`LDAP: ${trouble.reason}`,
        ...troubleTold(trouble, reading !== undefined, now),
        over: say`LDAP: answers again`,
        types: failing,
        server,
      },
    ]
  if (!reading) return []
  const { check, fresh, csnTrouble, monitorTrouble } = reading
  const conditions: Condition[] = []
  if (!check.ok)
    conditions.push({
      severity: 'bad',
      what: 'ldap wrong',
      text: say`LDAP: answers wrongly: ${check.why}`,
      over: say`LDAP: answers correctly again`,
      types: failing,
      server,
    })
  if (!fresh.ok)
    conditions.push({
      severity: 'bad',
      what: 'ldap full',
      text: say`LDAP: takes no new connection: ${fresh.why}`,
      over: say`LDAP: takes new connections again`,
      types: failing,
      advice: say`is it out of file descriptors? vdd fd list; and its log`,
      server,
    })
  conditions.push(...lagConditions(record, now))
  if (csnTrouble) conditions.push({ severity: 'warning', what: 'ldap csn', text: say`LDAP: ${csnTrouble}` })
  if (monitorTrouble) {
    const { reason, advice } = monitorTrouble
    conditions.push({ severity: 'warning', what: 'ldap monitor', text: say`LDAP: ${reason}`, advice })
  }
  return conditions
}

function lagConditions({ replication, reading }: DirectoryRecord, now: number): Condition[] {
  const conditions: Condition[] = []
  if (replication.state === 'filling')
    conditions.push({
      severity: 'warning',
      what: 'ldap filling',
      text: say`LDAP: the first copy is under way, answers lack entries`,
      over: say`LDAP: the first copy is complete`,
      types: ['directory.filling', 'directory.filled'],
    })
  const age = replication.state === 'behind' ? now - replication.since : 0
  if (replication.state === 'behind' && age >= notable.warning)
    conditions.push({
      severity: age < notable.bad ? 'warning' : 'bad',
      what: 'ldap behind',
      text: say`LDAP: ${replication.atLeast ? say`at least ` : say``}${duration(age)} behind`,
      over: say`LDAP: in step again`,
      types: ['directory.behind', 'directory.instep'],
      since: replication.since,
    })
  if (reading?.monitor?.replication?.connected === false)
    conditions.push({
      severity: 'warning',
      what: 'ldap cut off',
      text: say`LDAP: not connected to its provider`,
      over: say`LDAP: connected to its provider again`,
      types: ['directory.cutoff', 'directory.connected'],
    })
  return conditions
}

/** Whether it is not known if this condition still holds: nothing is known of a silent slapd, and no lag without an answering provider. */
export function isUnknownOf({ trouble, replication }: DirectoryRecord, what: string): boolean {
  if (trouble) return what !== 'ldap silent'
  return replication.state === 'unknown' && (what === 'ldap behind' || what === 'ldap filling')
}
