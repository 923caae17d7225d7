import type { Entry } from '../fleet/journal/journal.ts'
import { joined, type Label, say } from '../hosts/label.ts'
import { type FollowUp, undoOfAll } from './undo-all.ts'

/** What was confirmed together, as the journal tells it. */
export interface PastChange {
  /** the id of its first line; the id of any of its lines is accepted too */
  readonly id: number
  readonly ids: readonly number[]
  readonly at: number
  readonly who: Label | undefined
  /** `drain fe1`, `shut down 7 machines` */
  readonly name: Label
  /** the state before */
  readonly before: Label | undefined
  /** nothing was done, so undo passes it over */
  readonly isNothing: boolean
  /** what undoes it; undefined: nothing, or no single action */
  readonly undo: FollowUp | undefined
}

/** The changes in these entries, the one that was written last first. */
export function pastChanges(entries: readonly Entry[]): PastChange[] {
  const noted = entries.filter((one): one is Line => one.change !== undefined).toSorted((a, b) => b.id - a.id)
  return [...Map.groupBy(noted, ({ change }) => change.batch).values()].map(pastOf)
}

/** An entry that tells of a change. */
type Line = Entry & Required<Pick<Entry, 'change'>>

/** Makes one change of its lines, which are newest first. */
function pastOf(lines: readonly Line[]): PastChange {
  const first = lines.at(-1) as Line
  // The line of the end counts, else that of the beginning: the change still runs, or its program was killed.
  const latest = [...Map.groupBy(lines, ({ change }) => change.target).values()].map(([line]) => line as Line)
  const felt = latest.filter(({ change }) => !change.isNothing)
  const ways = felt.map(({ change }) => change.undo)
  const about = latest.map(({ name, host }) => name ?? host)
  return {
    id: first.id,
    ids: lines.map(({ id }) => id),
    at: first.at,
    who: first.who,
    name: say`${whatOf(first)} ${about.length > 3 ? say`${about.length} of them` : joined(about.reverse(), ', ')}`,
    // The line of the end tells what changed.
    before: latest.length === 1 ? (latest[0]?.before ?? first.before) : undefined,
    isNothing: !felt.length,
    undo: undoOfAll(ways),
  }
}

/** `shut down` of `shut down: begun` */
function whatOf({ text }: Entry): Label {
  return (text.split(': ')[0] ?? text) as Label
}
