import type { Entry } from '../fleet/journal/journal.ts'
import { joined, type Label, say } from '../hosts/label.ts'
import { type FollowUp, undoOfAll } from './undo-all.ts'

/** What was confirmed together at a time, as the journal tells of it. */
export interface PastChange {
  /** of the line of its beginning; any line of it stands for it */
  readonly id: number
  readonly ids: readonly number[]
  readonly at: number
  readonly who: Label | undefined
  /** `drain fe1`, `shut down 7 machines` */
  readonly name: Label
  /** how it stood with it before */
  readonly before: Label | undefined
  /** nothing of it was done: it is no last change */
  readonly isNothing: boolean
  /** what undoes it, and on what; undefined: nothing, or no one action */
  readonly undo: FollowUp | undefined
}

/** The changes of these entries (newest first), newest first. */
export function pastChanges(entries: readonly Entry[]): PastChange[] {
  const noted = entries.filter(({ change }) => change)
  return [...Map.groupBy(noted, ({ change }) => change?.batch).values()].map(pastOf)
}

/** All lines that belong together, newest first. */
function pastOf(lines: readonly Entry[]): PastChange {
  const first = lines.at(-1) as Entry
  // The line of its end counts, else that of its beginning: then it still runs, or its program was killed.
  const latest = [...Map.groupBy(lines, ({ change }) => change?.target).values()].map(
    ([line]) => line as Entry,
  )
  const felt = latest.filter(({ change }) => !change?.isNothing)
  const ways = felt.map(({ change }) => change?.undo)
  const about = latest.map(({ name, host }) => name ?? host)
  return {
    id: first.id,
    ids: lines.map(({ id }) => id),
    at: first.at,
    who: first.who,
    name: say`${whatOf(first)} ${about.length > 3 ? say`${about.length} of them` : joined(about.reverse(), ', ')}`,
    // The line of its end tells what it changed.
    before: latest.length === 1 ? (latest[0]?.before ?? first.before) : undefined,
    isNothing: !felt.length,
    undo: undoOfAll(ways),
  }
}

/** `shut down` of `shut down: begun` */
function whatOf({ text }: Entry): Label {
  return (text.split(': ')[0] ?? text) as Label
}
