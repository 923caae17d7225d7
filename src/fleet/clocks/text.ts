import { type Label, say } from '../../hosts/label.ts'
import { duration, tenths } from '../../text/duration.ts'
import type { ClockReading } from './record.ts'

/** `0.4 s`, `3 min 20 s`, `2 h 05 min`: in milliseconds, not negative. */
export function spanText(milliseconds: number): Label {
  if (milliseconds < 59_950) return say`${tenths(milliseconds)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds >= 3_600) return duration(seconds * 1000)
  return say`${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `±0.1 s`: not less than it is, by what is shown. */
function uncertaintyText(milliseconds: number): Label {
  return say`±${spanText(Math.max(1, Math.ceil(milliseconds / 100)) * 100)}`
}

/** `3 min 20 s ahead ±0.1 s`, `right ±0.1 s` */
export function clockText({ offset, uncertainty }: ClockReading): Label {
  const most = uncertaintyText(uncertainty)
  if (Math.abs(offset) <= Math.max(uncertainty, 50)) return say`right ${most}`
  return say`${spanText(Math.abs(offset))} ${offset > 0 ? say`ahead` : say`behind`} ${most}`
}
