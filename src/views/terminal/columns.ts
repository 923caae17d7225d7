import type { TerminalRecord } from '../../fleet/terminal/record.ts'
import { label, say } from '../../hosts/label.ts'
import { memory, span } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import type { Column } from '../column.ts'
import { cpuText } from '../session/facts.ts'
import type { Moment } from '../world.ts'
import { cpuOf, desktopsText, linkCell, machinesText, peopleText, screenCell, terminalMark } from './facts.ts'

/** The columns of terminals. */
export function terminalColumns({ now }: Moment): readonly Column<TerminalRecord>[] {
  const right = { align: 'right' } as const
  return [
    { id: 'name', title: say`TERMINAL`, width: 8, grows: 16, givesWay: 0, cell: ({ name }) => name },
    {
      id: 'host',
      title: say`HOST`,
      width: 8,
      grows: 12,
      givesWay: 4,
      cell: ({ hosts }) => label(hosts.join(', ')),
    },
    {
      id: 'address',
      title: say`ADDRESS`,
      width: 15,
      givesWay: 5,
      cell: ({ address }) => address ?? dash,
    },
    { id: 'user', title: say`USER`, width: 8, grows: 16, givesWay: 0, cell: peopleText },
    { id: 'machine', title: say`MACHINE`, width: 15, grows: 20, givesWay: 1, cell: machinesText },
    { id: 'desktop', title: say`DESKTOP`, width: 8, grows: 16, givesWay: 3, cell: desktopsText },
    {
      id: 'cpu',
      title: say`CPU`,
      width: 4,
      ...right,
      givesWay: 3,
      cell: (one) => cpuText(cpuOf(one)),
    },
    { id: 'screen', title: say`SCREEN`, width: 9, grows: 12, givesWay: 0, cell: screenCell },
    {
      id: 'memory',
      title: say`MEMORY`,
      width: 6,
      ...right,
      givesWay: 0,
      cell: ({ told }) => memory(told?.facts.memoryKiB),
    },
    { id: 'link', title: say`LINK`, width: 4, ...right, givesWay: 0, cell: linkCell },
    {
      id: 'processor',
      title: say`PROCESSOR`,
      width: 16,
      grows: 30,
      givesWay: 6,
      cell: ({ told }) => told?.facts.processor ?? dash,
    },
    {
      id: 'told',
      title: say`TOLD`,
      width: 4,
      ...right,
      givesWay: 2,
      cell: ({ told }) => (told ? span(now - told.at) : dash),
    },
    { id: 'note', title: say`NOTE`, width: 10, grows: 16, givesWay: 0, cell: terminalMark },
  ]
}
