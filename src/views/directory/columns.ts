import type { DirectoryRecord } from '../../fleet/directory/record.ts'
import { label, say } from '../../hosts/label.ts'
import { dash } from '../../text/part.ts'
import type { Column } from '../column.ts'
import { answerText, behindText, directoryNote, directoryState, operationsText } from './facts.ts'

/** The columns of directory servers. */
export function directoryColumns(now: number): readonly Column<DirectoryRecord>[] {
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
      title: say`NOTE`,
      width: 8,
      grows: 100,
      givesWay: 4,
      cell: (d) => directoryNote(d, now),
    },
  ]
}
