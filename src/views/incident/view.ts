import type { Incident } from '../../fleet/incident/record.ts'
import { after, incidentText, lastedFor, sayingOf, titleOf } from '../../fleet/incident/words.ts'
import { kinds } from '../../fleet/kinds.ts'
import { wallTime } from '../../hosts/clock.ts'
import { joined, type Label, say } from '../../hosts/label.ts'
import { exactly } from '../../text/duration.ts'
import { dateTime } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import type { Column } from '../column.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import type { TableView } from '../view.ts'
import type { Moment } from '../world.ts'
import { incidentJson } from './json.ts'
import { incidentLines } from './page.ts'

const isOpen = ({ open }: Incident) => open.length > 0
const actedIn = (incident: Incident) => incident.settled && after(incident, incident.settled)
const lasted = ({ fault, restored, overBefore }: Incident, now: number) =>
  ((overBefore ?? restored)?.at ?? now) - fault.at

function columns({ now }: Moment): readonly Column<Incident>[] {
  const right = { align: 'right' } as const
  return [
    { id: 'name', title: say`INCIDENT`, width: 8, givesWay: 0, cell: kinds.incident.nameOf },
    {
      id: 'state',
      title: say`STATE`,
      width: 5,
      givesWay: 0,
      cell: (one) => (isOpen(one) ? [say`open`, 'trouble'] : say`over`),
    },
    { id: 'began', title: say`BEGAN`, width: 15, givesWay: 0, cell: ({ fault }) => dateTime(fault.at) },
    {
      id: 'lasted',
      title: say`LASTED`,
      width: 10,
      ...right,
      givesWay: 1,
      cell: (one) => lastedFor(one, wallTime(now)),
    },
    {
      id: 'acted',
      title: say`ACTED`,
      width: 7,
      ...right,
      givesWay: 2,
      cell: (one) => tookOrDash(actedIn(one)),
    },
    { id: 'what', title: say`WHAT`, width: 20, grows: 100, givesWay: 0, cell: whatOf },
  ]
}

function tookOrDash(milliseconds: number | undefined): Label {
  return milliseconds === undefined ? dash : exactly(milliseconds)
}

/** `fe2: LDAP failed, 3 times` */
function whatOf(incident: Incident): Label {
  const { times } = incident
  return times > 1 ? say`${titleOf(incident)}, ${times} times` : titleOf(incident)
}

const sorts: Sorts<Incident> = {
  name: highest(({ id }) => Number(id)),
  // What is open first.
  state: { by: (one) => (isOpen(one) ? 0 : 1) },
  began: highest(({ fault }) => fault.at),
  lasted: highest((one, _, now) => lasted(one, wallTime(now))),
  acted: highest(actedIn),
  what: { by: whatOf },
}

const traits = {
  text: (one: Incident) =>
    `${kinds.incident.nameOf(one)} ${whatOf(one)} ${one.affected.join(' ')} ${one.notes.map(({ text }) => text).join(' ')}`,
  isFault: isOpen,
  hostsOf: ({ entries }: Incident) => [...new Set(entries.map(({ host }) => `${host}`))],
  sorts,
  name: (one: Incident) => `${whatOf(one)} ${one.id}`,
}

const hits = (incident: Incident) => ({ incident })

/** What failed, and what was done about it. */
export const incidentView: TableView<Incident> = {
  name: say`incident`,
  title: say`Incidents`,
  group: 'events',
  help: 'Shows the incidents: what failed together, what was done about it, and how long each step took.',
  ...recordRows('incident', traits, hits),
  sorted: { by: 'began', descending: true },
  none: say`no incident is known`,
  noFaults: say`none is open`,
  keysFor: { list: [], page: [] },
  columns,
  note: incidentText,

  json: incidentJson,
  leadsTo: ({ concern }) => concern.about,
  page: incidentLines,
  // `#12 open, fe2: LDAP failed 14:02:03.1; taken out (ldirectord) after 2.8 s. Still: fe2 LDAP failed`
  sentence: (one) => {
    const still = one.open.map((entry) => say`${entry.name ?? entry.host} ${sayingOf(entry)}`)
    const state = isOpen(one) ? say`open` : say`over`
    return say`${kinds.incident.nameOf(one)} ${state}, ${incidentText(one)}${still.length ? say`. Still: ${joined(still, ', ')}` : say``}`
  },
}
