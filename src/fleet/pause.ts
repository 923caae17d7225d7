import { type Label, say } from '../hosts/label.ts'
import { tenths } from '../text/duration.ts'

/** When something was last seen where it should be, and from when to when it was seen to be nowhere; milliseconds since the epoch. */
export interface Gap {
  readonly lastAt: number
  readonly goneAt?: number
  readonly goneTill?: number
}

/**
 * How long it was nowhere until it was seen again: at least while it was seen to be nowhere, and at most since it was seen last, for nobody
 * looked in between. `at most 1.2 s`, `2.3 to 3.4 s`
 */
export function pauseText({ lastAt, goneAt = 0, goneTill = goneAt }: Gap, at: number): Label {
  const most = tenths(at - lastAt)
  const least = tenths(goneTill - goneAt)
  if (least === '0.0') return say`at most ${most} s`
  return least === most ? say`${most} s` : say`${least} to ${most} s`
}
