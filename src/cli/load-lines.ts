import type { Count } from '../fleet/load/tally.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { timeJson } from '../text/json.ts'
import { countJson, millis } from '../views/drill/load.ts'
import { json } from './output.ts'

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

/** For programs: one object a line. */
export function loadJson(what: 'second' | 'summary', at: number, count: Count): string {
  return json({ what, at: timeJson(at), ...countJson(count) }).replace(/\n\s*/g, ' ')
}
