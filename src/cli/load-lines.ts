import type { Count, Quantiles } from '../fleet/load/tally.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { cut } from '../text/fit.ts'
import { clock } from '../text/format.ts'
import { secondsOrNull, timeJson } from '../text/json.ts'
import { json } from './output.ts'

const columns = 80

export const loadHeading = 'TIME       DUE  ANSWERED  FAILED     P50     P95     P99  WHY'

/** What became of one second, in a line of 80 columns. `at`: milliseconds since the epoch. */
export function loadLine(at: number, count: Count): Label {
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
function millis(value: number | undefined): Label {
  if (value === undefined) return say`-`
  if (value < 10) return label(`${value.toFixed(2)}ms`)
  return label(value < 1_000 ? `${Math.round(value)}ms` : `${(value / 1000).toFixed(2)}s`)
}

/** All of it: how many, how long, and each reason with its number. */
export function loadSummary(count: Count, seconds: number): Label[] {
  const { due, answered, failed, times, failures } = count
  const under = due - answered - failed
  const open = under ? say`, ${under} not waited for` : say``
  const took = times
    ? say`; p50 ${millis(times.p50)}, p95 ${millis(times.p95)}, p99 ${millis(times.p99)}`
    : say``
  return [
    say`${due} requests in ${label(seconds.toFixed(1))} s: ${answered} answered, ${failed} failed${open}${took}`,
    ...failures.map((one) => say`  ${one.count}: ${one.why}`),
  ]
}

/** For programs: one object a line. How long answers took. */
export function loadJson(
  what: 'second' | 'summary',
  at: number,
  { times, failures, ...counts }: Count,
): string {
  const object = { what, at: timeJson(at), ...counts, ...timesJson(times), failures }
  return json(object).replace(/\n\s*/g, ' ')
}

function timesJson(times: Quantiles | undefined) {
  return {
    p50Seconds: secondsOrNull(times?.p50, 5),
    p95Seconds: secondsOrNull(times?.p95, 5),
    p99Seconds: secondsOrNull(times?.p99, 5),
  }
}
