import { joined, type Label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { Condition } from '../alerts/conditions.ts'
import { ageOf, isStale, type Snapshot } from '../snapshot.ts'
import type { HostRecord } from './record.ts'

type Seen = Pick<Snapshot, 'seenAt' | 'staleAfter' | 'awakeSince'>

/** Milliseconds between two looks at a host, about: it may have fallen silent so much after its last answer. */
const look = 1_000

/** What is wrong with a host. If it is silent or its answer is overdue, nothing more is known. */
export function hostConditions(host: HostRecord, seen: Seen, now: number): Condition[] {
  const { trouble, partial } = host
  if (trouble?.hostAnswers)
    return [
      {
        severity: 'bad',
        what: 'no libvirt',
        text: trouble.reason,
        lasting: say`, they were ${seenText(host, seen, now)}`,
        over: say`libvirt answers again`,
        types: ['libvirt.lost', 'libvirt.back'],
        since: trouble.since,
        advice: trouble.advice,
      },
    ]
  // That a console heard nothing while it could not listen is not the host's fault.
  const listened = now - (seen.awakeSince ?? Number.NEGATIVE_INFINITY)
  const isOverdue =
    ageOf(seen, host.name, now) !== undefined && isStale(seen, host.name, now) && listened > seen.staleAfter
  if (trouble || isOverdue)
    return [
      {
        severity: 'bad',
        what: 'unreachable',
        hits: true,
        text: trouble?.reason ?? say`no answer`,
        lasting: say`, ${seenText(host, seen, now)}`,
        over: say`answers again`,
        types: ['host.lost', 'host.back'],
        ...(trouble ? { since: trouble.since, datedWithin: look, advice: trouble.advice } : {}),
      },
    ]
  const inPart: Condition[] = partial
    ? [
        {
          severity: 'warning',
          what: 'partial',
          text: partial,
          over: say`answers in full again`,
          types: ['host.partial', 'host.whole'],
        },
      ]
    : []
  return [...bondConditions(host), ...inPart]
}

/** Whether it is not known if this condition still holds: nothing is known of a silent host, and only its reachability if just libvirt is silent. */
export function isUnknownOf({ trouble }: HostRecord, what: string): boolean {
  if (!trouble) return false
  return trouble.hostAnswers ? what !== 'no libvirt' && what !== 'unreachable' : what !== 'unreachable'
}

function seenText({ name }: HostRecord, seen: Seen, now: number): Label {
  const age = ageOf(seen, name, now)
  return age === undefined ? say`never seen` : say`last seen ${duration(age)} ago`
}

/** A lost link of a bond goes unnoticed until the other one is lost, too. */
function bondConditions({ bonds = [] }: HostRecord): Condition[] {
  return bonds.flatMap(({ name, isUp, active, down }): Condition[] => {
    const about = {
      what: `bond ${name}`,
      over: say`${name}: all links are up again`,
      types: ['link.lost', 'link.back'] as const,
      advice: say`check the cable and the switch`,
    }
    if (!isUp) return [{ ...about, severity: 'bad', text: say`${name} is down` }]
    if (!down.length) return []
    const rest = active ? say`: ${active} carries all` : say``
    return [{ ...about, severity: 'warning', text: say`${name}: no link on ${joined(down, ', ')}${rest}` }]
  })
}
