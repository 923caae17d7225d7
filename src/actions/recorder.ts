import type { Fleet } from '../fleet/fleet.ts'
import type { Entry } from '../fleet/journal/journal.ts'
import { asOn } from '../fleet/machine/places.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import { wallTime } from '../hosts/clock.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Undo } from './action.ts'
import { madeBy, type Prepared } from './prepare.ts'
import { standingIn } from './standing.ts'
import { stepLines, stepText } from './step-text.ts'
import { refTo, type Target } from './subjects.ts'

/** Writes a line about a change to the journal. */
type Recorder = (
  outcome: Label,
  severity: Entry['severity'],
  undo: Undo | undefined,
  isNothing?: boolean,
) => void

/** An entry has the name of its host; a machine's stands in a column of its own. */
function isOneOfMany({ host, balancer, uuid, name }: Partial<MachineRecord & ServiceRecord>): boolean {
  return uuid === undefined && (balancer ?? host ?? name) !== name
}

/** `batch`: the same for everything that was confirmed together. The first line written is the beginning, the second the end. */
export function recorder<T>(
  { action, target, answers, steps }: Prepared<T>,
  fleet: Fleet,
  who: Label,
  batch: string,
): Recorder {
  const subject = target as Partial<MachineRecord & ServiceRecord> & Pick<MachineRecord, 'name'>
  const { host } = answers
  const world = () => (host && subject.uuid ? asOn(fleet.snapshot(), subject.uuid, host) : fleet.snapshot())
  const standing = () => standingIn(action.subject, target, world())
  const before = standing()
  const made = madeBy(action, answers)
  const named = made ? say` ${label(made)}` : isOneOfMany(subject) ? say` ${subject.name}` : say``
  const about = refTo(action.subject, target as Target)
  let isEnded = false
  return (outcome, severity, undo, isNothing) => {
    const after = isEnded ? standing() : undefined
    const [was, is] = [before?.words(after), after?.words(before)]
    fleet.journal.add({
      at: wallTime(fleet.now()),
      kind: 'did',
      severity,
      type: isEnded ? 'action.ended' : 'action.begun',
      host: host ?? subject.host ?? subject.balancer ?? subject.name,
      text: say`${label(action.title.toLowerCase())}${named}: ${outcome}`,
      who,
      // Edited files are told as diffs, as they were confirmed.
      plan: steps.flatMap((step) => (step.shown ? stepLines(step) : [stepText(step)])),
      change: {
        batch,
        verb: action.verb,
        target: about.id,
        isEnded,
        ...(isNothing ? { isNothing } : {}),
        ...(undo
          ? { undo: { verb: undo.verb, answers: undo.answers, ids: undo.targets ?? [about.id] } }
          : {}),
      },
      about,
      ...(subject.uuid ? { name: subject.name } : {}),
      ...(was ? { before: was } : {}),
      ...(is ? { after: is } : {}),
      states: { ...(before ? { before: before.facts } : {}), ...(after ? { after: after.facts } : {}) },
    })
    isEnded = true
  }
}
