import type { HostErrorKind } from '../hosts/host.ts'
import { type Label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'
import type { Condition } from './alerts/conditions.ts'

/** Why a host could not be read. */
export interface Trouble {
  readonly kind: HostErrorKind
  readonly reason: Label
  readonly advice: Label
  /** milliseconds since the epoch when it was first seen */
  readonly since: number
  /** only libvirt does not answer: the machines may be running */
  readonly hostAnswers?: true
}

/** Why something does not answer, and for how long if it has answered before. */
export function troubleText(trouble: Trouble, hasAnswered: boolean, now: number): Label {
  return say`${trouble.reason}${lastingText(trouble, hasAnswered, now)}`
}

/** What an alert tells of it besides the reason. */
export function troubleTold(
  trouble: Trouble,
  hasAnswered: boolean,
  now: number,
): Pick<Condition, 'lasting' | 'since' | 'advice'> {
  const { since, advice } = trouble
  return { lasting: lastingText(trouble, hasAnswered, now), since, advice }
}

/** `, for 14 s`; empty if it has never answered. */
function lastingText({ since }: Trouble, hasAnswered: boolean, now: number): Label {
  return hasAnswered ? say`, for ${duration(now - since)}` : say``
}
