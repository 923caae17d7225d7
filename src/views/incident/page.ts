import type { Incident, Phase } from '../../fleet/incident/record.ts'
import { after, clockTenths, dateTenths, lastedFor, sayingOf, titleOf } from '../../fleet/incident/words.ts'
import type { Entry } from '../../fleet/journal/journal.ts'
import { wallTime } from '../../hosts/clock.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { exactly, plusMinus } from '../../text/duration.ts'
import { dateTime } from '../../text/format.ts'
import { type Field, fieldLines, tableLines } from '../../text/page.ts'
import type { Part } from '../../text/part.ts'
import { unsureOf } from '../event/order.ts'
import type { Moment } from '../world.ts'

/** One incident as a time line, with how long after the first sign each step was. */
export function incidentLines(incident: Incident, { now }: Pick<Moment, 'now'>, width: number): Part[][] {
  const { id, times, affected, notes, entries, omitted } = incident
  const unsure = unsureOf(entries)
  return [
    ...fieldLines(
      [
        ['Incident', say`#${Number(id)}`],
        ['What', titleOf(incident)],
        ['State', stateText(incident, wallTime(now))],
        ['Came', times > 1 ? say`${times} times, each soon after it was restored` : undefined],
        ...phaseFields(incident),
        ['Hit', affected.length ? joined(affected, ', ') : undefined],
        ...stillFailing(incident).map((text): Field => ['Still', text]),
        ...notes.map((note): Field => ['Note', noteText(note)]),
        ['Order', unsure.size ? say`~ below: it is not certain what came first` : undefined],
        ['Left out', omitted ? say`${omitted} more events: vdd events has them` : undefined],
      ],
      width,
    ),
    ...tableLines(
      [
        { title: say`TIME` },
        { title: say`AFTER`, align: 'right' },
        { title: say`HOST` },
        { title: say`WHAT` },
      ],
      entries.map((entry) => [
        say`${clockTenths(entry.at)}${unsure.has(entry.id) ? say`~` : say``}`,
        exactly(entry.at - incident.fault.at),
        entry.host,
        whatHappened(entry),
      ]),
      width,
    ),
  ]
}

function stateText(incident: Incident, now: number): Label {
  const lasted = lastedFor(incident, now)
  return incident.open.length ? say`open for ${lasted}` : say`over; it lasted ${lasted}`
}

/** The steps, each with its time and how long after the first sign it was. */
export function phaseFields(incident: Incident): Field[] {
  const { fault, detected, acted, settled, restored, overBefore } = incident
  const later = (title: string, phase: Phase | undefined): Field => [
    title,
    phase && say`${dateTenths(phase.at)}  ${exactly(after(incident, phase))} after  ${whoWhat(phase.entry)}`,
  ]
  const isNew = (phase: Phase | undefined, ...before: (Phase | undefined)[]) =>
    phase && !before.some((one) => one?.entry === phase.entry) ? phase : undefined
  const first = isNew(acted, fault)
  return [
    ['Fault', say`${dateTenths(fault.at)}  ${whoWhat(fault.entry)}${sure(fault.entry)}`],
    later('Detected', isNew(detected, fault, acted)),
    later('Acted', first),
    later(first ? '' : 'Acted', isNew(settled, fault, acted)),
    later('Restored', overBefore ? undefined : restored),
    ['Over', overBefore && say`before ${dateTenths(overBefore.at)}: nobody saw its end`],
  ]
}

function whoWhat(entry: Entry): Label {
  // A balancer tells of a front end, which its text names.
  if (entry.type?.startsWith('frontend.')) return entry.text
  return say`${entry.name ?? entry.host}: ${sayingOf(entry)}${entry.source && entry.source !== 'vdd' ? say` (${label(entry.source)})` : say``}`
}

/** How well its time is known. */
function sure({ uncertainty }: Entry): Label {
  return uncertainty && uncertainty >= 100 ? say` ${plusMinus(uncertainty)}` : say``
}

/** What still fails, and where: some events are of their host, and do not name it. */
export function stillFailing({ open }: Incident): Label[] {
  return [...new Set(open.map(({ name, host, text }) => say`${name ?? host}: ${text}`))]
}

export function whatHappened({ name, text, who }: Entry): Label {
  return say`${name ? say`${name}: ` : say``}${text}${who ? say`  (${who})` : say``}`
}

export function noteText({ at, who, text }: Entry): Label {
  return say`${dateTime(at)}${who ? say`  ${who}` : say``}: ${text}`
}
