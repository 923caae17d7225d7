import type { Check } from '../hosts/check.ts'
import { wallTime } from '../hosts/clock.ts'
import { label, say } from '../hosts/label.ts'
import { wrap } from '../text/fit.ts'
import { clock } from '../text/format.ts'
import type { Part } from '../text/part.ts'
import type { CheckRun } from './state.ts'

/** What was asked of a host as a client asks, a line a step, with what to do about what failed. */
export function checkLines(
  host: string,
  run: CheckRun | undefined,
  width: number,
): readonly (readonly Part[])[] {
  return run ? linesOf(host, run, width) : []
}

function linesOf(host: string, { done, isOver, startedAt }: CheckRun, width: number): Part[][] {
  const failed = done.filter(({ ok, optional }) => !ok && !optional).length
  const end: Part[] = !isOver
    ? [say`asking`]
    : failed
      ? [[say`${failed} failed`, 'trouble']]
      : [[say`all as it should be`, 'good']]
  return [
    [[say`${label(host)}, asked at ${clock(wallTime(startedAt))}`, 'heading']],
    [],
    ...done.flatMap((one) => stepLines(one, width)),
    [],
    end,
  ]
}

function stepLines({ ok, optional, what, found, mend }: Check, width: number): Part[][] {
  const mark: Part = ok ? say`ok     ` : optional ? [say`lacks  `, 'warning'] : [say`FAILS  `, 'trouble']
  const text = wrap(say`${what}: ${found}`, width - 7).map((line, i): Part[] => [
    i ? say`       ` : mark,
    line,
  ])
  const next = mend ? wrap(say`Next: ${mend}`, width - 7).map((line): Part[] => [say`       ${line}`]) : []
  return [...text, ...next]
}
