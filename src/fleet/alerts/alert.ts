import type { Label } from '../../hosts/label.ts'
import type { EventType } from '../event-types.ts'
import type { Concern, Ref } from '../ref.ts'

/** Something that is wrong now. The Overview shows these first, the worst on top. */
export interface Alert extends Concern {
  readonly severity: 'bad' | 'warning'
  /** identifies the fault: the same text as long as the same is wrong */
  readonly what: string
  /** a measured value is near a limit: it may flicker, and has no event of its own */
  readonly isMeasured?: true
  readonly text: Label
  /** what the event is called that tells that it began */
  readonly type?: EventType
  /** what the events are called that tell that it is over */
  readonly ends?: readonly EventType[]
  /** who works with what it is about is hit */
  readonly hits?: true
  /** who that is, and what else goes on there: `2 people: anna (term3), bruno (term7)`; none: nobody is known to */
  readonly hit?: Label
  /** what to do next; may be empty */
  readonly advice: Label
  /** when it began, in milliseconds since the epoch, if known; this may be before this console started */
  readonly since?: number
  /** whoever told of its beginning knew the time, and had not just come upon it */
  readonly isDated?: true
}

/** The same text as long as the same is wrong with the same object. */
export function alertId({
  about: { kind, id },
  what,
}: {
  readonly about: Ref
  readonly what: string
}): string {
  return JSON.stringify([kind, id, what])
}
