import type { Count } from '../../fleet/load/tally.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { cut } from '../../text/fit.ts'
import { clock } from '../../text/format.ts'
import { secondsOrNull } from '../../text/json.ts'

export const loadHeading = say`TIME       DUE  ANSWERED  FAILED     P50     P95     P99  WHY`

/** What became of one second, in a line of so many columns. `at`: milliseconds since the epoch. */
export function loadLine(at: number, count: Count, columns = 80): Label {
  const { due, answered, failed, times, failures } = count
  const [first] = failures
  const numbers = [
    [due, 4],
    [answered, 9],
    [failed, 7],
  ] as const
  const counted = numbers.map(([number, wide]) => String(number).padStart(wide)).join(' ')
  const spans = [times?.p50, times?.p95, times?.p99].map((one) => millis(one).padStart(7)).join(' ')
  const why = first ? say`  ${first.why}` : say``
  return cut(say`${clock(at)} ${label(counted)} ${label(spans)}${why}`, columns)
}

/** `0.42ms`, `12ms`, `1.20s`; a dash where there is none. */
export function millis(value: number | undefined): Label {
  if (value === undefined) return say`-`
  if (value < 10) return label(`${value.toFixed(2)}ms`)
  return label(value < 1_000 ? `${Math.round(value)}ms` : `${(value / 1000).toFixed(2)}s`)
}

/** The same for programs. How long answers took. */
export function countJson({ times, failures, ...counts }: Count) {
  return {
    ...counts,
    p50Seconds: secondsOrNull(times?.p50, 5),
    p95Seconds: secondsOrNull(times?.p95, 5),
    p99Seconds: secondsOrNull(times?.p99, 5),
    failures,
  }
}
