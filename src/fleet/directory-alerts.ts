import { type Label, label, say } from '../hosts/label.ts'
import type { Alert } from './alerts.ts'
import { type DirectoryRecord, verdictText } from './directories.ts'
import { duration } from './duration.ts'
import { troubleText } from './model.ts'
import { notable } from './replication.ts'

/** What is wrong with the directory servers: those that do not answer, that answer wrongly, that fall behind. */
export function directoryAlerts(directories: readonly DirectoryRecord[], now: number): Alert[] {
  return directories.flatMap((record) => {
    const { host, trouble, reading } = record
    const about = { host, name: label(host) }
    const tell: Tell = (severity, what, text, advice = say``) => ({
      ...about,
      severity,
      what: `ldap ${what}`,
      text,
      advice,
    })
    if (trouble) {
      return [tell('bad', 'silent', troubleText(trouble, reading !== undefined, now), trouble.advice)]
    }
    if (!reading) return []
    const alerts: Alert[] = []
    const { check, fresh, csnTrouble, monitorTrouble } = reading
    if (!check.ok) alerts.push(tell('bad', 'wrong', verdictText('check', check.why)))
    if (!fresh.ok)
      alerts.push(
        tell(
          'bad',
          'full',
          verdictText('fresh', fresh.why),
          say`is it out of file descriptors? vdd fd list; and its log`,
        ),
      )
    alerts.push(...lagAlerts(record, now, tell))
    if (csnTrouble) alerts.push(tell('warning', 'csn', say`LDAP: ${csnTrouble}`))
    if (monitorTrouble)
      alerts.push(tell('warning', 'monitor', say`LDAP: ${monitorTrouble.reason}`, monitorTrouble.advice))
    return alerts
  })
}

type Tell = (severity: Alert['severity'], what: string, text: Label, advice?: Label) => Alert

function lagAlerts({ replication, reading }: DirectoryRecord, now: number, tell: Tell): Alert[] {
  const connection = reading?.monitor?.replication
  const alone =
    connection && !connection.connected
      ? [tell('warning', 'cut off', say`LDAP: not connected to its provider`)]
      : []
  if (replication.state === 'filling')
    return [
      tell('warning', 'filling', say`LDAP: the first copy is under way, answers lack entries`),
      ...alone,
    ]
  if (replication.state !== 'behind') return alone
  const age = now - replication.since
  if (age < notable.warning) return alone
  const text = say`LDAP: ${replication.atLeast ? say`at least ` : say``}${duration(age)} behind`
  return [tell(age < notable.bad ? 'warning' : 'bad', 'behind', text), ...alone]
}
