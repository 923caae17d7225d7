import type { DrillRecord } from '../../fleet/drill/record.ts'
import { drillSentence, exactSeconds } from '../../fleet/drill/words.ts'
import { kinds } from '../../fleet/kinds.ts'
import { wallTime } from '../../hosts/clock.ts'
import { type Label, say } from '../../hosts/label.ts'
import { dateTime } from '../../text/format.ts'
import { orNull } from '../../text/json.ts'
import { dash } from '../../text/part.ts'
import type { Cell, Column } from '../column.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import type { TableView } from '../view.ts'
import { countJson, millis } from './load.ts'
import { drillLines, stateText } from './page.ts'
import { drillJson } from './report.ts'

/** Nobody has to look at it any more. */
const isOver = ({ phase }: DrillRecord) => phase === 'over' || phase === 'ended'

/** How long until nobody was sent there any more, or another had taken over. */
function goneAfter({ result }: DrillRecord): number | undefined {
  const gone = result?.away.at(-1)?.seen
  return result && gone && gone.at - result.seen.broken.at
}

const words = {
  before: say`begins`,
  told: say`begins`,
  broken: say`broken`,
  back: say`put back`,
  over: say`over`,
  ended: say`given up`,
} as const

function stateCell({ phase, result }: DrillRecord): Cell {
  if (phase === 'over' && !result?.seen.isRestored) return [say`over, not as before`, 'trouble']
  return phase === 'broken' || phase === 'back' ? [words[phase], 'warning'] : words[phase]
}

const whatOf = ({ name, breaking }: DrillRecord) => say`${name}: ${breaking.title}`

const failedOf = ({ result }: DrillRecord) => result?.clients?.failed

function failedText({ result }: DrillRecord): Label {
  const { clients } = result ?? {}
  return clients ? say`${clients.failed} of ${clients.all}` : dash
}

const columns: readonly Column<DrillRecord>[] = [
  { id: 'name', title: say`DRILL`, width: 5, givesWay: 0, cell: kinds.drill.nameOf },
  { id: 'state', title: say`STATE`, width: 8, givesWay: 0, cell: stateCell },
  { id: 'began', title: say`BEGAN`, width: 15, givesWay: 1, cell: ({ began }) => dateTime(began) },
  {
    id: 'gone',
    title: say`GONE`,
    width: 8,
    align: 'right',
    givesWay: 2,
    cell: (one) => {
      const after = goneAfter(one)
      return after === undefined ? dash : exactSeconds(after)
    },
  },
  { id: 'failed', title: say`FAILED`, width: 10, align: 'right', givesWay: 2, cell: failedText },
  { id: 'what', title: say`WHAT`, width: 20, grows: 100, givesWay: 0, cell: whatOf },
]

const sorts: Sorts<DrillRecord> = {
  name: highest(({ id }) => Number(id)),
  state: { by: (one) => (isOver(one) ? 1 : 0) },
  began: highest(({ began }) => began),
  gone: highest(goneAfter),
  failed: highest(failedOf),
  what: { by: whatOf },
}

const traits = {
  text: (one: DrillRecord) => `${kinds.drill.nameOf(one)} ${whatOf(one)} ${one.who}`,
  isFault: (one: DrillRecord) => !isOver(one),
  hostsOf: ({ host }: DrillRecord) => [host],
  sorts,
  name: (one: DrillRecord) => `${whatOf(one)} ${one.id}`,
}

const hits = (drill: DrillRecord) => ({ drill })

/** What is broken on purpose here, and how it goes. */
export const drillView: TableView<DrillRecord> = {
  name: say`drill`,
  title: say`Drills`,
  group: 'events',
  help: 'Shows the drills that this console holds: what is broken on purpose, the load each second, and what was seen when.',
  ...recordRows('drill', traits, hits),
  sorted: { by: 'began', descending: true },
  none: say`this console has held no drill; the events tell of others`,
  noFaults: say`none is under way`,
  keysFor: { list: [], page: [] },
  columns: () => columns,
  note: (one, { now }) =>
    one.result && isOver(one) ? drillSentence(one.result) : stateText(one, wallTime(now)),

  json: (one) => ({
    id: Number(one.id),
    name: one.name,
    kind: one.kind,
    host: one.host,
    what: one.breaking.title,
    who: one.who,
    beganAt: new Date(one.began).toISOString(),
    brokenForSeconds: one.seconds,
    phase: one.phase,
    why: orNull(one.why),
    serving: orNull(one.serving),
    load: orNull(one.load),
    result: one.result ? drillJson(one.result) : null,
    seconds: secondsJson(one),
  }),
  leadsTo: ({ host }) => ({ kind: 'host', id: host }),
  page: drillLines,
  sentence: (one, { now }) => {
    const last = one.perSecond.at(-1)?.count
    const load =
      last && !isOver(one)
        ? say`. Last second ${last.due} requests, ${last.failed} failed, p95 ${millis(last.times?.p95)}`
        : say``
    const seen = one.result ? say`. ${drillSentence(one.result)}` : say``
    return say`${kinds.drill.nameOf(one)} ${whatOf(one)}, ${stateText(one, wallTime(now))}${load}${seen}`
  },
}

/** The load, second by second. */
export function secondsJson({ perSecond }: Pick<DrillRecord, 'perSecond'>) {
  return perSecond.map(({ at, count }) => ({ at: new Date(at).toISOString(), ...countJson(count) }))
}
