import { Box } from 'ink'
import type { ReactNode } from 'react'
import {
  answerText,
  behindText,
  directoryNote,
  directoryState,
  milliseconds,
  operationsText,
} from '../components/directory-facts.ts'
import { dateTime } from '../components/format.ts'
import { Line, type Part } from '../components/Line.tsx'
import { type Column, Table } from '../components/Table.tsx'
import { TextPage } from '../components/TextPage.tsx'
import { pad, wrap } from '../components/text.ts'
import type { DirectoryRecord } from '../fleet/directories.ts'
import { duration } from '../fleet/duration.ts'
import type { Console } from '../hooks/console.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Verdict } from '../services/ldap/facts.ts'
import type { ScreenProps } from './screen.ts'

/** The directory servers: who is the provider, and how far the others are behind. */
export function Directory({ console, width, height }: ScreenProps): ReactNode {
  const { fleet } = console
  const { selected, top } = console.tables.place('directory')
  const now = fleet.now()
  const { directory } = console
  const note = directory ? directoryNote(directory, now) : say``
  return (
    <Box flexDirection="column" height={height}>
      <Table
        columns={columns(now)}
        rows={console.directoryRows()}
        id={({ host }) => host}
        selected={selected}
        top={top}
        kind={({ trouble }) => (trouble ? 'stale' : undefined)}
        width={width}
        height={height - 1}
        empty={emptyText(console)}
      />
      {/* In full, what the row has no room for. */}
      <Line parts={note && directory ? [say`  ${label(directory.host)}: ${note}`] : []} width={width} />
    </Box>
  )
}

function emptyText({ snapshot, tables }: Console): Label {
  const { filter, faultsOnly } = tables.of('directory')
  if (filter) return say`no directory server matches the filter; Esc takes it away`
  if (faultsOnly) return say`all answer, and are in step`
  return snapshot.directories.length
    ? say`asking`
    : say`the configuration tells of no directory server (docs/directory.md)`
}

const dash = '-' as Label

function columns(now: number): readonly Column<DirectoryRecord>[] {
  const count = (of: (record: DirectoryRecord) => number | undefined) => (record: DirectoryRecord) => {
    const n = record.trouble ? undefined : of(record)
    return n === undefined ? dash : say`${n}`
  }
  const right = { align: 'right' } as const
  return [
    { id: 'name', title: say`NAME`, width: 10, grows: 24, givesWay: 0, cell: (d) => label(d.host) },
    { id: 'role', title: say`ROLE`, width: 8, givesWay: 2, cell: (d) => label(d.role) },
    { id: 'state', title: say`STATE`, width: 12, givesWay: 0, cell: directoryState },
    { id: 'behind', title: say`BEHIND`, width: 6, givesWay: 0, ...right, cell: (d) => behindText(d, now) },
    { id: 'answer', title: say`ANSWER`, width: 6, givesWay: 0, ...right, cell: answerText },
    {
      id: 'connections',
      title: say`CONN`,
      width: 5,
      givesWay: 1,
      ...right,
      cell: count((d) => d.reading?.monitor?.connections),
    },
    { id: 'operations', title: say`OPS/s`, width: 5, givesWay: 1, ...right, cell: operationsText },
    {
      id: 'entries',
      title: say`ENTRIES`,
      width: 7,
      givesWay: 3,
      ...right,
      cell: count((d) => d.reading?.monitor?.entries),
    },
    {
      id: 'note',
      title: say``,
      width: 8,
      grows: 100,
      givesWay: 4,
      cell: (d) => directoryNote(d, now),
    },
  ]
}

/** One directory server in full: what it answers, where its content comes from, what it does. */
export function DirectoryDetails({ console, width, height }: ScreenProps): ReactNode {
  const { directory, fleet } = console
  const lines = directory ? detailLines(directory, fleet.now(), width - 4) : []
  return <TextPage console={console} lines={lines} width={width} height={height} />
}

function detailLines(record: DirectoryRecord, now: number, width: number): Part[][] {
  const { host, role, trouble, reading } = record
  const field = (title: string, text: Label | undefined): Part[][] =>
    text
      ? wrap(text, width - 16).map((line, i): Part[] => [
          [label((i ? '' : title).padEnd(15)), 'heading'],
          say` ${line}`,
        ])
      : []
  const state = directoryState(record)
  const note = directoryNote(record, now)
  const head = [
    ...field('Name', label(host)),
    ...field('Role', label(role)),
    ...field('State', typeof state === 'string' ? state : state[0]),
    ...field('', note),
    ...field('What to do', trouble?.advice),
  ]
  if (!reading) return head
  const { base, check, fresh, csns, monitor } = reading
  const asOf = trouble ? [[], ...field('As last seen', dateTime(reading.at))] : []
  return [
    ...head,
    ...asOf,
    ...field('Suffix', label(base)),
    ...field('Known entry', verdictOf(check)),
    ...field('New connection', verdictOf(fresh)),
    ...field('Behind', behindText(record, now)),
    ...[...csns].flatMap(([server, { text }]) =>
      field('contextCSN', say`${label(text)}  (server id ${server})`),
    ),
    ...field('Replication', monitor?.replication && replicationText(monitor.replication)),
    ...(monitor ? monitorLines(record, monitor, field) : field('cn=Monitor', reading.monitorTrouble)),
  ]
}

function verdictOf(verdict: Verdict): Label {
  return verdict.ok ? say`answered in ${milliseconds(verdict.ms)}` : verdict.why
}

type Monitor = NonNullable<NonNullable<DirectoryRecord['reading']>['monitor']>

function replicationText({ connected, phase }: NonNullable<Monitor['replication']>): Label {
  return connected ? say`connected to its provider (${phase})` : say`not connected to its provider`
}

function monitorLines(
  { rates }: DirectoryRecord,
  monitor: Monitor,
  field: (title: string, text: Label | undefined) => Part[][],
): Part[][] {
  const { connections, connectionsTotal, threads, waiters, pages, entries, uptimeSeconds } = monitor
  const share = pages && Math.round((pages.used / pages.max) * 100)
  const database = pages ? say`${pages.used} of ${pages.max} pages used (${share ?? 0}%)` : undefined
  const row = (a: Label, b: Label, c: Label, d: Label) =>
    say`${pad(a, 12)} ${pad(b, 8, 'right')} ${pad(c, 12, 'right')} ${pad(d, 10, 'right')}`
  return [
    ...field('Connections', say`${connections} now, ${connectionsTotal} since its start`),
    ...field('Threads', say`${threads.active} busy of ${threads.max}, ${threads.pending} requests wait`),
    ...field('Waiters', say`${waiters.read} to be read, ${waiters.write} to be written`),
    ...field('Database', entries === undefined ? database : say`${database ?? say``}, ${entries} entries`),
    ...field('Up', uptimeSeconds === undefined ? undefined : duration(uptimeSeconds * 1000)),
    [],
    [[row(say`OPERATION`, say`/s`, say`COMPLETED`, say`UNDER WAY`), 'heading']],
    ...[...monitor.operations].map(([kind, { initiated, completed }]): Part[] => {
      const rate = rates?.get(kind)
      const perSecond = rate === undefined ? dash : label(rate.toFixed(rate < 9.95 ? 1 : 0))
      return [row(label(kind), perSecond, say`${completed}`, say`${Math.max(0, initiated - completed)}`)]
    }),
  ]
}
