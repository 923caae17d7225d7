import type { Undo } from '../actions/action.ts'
import type { Outcome } from '../actions/outcome.ts'
import type { Prepared } from '../actions/prepare.ts'
import { stateWords } from '../actions/standing.ts'
import { idOf, nameOf, subjectName, type Target } from '../actions/subjects.ts'
import type { FollowUp } from '../actions/undo-all.ts'
import { undoOfAll } from '../actions/undo-all.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { wallTime } from '../hosts/clock.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'

interface One {
  readonly prepared: Prepared
  readonly name: Label
  /** how it stood with it before */
  readonly before: Label | undefined
  undo?: Undo | undefined
  isBegun: boolean
  isEnded: boolean
  isNothing: boolean
}

/** What was confirmed in one dialog: one change, or the same for several. What would undo it is known while it runs. */
export class Batch {
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
    this.#all = prepared.map((one) => ({
      prepared: one,
      name: nameOf(one.target as Target),
      before: stateWords(one.action.subject, one.target, snapshot),
      isBegun: false,
      isEnded: false,
      isNothing: false,
    }))
    this.before = this.#all.length === 1 ? this.#all[0]?.before : undefined
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

  /** What undoes all that has begun, each to how it was; undefined: nothing does. */
  get undo(): FollowUp | undefined {
    return undoOfAll(this.#ways().map(({ way }) => way))
  }

  /** Why it cannot be undone, where it cannot. */
  get whyNoUndo(): Label {
    const ways = this.#ways()
    const lacking = ways.filter(({ way }) => !way)
    if (lacking.length === ways.length) return say`cannot be undone`
    const how = lacking.length
      ? say`nothing puts back ${few(lacking.map(({ one }) => one.name))}`
      : few(ways.map(({ one: { name, before } }) => say`${name} was ${before ?? say`otherwise`}`))
    return say`cannot be undone at once: ${how}`
  }

  /** What undoes each that has begun, as things stand with it. */
  #ways() {
    return this.#all
      .filter(({ isBegun, isNothing }) => isBegun && !isNothing)
      .map((one) => {
        const undo = one.isEnded ? one.undo : (one.undo?.meanwhile ?? one.undo)
        const { action, target } = one.prepared
        const ids = undo?.targets ?? [idOf(action.subject, target as Target)]
        return { one, way: undo && { verb: undo.verb, answers: undo.answers, ids } }
      })
  }
}

/** The first of them, and how many there are besides. */
function few(all: readonly Label[]): Label {
  const more = all.length - 3
  return say`${joined(all.slice(0, 3), '; ')}${more > 0 ? say` and ${more} more` : say``}`
}

/** `drain fe1, 10:36` */
export function nameAt({ name, at }: Pick<Batch, 'name' | 'at'>): Label {
  return say`${name}, ${label(new Date(wallTime(at)).toTimeString().slice(0, 5))}`
}
