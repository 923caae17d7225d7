import { type DirectoryRecord, isMultiProvider } from '../../fleet/directory/record.ts'
import { wallTime } from '../../hosts/clock.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Verdict } from '../../services/ldap/facts.ts'
import { duration } from '../../text/duration.ts'
import { dateTime } from '../../text/format.ts'
import { type Field, fieldLines, type PageColumn, tableLines } from '../../text/page.ts'
import type { Part } from '../../text/part.ts'
import { dash, textOf } from '../../text/part.ts'
import { behindText, directoryNote, directoryState, milliseconds } from './facts.ts'

/** All that is known of a directory server, line by line: what it answers, where its content comes from, what it does. */
export function directoryLines(record: DirectoryRecord, now: number, width: number): Part[][] {
  const fields = (all: readonly Field[]) => fieldLines(all, width, 15)
  const { host, role, trouble, reading } = record
  const state = directoryState(record)
  const head = fields([
    ['Name', label(host)],
    ['Role', label(role)],
    ['State', textOf(state)],
    ['', directoryNote(record, now)],
    ['What to do', trouble?.advice],
  ])
  if (!reading) return head
  const { base, check, fresh, csns, monitor } = reading
  return [
    ...head,
    ...(trouble ? [[], ...fields([['As last seen', dateTime(wallTime(reading.at))]])] : []),
    ...fields([
      ['Suffix', label(base)],
      ['Known entry', verdictOf(check)],
      ['New connection', verdictOf(fresh)],
      ['Behind', behindText(record, now)],
      ...[...csns].map(
        ([server, { text }]): Field => ['contextCSN', say`${label(text)}  (server id ${server})`],
      ),
      ['Replication', replicationText(record)],
      ...(monitor ? monitorFields(monitor) : monitorTroubleFields(reading)),
    ]),
    ...(monitor ? tableLines(columns, operationRows(record, monitor)) : []),
  ]
}

function verdictOf(verdict: Verdict): Label {
  return verdict.ok ? say`answered in ${milliseconds(verdict.ms)}` : verdict.why
}

type Monitor = NonNullable<NonNullable<DirectoryRecord['reading']>['monitor']>

function replicationText(record: DirectoryRecord): Label | undefined {
  const { role, reading } = record
  if (role === 'standalone') return say`none: its content is its own, and nobody copies it`
  const replication = reading?.monitor?.replication
  if (!replication) return undefined
  const other = isMultiProvider(record) ? say`another provider` : say`its provider`
  return replication.connected
    ? say`connected to ${other} (${replication.phase})`
    : say`not connected to ${other}`
}

function monitorTroubleFields({ monitorTrouble }: NonNullable<DirectoryRecord['reading']>): Field[] {
  return [
    ['cn=Monitor', monitorTrouble?.reason],
    ['', monitorTrouble?.advice],
  ]
}

function monitorFields(monitor: Monitor): Field[] {
  const { connections, connectionsTotal, threads, waiters, pages, entries, uptimeSeconds } = monitor
  const share = pages && Math.round((pages.used / pages.max) * 100)
  const database = pages ? say`${pages.used} of ${pages.max} pages used (${share ?? 0}%)` : undefined
  return [
    ['Connections', say`${connections} now, ${connectionsTotal} since its start`],
    ['Threads', say`${threads.active} busy of ${threads.max}, ${threads.pending} requests wait`],
    ['Waiters', say`${waiters.read} to be read, ${waiters.write} to be written`],
    ['Database', entries === undefined ? database : say`${database ?? say``}, ${entries} entries`],
    ['Up', uptimeSeconds === undefined ? undefined : duration(uptimeSeconds * 1000)],
  ]
}

const columns: readonly PageColumn[] = [
  { title: say`OPERATION`, width: 12 },
  { title: say`/s`, width: 8, align: 'right' },
  { title: say`COMPLETED`, width: 12, align: 'right' },
  { title: say`UNDER WAY`, width: 10, align: 'right' },
]

function operationRows({ rates }: DirectoryRecord, { operations }: Monitor): Label[][] {
  return [...operations].map(([kind, { initiated, completed }]) => {
    const rate = rates?.get(kind)
    const perSecond = rate === undefined ? dash : label(rate.toFixed(rate < 9.95 ? 1 : 0))
    return [label(kind), perSecond, say`${completed}`, say`${Math.max(0, initiated - completed)}`]
  })
}
