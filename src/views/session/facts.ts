import { machineConditions } from '../../fleet/session/machine.ts'
import type { SessionRecord } from '../../fleet/session/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { dash, type Tone } from '../../text/part.ts'
import { lookedText, troubleOf as troubleOfDisplay } from '../display/facts.ts'
import type { Moment } from '../world.ts'

/** Milliseconds after which somebody who uses no key and no pointer counts as away. */
const awayAfter = 10 * 60_000

/** The desktop, or that there is none: it is text, or the machine's own screen is shown. Undefined: it is not chosen yet. */
export function desktopText({ desktop, display }: SessionRecord): Label | undefined {
  if (!display) return say`text`
  return display.channel.shows === 'screen' ? say`screen` : desktop
}

/** `12%` of one processor. */
export function cpuText(cpu: number | undefined): Label {
  return cpu === undefined ? dash : say`${Math.round(cpu)}%`
}

/** What does not go well with it. Undefined: nothing. */
export function troubleOf(session: SessionRecord, moment: Moment): Label | undefined {
  const { snapshot, now } = moment
  return session.display
    ? troubleOfDisplay(session.display, moment)
    : machineConditions(session, snapshot, now)[0]?.text
}

/** How it stands with a session, in a word or two; what is wrong counts before all else. */
export function sessionState(session: SessionRecord, moment: Moment): Label | readonly [Label, Tone] {
  const { display, idle } = session
  const { state = 'open', isUnseen } = display?.channel ?? {}
  if (troubleOf(session, moment)) return [say`in trouble`, 'warning']
  if (state !== 'open') return label(state)
  if (display?.channel.looked) return say`looked at`
  if (isUnseen) return say`kept, unseen`
  // Of a machine's own screen nobody knows whether it is used.
  if (idle === undefined) return say`open`
  return idle >= awayAfter ? say`idle` : say`in use`
}

/** Why it is as it is, where the state needs it. */
export function sessionNote(session: SessionRecord, moment: Moment): Label | undefined {
  const { display, idle = 0, terminal } = session
  const trouble = troubleOf(session, moment)
  if (trouble) return trouble
  const looked = display && lookedText(display)
  if (looked) return looked
  if (display?.channel.isUnseen) return say`nobody looks at it since it left ${terminal}`
  return idle >= awayAfter ? say`nobody has used it for ${duration(idle)}` : undefined
}

/** Whether an operator should look at it. */
export function isAmiss(session: SessionRecord, moment: Moment): boolean {
  return troubleOf(session, moment) !== undefined
}
