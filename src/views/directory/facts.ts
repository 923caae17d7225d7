import { directoryConditions } from '../../fleet/directory/alerts.ts'
import { type DirectoryRecord, isMultiProvider, lagOf } from '../../fleet/directory/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { span } from '../../text/format.ts'
import type { Tone } from '../../text/part.ts'
import { dash } from '../../text/part.ts'

/** How it stands with a slapd, in two words at most; what is worst counts. */
export function directoryState(record: DirectoryRecord): Label | readonly [Label, Tone] {
  const { role, trouble, reading, replication } = record
  if (trouble) return [say`no answer`, 'trouble']
  if (!reading) return say`asking`
  if (!reading.check.ok) return [say`wrong answer`, 'trouble']
  if (!reading.fresh.ok) return [say`full`, 'trouble']
  if (replication.state === 'behind') return [say`behind`, 'warning']
  if (replication.state === 'filling') return [say`filling`, 'warning']
  if (reading.monitor?.replication?.connected === false) return [say`cut off`, 'warning']
  const isCompared = replication.state === 'in step' && (role === 'consumer' || isMultiProvider(record))
  return isCompared ? say`in step` : say`answers`
}

/** How far behind the others it is, as a span; nothing for the only one. */
export function behindText(record: DirectoryRecord, now: number): Label {
  const lag = lagOf(record, now)
  if (lag === undefined) return dash
  return record.replication.state === 'in step' ? say`0s` : span(Math.max(1_000, lag))
}

/** `12s behind`; nothing where there is nothing to be behind of, or that is not known. */
export function behindPhrase(record: DirectoryRecord, now: number): Label | undefined {
  const text = behindText(record, now)
  return text === dash ? undefined : say`${text} behind`
}

/** Milliseconds as a person reads them: `0.8ms`, `12ms`, `1.2s`. */
export function milliseconds(ms: number | undefined): Label {
  if (ms === undefined) return dash
  if (ms < 9.95) return label(`${ms.toFixed(1)}ms`)
  return label(ms < 999.5 ? `${Math.round(ms)}ms` : `${(ms / 1000).toFixed(1)}s`)
}

/** How long its answer took. */
export function answerText({ trouble, reading }: DirectoryRecord): Label {
  return !trouble && reading?.check.ok ? milliseconds(reading.check.ms) : dash
}

/** Completed operations a second, of all kinds. */
export function operationsText({ rates, trouble }: DirectoryRecord): Label {
  if (trouble || !rates) return dash
  return say`${Math.round([...rates.values()].reduce((sum, n) => sum + n, 0))}`
}

/** Where all is of LDAP. */
function withoutPrefix(text: Label): Label {
  return text.replace(/^LDAP: /, '') as Label
}

/** What there is to say of it, the worst first; nothing when all is well. How far behind it is has a place of its own. */
export function directoryNote(record: DirectoryRecord, now: number): Label {
  const [first] = directoryConditions(record, now).filter(({ what }) => what !== 'ldap behind')
  if (first) return withoutPrefix(say`${first.text}${first.lasting ?? say``}`)
  const { role, reading } = record
  return role === 'consumer' && reading && !reading.csns.size
    ? say`no contextCSN: it does not replicate, or its first copy is under way`
    : say``
}

/** Whether a person should look at this directory server. */
export function isAmiss(record: DirectoryRecord, now: number): boolean {
  return directoryConditions(record, now).length > 0
}
