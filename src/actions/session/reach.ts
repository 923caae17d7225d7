import type { SessionRecord } from '../../fleet/session/record.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { Context } from '../action.ts'
import { answering, byDisplay, held, type Reach, stepsAt } from '../display/told.ts'
import { presentOf } from '../subjects.ts'

/** A session is told something by the display that shows it; one without X as who is logged in there. */
export const bySession: Reach<SessionRecord> = {
  reachable: (one, context) =>
    one.display ? byDisplay.reachable(one.display, context) : answering(one.host, context),
  seen: (one, context) => (one.display ? byDisplay.seen(one.display, context) : answering(one.host, context)),
  steps: (one, context, told) => {
    if (one.display) return byDisplay.steps(one.display, context, told)
    const { login, rawUser, uid } = one
    return stepsAt(one.host, { id: login.id, rawUser, uid }, context, told)
  },
  hasEnded: (one, snapshot) =>
    one.display
      ? byDisplay.hasEnded(one.display, snapshot)
      : presentOf('session', one, snapshot) === undefined,
  isWorkedOn: (one) => !one.display || byDisplay.isWorkedOn(one.display),
}

/** Whether what needs a desktop can be done with it. */
export function heldDesktop({ display }: SessionRecord, context: Pick<Context, 'snapshot'>): true | Label {
  return display ? held(display, context) : say`it is a text session: it has no display`
}
