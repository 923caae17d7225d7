import { joined, type Label, label, say } from '../../hosts/label.ts'
import { below, duration, exactly } from '../../text/duration.ts'
import { clock, dateTime } from '../../text/format.ts'
import type { Entry } from '../journal/journal.ts'
import type { Incident, Phase } from './record.ts'
import { saying } from './rules.ts'

/** `14:02:03.1` */
export function clockTenths(at: number): Label {
  return say`${clock(at)}.${tenth(at)}`
}

/** `22 Nov 14:02:03.1` */
export function dateTenths(at: number): Label {
  return say`${dateTime(at)}.${tenth(at)}`
}

const tenth = (at: number) => Math.floor((at % 1000) / 100)

/** `stopped answering`: what an entry says of its object, in a few words where there are some. */
export function sayingOf({ type, text }: Entry): Label {
  return (type && saying[type]) ?? text
}

/** `fe2: stopped answering`: what it is called. Who is called at night reads first that it was broken on purpose. */
export function titleOf({ concern, fault, open, entries }: Incident): Label {
  // A cause that nobody has words for does not say what failed.
  const first = saying[fault.entry.type ?? 'host.back']
    ? fault.entry
    : (entries.find(isNamed) ?? open[0] ?? fault.entry)
  const drill = entries.find(isDrill)
  const onPurpose = drill ? say` (a drill${drill.who ? say` of ${drill.who}` : say``})` : say``
  return say`${concern.name}: ${sayingOf(first)}${onPurpose}`
}

/** What the journal has of a drill when it breaks something. */
export const drillBegun = say`drill: begun`

const isDrill = ({ type, text }: Entry) => type === 'action.begun' && text === drillBegun

const isNamed = ({ type }: Entry) => type !== undefined && saying[type] !== undefined

/** How long after the first sign a step was, in milliseconds. */
export function after({ fault }: Incident, phase: Phase): number {
  return phase.at - fault.at
}

/** `4 min`: how long it lasts, or lasted; `< 4 min` where nobody saw its end. */
export function lastedFor({ fault, restored, overBefore }: Incident, now: number): Label {
  if (overBefore) return below(overBefore.at - fault.at)
  return restored ? exactly(restored.at - fault.at) : duration(now - fault.at)
}

/** Who did it: `ldirectord`, `pacemaker`; nothing where vdd has only seen it. */
function by({ source }: Entry): Label {
  return source && source !== 'vdd' ? say` (${label(source)})` : say``
}

/** The steps after the first sign, each with how long after it: `taken out (ldirectord) after 2.8 s`. */
export function stepsOf(incident: Incident): Label[] {
  const { fault, detected, acted, settled, restored, overBefore, times } = incident
  const isOwn = (phase: Phase | undefined): phase is Phase =>
    phase !== undefined && phase.entry !== fault.entry
  const step = (phase: Phase, what: Label) =>
    say`${what}${by(phase.entry)} after ${exactly(after(incident, phase))}`
  const isActToo = detected?.entry === acted?.entry
  return [
    ...(isOwn(detected) && !isActToo && isLater(detected, fault)
      ? [step(detected, saidIn(detected, incident))]
      : []),
    ...(isOwn(acted) ? [step(acted, actText(acted))] : []),
    ...(isOwn(settled) && acted && isLater(settled, acted) ? [step(settled, actText(settled))] : []),
    ...(restored ? [say`back after ${exactly(after(incident, restored))}`] : []),
    ...(overBefore ? [say`over, and nobody saw its end`] : []),
    ...(times > 1 ? [say`${times} times`] : []),
  ]
}

/** By so much that it shows in what is said of it: tenths of seconds. */
const isLater = (phase: Phase, before: Phase) => phase.at - before.at >= 100

/** Of another object with its name: `ha1 out of the cluster`. */
function saidIn({ entry }: Phase, { concern }: Incident): Label {
  const { name, host } = entry
  const who = name ?? host
  return who === concern.name ? sayingOf(entry) : say`${who} ${sayingOf(entry)}`
}

function actText({ entry }: Phase): Label {
  const { type, name, host } = entry
  const what = name ?? host
  switch (type) {
    case 'frontend.out':
    case 'frontend.removed':
      return say`taken out`
    case 'address.moved':
      return say`${host} has the address`
    case 'service.served':
      return say`served again`
    case 'resource.moved':
      return say`${what} moved`
    case 'resource.started':
    case 'machine.started':
      return say`${what} runs again`
    case 'machine.moved':
      return say`${what} runs elsewhere`
    default:
      return say`${what} ${sayingOf(entry)}`
  }
}

/** In one line: `fe2: LDAP failed 14:02:03.1; taken out (ldirectord) after 2.8 s; back after 8 min`. */
export function incidentText(incident: Incident): Label {
  return joined([say`${titleOf(incident)} ${clockTenths(incident.fault.at)}`, ...stepsOf(incident)], '; ')
}
