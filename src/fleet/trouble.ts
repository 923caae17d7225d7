import type { HostErrorKind } from '../hosts/host.ts'
import { type Label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'

/** Why a host could not be read. */
export interface Trouble {
  readonly kind: HostErrorKind
  readonly reason: Label
  readonly advice: Label
  /** milliseconds since the epoch when it was first met */
  readonly since: number
  /** it is only libvirt that does not answer: the machines may be running */
  readonly hostAnswers?: true
}

/** Why something does not answer, and since when: that is known only of what has answered here before. */
export function troubleText(trouble: Trouble, hasAnswered: boolean, now: number): Label {
  return say`${trouble.reason}${lastingText(trouble, hasAnswered, now)}`
}

/** `, for 14 s`; empty where it has never answered here. */
export function lastingText({ since }: Trouble, hasAnswered: boolean, now: number): Label {
  return hasAnswered ? say`, for ${duration(now - since)}` : say``
}
