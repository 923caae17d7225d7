import type { DisplayRecord } from '../../fleet/display/record.ts'
import { label, say } from '../../hosts/label.ts'
import { span } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import type { Column } from '../column.ts'
import type { Moment } from '../world.ts'
import { displayState, runsOn, sessionText } from './facts.ts'

/** The columns of displays. */
export function displayColumns(moment: Moment): readonly Column<DisplayRecord>[] {
  const { now, snapshot } = moment
  const right = { align: 'right' } as const
  return [
    { id: 'name', title: say`DISPLAY`, width: 7, givesWay: 0, cell: ({ name }) => name },
    { id: 'host', title: say`HOST`, width: 8, grows: 12, givesWay: 3, cell: ({ host }) => label(host) },
    { id: 'user', title: say`USER`, width: 9, grows: 16, givesWay: 0, cell: ({ user }) => user ?? dash },
    {
      id: 'terminal',
      title: say`TERMINAL`,
      width: 8,
      grows: 14,
      givesWay: 0,
      cell: ({ channel }) => channel?.terminal ?? dash,
    },
    {
      id: 'machine',
      title: say`MACHINE`,
      width: 15,
      grows: 20,
      givesWay: 0,
      cell: ({ channel }) => channel?.machine.name ?? dash,
    },
    {
      id: 'runs',
      title: say`RUNS ON`,
      width: 8,
      grows: 14,
      givesWay: 2,
      cell: (one) => runsOn(one, snapshot) ?? dash,
    },
    { id: 'session', title: say`SESSION`, width: 8, grows: 16, givesWay: 1, cell: sessionText },
    {
      id: 'since',
      title: say`SINCE`,
      width: 5,
      ...right,
      givesWay: 1,
      cell: ({ since }) => (since === undefined ? dash : span(now - since)),
    },
    {
      id: 'idle',
      title: say`IDLE`,
      width: 5,
      ...right,
      givesWay: 0,
      cell: ({ channel }) => span(channel?.idle),
    },
    {
      id: 'clients',
      title: say`CLIENTS`,
      width: 7,
      ...right,
      givesWay: 2,
      cell: ({ channel }) => (channel?.clients === undefined ? dash : say`${channel.clients}`),
    },
    { id: 'state', title: say`STATE`, width: 14, givesWay: 0, cell: (one) => displayState(one, moment) },
  ]
}
