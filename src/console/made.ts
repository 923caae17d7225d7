import type { Undo } from '../actions/action.ts'
import type { Prepared } from '../actions/prepare.ts'
import type { Outcome } from '../actions/run.ts'
import { stateOf } from '../actions/state-text.ts'
import { idOf, nameOf, subjectName, type Target } from '../actions/subjects.ts'
import type { Snapshot } from '../fleet/model.ts'
import { wallTime } from '../hosts/clock.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { FollowUp } from './layers.ts'

interface One {
  readonly prepared: Prepared
  undo?: Undo | undefined
  isBegun: boolean
  isEnded: boolean
  isNothing: boolean
}

/** What was confirmed in one dialog: one change, or the same for several. What would undo it is known while it runs. */
export class Made {
  /** `drain fe1`, `shut down 7 machines` */
  readonly name: Label
  /** by the clock of the fleet */
  readonly at: number
  /** how it stood with it before; of several nothing is said */
  readonly before: Label | undefined
  /** begins nothing more of it, and ends what runs; gets the word for why */
  stop: (why: Label) => void = () => {}
  readonly #all: readonly One[]

  constructor(prepared: readonly Prepared[], at: number, snapshot: Snapshot) {
    const [first] = prepared
    const what = label(first?.action.title.toLowerCase() ?? '')
    this.name =
      prepared.length > 1 || !first
        ? say`${what} ${prepared.length} ${subjectName(first?.action.subject ?? 'machine')}s`
        : say`${what} ${nameOf(first.target as Target)}`
    this.at = at
    this.before =
      prepared.length === 1 && first ? stateOf(first.action.subject, first.target, snapshot) : undefined
    this.#all = prepared.map((one) => ({ prepared: one, isBegun: false, isEnded: false, isNothing: false }))
  }

  begun(prepared: Prepared, undo: Undo | undefined): void {
    const one = this.#all.find((other) => other.prepared === prepared)
    if (one) Object.assign(one, { isBegun: true, undo })
  }

  ended(prepared: Prepared, { kind, undo, isNothing }: Outcome): void {
    const one = this.#all.find((other) => other.prepared === prepared)
    if (!one) return
    const didNothing = isNothing ?? (kind === 'refused' || !one.isBegun)
    Object.assign(one, { isEnded: true, isNothing: didNothing, undo })
  }

  /** It is over and nothing of it was done: it is not what was done last. */
  get isNothing(): boolean {
    return this.#all.every(({ isNothing }) => isNothing)
  }

  /** Some of it has not come to its end. */
  get isUnderWay(): boolean {
    return this.#all.some(({ isBegun, isEnded }) => isBegun && !isEnded)
  }

  /** What undoes it, where that is one and the same for all that has begun; undefined: nothing does. */
  get undo(): FollowUp | undefined {
    const [first, ...more] = this.#ways()
    if (!first?.way || more.some(({ known }) => known !== first.known)) return undefined
    const { verb, answers, targets } = first.way
    const ids =
      targets ??
      [first, ...more].map(({ one: { prepared } }) =>
        idOf(prepared.action.subject, prepared.target as Target),
      )
    return { verb, answers, ids }
  }

  /** Why it cannot be undone, where it cannot. */
  get whyNoUndo(): Label {
    const ways = this.#ways()
    return ways.length > 1 && ways.every(({ way }) => way)
      ? say`cannot be undone at once: not all of them were the same before`
      : say`cannot be undone`
  }

  /** What undoes each that has begun, as things stand with it. */
  #ways() {
    return this.#all
      .filter(({ isBegun, isNothing }) => isBegun && !isNothing)
      .map((one) => {
        const way = one.isEnded ? one.undo : (one.undo?.meanwhile ?? one.undo)
        return { one, way, known: way && JSON.stringify([way.verb, way.answers, way.targets]) }
      })
  }
}

/** `drain fe1, 10:36` */
export function nameAt({ name, at }: Pick<Made, 'name' | 'at'>): Label {
  return say`${name}, ${label(new Date(wallTime(at)).toTimeString().slice(0, 5))}`
}
