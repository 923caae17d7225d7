import { type Label, say } from '../../hosts/label.ts'
import { exactly, plusMinus } from '../../text/duration.ts'
import type { ClockReading } from './record.ts'

/** `3 min 20 s ahead ±0.1 s`, `right ±0.1 s` */
export function clockText({ offset, uncertainty }: ClockReading): Label {
  const most = plusMinus(uncertainty)
  if (Math.abs(offset) <= Math.max(uncertainty, 50)) return say`right ${most}`
  return say`${exactly(Math.abs(offset))} ${offset > 0 ? say`ahead` : say`behind`} ${most}`
}
