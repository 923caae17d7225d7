import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Detail, detailOf } from '../components/Detail.tsx'
import { Table } from '../components/Table.tsx'
import { TextPage } from '../components/TextPage.tsx'
import type { Console } from '../console/console.ts'
import type { DirectoryRecord } from '../fleet/directories.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { dash } from '../text/part.ts'
import type { Column } from '../views/column.ts'
import {
  answerText,
  behindText,
  directoryNote,
  directoryState,
  operationsText,
} from '../views/directory/facts.ts'
import { directoryLines } from '../views/directory/page.ts'
import type { ScreenProps } from './screen.ts'

/** The directory servers: who is the provider, and how far the others are behind. */
export function Directory({ console, width, height }: ScreenProps): ReactNode {
  const { fleet } = console
  const { selected, top } = console.tables.place('directory')
  const now = fleet.now()
  const { directory } = console
  const note = directory ? directoryNote(directory, now) : say``
  const detail = detailOf(
    note && directory ? say`${label(directory.host)}: ${note}` : undefined,
    width,
    height,
  )
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
        height={height - detail.length}
        empty={emptyText(console)}
      />
      {/* In full, what the row has no room for. */}
      <Detail lines={detail} width={width} />
    </Box>
  )
}

function emptyText({ snapshot, tables }: Console): Label {
  const { filter, faultsOnly } = tables.of('directory')
  if (filter) return say`no directory server matches the filter; Esc takes it away`
  if (faultsOnly) return say`all answer, and none is behind`
  return snapshot.directories.length
    ? say`asking`
    : say`the configuration tells of no directory server (docs/directory.md)`
}

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
  const lines = directory ? directoryLines(directory, fleet.now(), width - 4) : []
  return <TextPage console={console} lines={lines} width={width} height={height} />
}
