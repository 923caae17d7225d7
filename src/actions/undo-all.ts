import type { Answers } from './action.ts'

/** What undoes one of several: an action, and what it acts on, by what that is found (`idOf`). */
export interface Way {
  readonly verb: string
  readonly answers: Answers
  readonly ids: readonly string[]
}

/** What undoes several: one action on all of them. */
export interface FollowUp extends Way {
  /** the answers of each, by what it is found, where they stood differently before; `answers` are then none */
  readonly own?: ReadonlyMap<string, Answers>
}

/** What puts all of these back, each to how it was; undefined: nothing does, or one action alone does not. */
export function undoOfAll(ways: readonly (Way | undefined)[]): FollowUp | undefined {
  const [first] = ways
  const own = new Map<string, Answers>()
  for (const way of ways) {
    if (!first || way?.verb !== first.verb) return undefined
    for (const id of way.ids) {
      const other = own.get(id)
      // What is acted on twice is not in one state.
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
