import type { SessionRecord } from '../../fleet/session/record.ts'
import { label, say } from '../../hosts/label.ts'
import { memory, span } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import type { Column } from '../column.ts'
import type { Moment } from '../world.ts'
import { cpuText, desktopText, sessionState } from './facts.ts'

/** The columns of sessions. */
export function sessionColumns(moment: Moment): readonly Column<SessionRecord>[] {
  const { now } = moment
  const right = { align: 'right' } as const
  return [
    { id: 'name', title: say`USER`, width: 9, grows: 16, givesWay: 0, cell: ({ user }) => user },
    {
      id: 'terminal',
      title: say`TERMINAL`,
      width: 8,
      grows: 14,
      givesWay: 0,
      cell: ({ terminal }) => terminal,
    },
    {
      id: 'machine',
      title: say`MACHINE`,
      width: 15,
      grows: 20,
      givesWay: 0,
      cell: ({ machine }) => machine.name,
    },
    {
      id: 'desktop',
      title: say`DESKTOP`,
      width: 8,
      grows: 16,
      givesWay: 0,
      cell: (one) => desktopText(one) ?? dash,
    },
    {
      id: 'since',
      title: say`SINCE`,
      width: 5,
      ...right,
      givesWay: 1,
      cell: ({ since }) => span(now - since),
    },
    { id: 'idle', title: say`IDLE`, width: 5, ...right, givesWay: 0, cell: ({ idle }) => span(idle) },
    {
      id: 'cpu',
      title: say`CPU`,
      width: 4,
      ...right,
      givesWay: 1,
      cell: ({ load }) => cpuText(load?.cpu),
    },
    {
      id: 'memory',
      title: say`MEMORY`,
      width: 6,
      ...right,
      givesWay: 2,
      cell: ({ load }) => memory(load?.memoryKiB),
    },
    { id: 'state', title: say`STATE`, width: 12, givesWay: 0, cell: (one) => sessionState(one, moment) },
    { id: 'host', title: say`HOST`, width: 8, grows: 12, givesWay: 3, cell: ({ host }) => label(host) },
    { id: 'id', title: say`ID`, width: 6, grows: 8, givesWay: 4, cell: ({ key }) => label(key) },
  ]
}
