import type { Answers } from './question.ts'

/** What undoes one change: an action, and the ids (`idOf`) of its targets. */
export interface Way {
  readonly verb: string
  readonly answers: Answers
  readonly ids: readonly string[]
}

/** What undoes several changes: one action on all targets. */
export interface FollowUp extends Way {
  /** the answers by target id, where the targets differed before; `answers` is then empty */
  readonly own?: ReadonlyMap<string, Answers>
}

/** What restores all of these, each to its former state; undefined: nothing, or no single action. */
export function undoOfAll(ways: readonly (Way | undefined)[]): FollowUp | undefined {
  const [first] = ways
  const own = new Map<string, Answers>()
  for (const way of ways) {
    if (!first || way?.verb !== first.verb) return undefined
    for (const id of way.ids) {
      const other = own.get(id)
      // A target that was changed twice with different answers has no single former state.
      if (other && !sameAnswers(other, way.answers)) return undefined
      own.set(id, way.answers)
    }
  }
  if (!first) return undefined
  const { verb, answers } = first
  const ids = [...own.keys()]
  return ways.every((way) => way && sameAnswers(way.answers, answers))
    ? { verb, answers, ids }
    : { verb, answers: {}, ids, own }
}

export function sameAnswers(one: Answers, other: Answers): boolean {
  const ids = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...ids].every((id) => one[id] === other[id])
}
