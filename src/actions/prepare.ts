import type { Fleet } from '../fleet/fleet.ts'
import type { Hit } from '../fleet/hit.ts'
import { defined } from '../hosts/defined.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import { type Change, permitted, type Risk, riskOf } from './action.ts'
import { whomItHits } from './hit.ts'
import { type Answers, questionsFor, withDefaults } from './question.ts'
import { idOf, nameOf, presentOf, type Target } from './subjects.ts'
import { sameAnswers } from './undo-all.ts'

/** A planned change: shown, confirmed, and run exactly so or not at all. */
export interface Prepared<T = unknown> {
  readonly action: Change<T>
  readonly target: T
  /** completed with defaults */
  readonly answers: Answers
  readonly steps: readonly Step[]
  /** the risk with these answers in the present state */
  readonly risk: Risk
  /** why `--yes` is not enough */
  readonly insists?: Label
  /** whom and what it hits: of several that are changed alike, all together, with the first of them; none: nobody, whoever is there */
  readonly hits?: Hit
  /** side effects that may be unwanted */
  readonly warnings: readonly Label[]
}

/** Why there is no plan. */
interface Refused {
  readonly refused: Label
  /** the question whose answer is the reason; `isNoAnswer`: it can never be one; `isUnknown`: it names what is not there */
  readonly wrong?: {
    readonly id: string
    readonly why: Label
    readonly isNoAnswer: boolean
    readonly isUnknown?: true
  }
}

/**
 * Checks a change and makes its plan, or says why not. `together`: all targets that are changed at once; `alike`: those of them with the
 * same answers.
 */
export function prepare<T>(
  action: Change<T>,
  of: T,
  given: Answers,
  fleet: Fleet,
  together: readonly T[] = [of],
  alike: readonly T[] = together,
): Prepared<T> | Refused {
  const snapshot = fleet.snapshot()
  const idIn = (one: T) => idOf(action.subject, one as Target)
  const can = permitted(action, of, { fleet, snapshot })
  if (can !== true) return { refused: can }
  const target = presentOf(action.subject, of, snapshot) ?? of
  const all = withDefaults(action, target, given, snapshot, fleet.now())
  const answers = action.resolve?.(target, all, snapshot, fleet.now(), together) ?? all
  // An answer that was resolved for one target is judged for that target alone.
  const others = answers === all ? alike : [target]
  // A given answer is judged even where the question does not apply.
  const asked = questionsFor(action, target, answers, snapshot)
  for (const question of action.asks.filter((one) => asked.includes(one) || given[one.id] !== undefined)) {
    const value = answers[question.id]
    if (value === undefined && question.unanswered) return { refused: question.unanswered(target) }
    const judged = [value ?? '', target, snapshot, fleet.now(), answers, others] as const
    const no = value === undefined ? say`no answer` : question.wrong?.(...judged)
    const why = no ?? question.refuses?.(...judged)
    const text = label(question.text.replace(/\?$/, ''))
    if (!why) continue
    const isUnknown = question.namesOwn && value !== undefined && no !== undefined
    const wrong = { id: question.id, why, isNoAnswer: no !== undefined, ...(isUnknown && { isUnknown }) }
    return { refused: say`${text}: ${why}`, wrong }
  }
  const forbidden = action.forbids?.(target, answers, { fleet, snapshot })
  if (forbidden) return { refused: forbidden }
  const steps = action.plan(target, answers, { fleet, snapshot })
  const risk = riskOf(action, answers, target, snapshot, together)
  if (!steps.length) return { refused: say`nothing would change` }
  const insists = action.insists?.(target, answers, snapshot, together)
  const warned = action.warns?.(target, answers, snapshot, together) ?? []
  // Of several it is said once, for all of them together.
  const isFirst = alike[0] !== undefined && idIn(alike[0]) === idIn(of)
  const hits = isFirst ? whomItHits(action, alike, answers, snapshot) : undefined
  const warnings = [...new Set([...(hits?.texts ?? []), ...(insists ? [insists] : []), ...warned])]
  return { action, target, answers, steps, risk, warnings, ...defined({ insists, hits: hits?.hit }) }
}

/** The name of the object that an action creates; undefined: it creates none. */
export function madeBy<T>(action: Change<T>, answers: Answers): string | undefined {
  return action.makes?.(answers)
}

/** A target without a plan, and why. */
export interface LeftOut<T> extends Refused {
  readonly target: T
}

/** Plans the same change for several targets. Those that cannot are left out, and do not stop the others. `own`: answers by target id (`idOf`), in place of `given`. */
export function prepareAll<T>(
  action: Change<T>,
  targets: readonly T[],
  given: Answers,
  fleet: Fleet,
  own?: ReadonlyMap<string, Answers>,
): { readonly prepared: readonly Prepared<T>[]; readonly leftOut: readonly LeftOut<T>[] } {
  const context = { fleet, snapshot: fleet.snapshot() }
  const together = targets.filter((target) => permitted(action, target, context) === true)
  const answersOf = (target: T) => own?.get(idOf(action.subject, target as Target)) ?? given
  const made = targets.map((target) => {
    const answers = answersOf(target)
    const alike = own ? together.filter((one) => sameAnswers(answersOf(one), answers)) : together
    return { target, plan: prepare(action, target, answers, fleet, together, alike) }
  })
  return {
    prepared: made.flatMap(({ plan }) => ('steps' in plan ? [plan] : [])),
    leftOut: made.flatMap(({ target, plan }) => ('refused' in plan ? [{ ...plan, target }] : [])),
  }
}

/** Whether there are so many targets that their number must be typed. */
export function isMany(count: number, { typeCountAbove }: Pick<Fleet, 'typeCountAbove'>): boolean {
  return count > 1 && count > typeCountAbove
}

/** What a person must type to confirm: the name, or the number of targets; undefined: a yes is enough. */
export function confirmation(
  prepared: readonly Prepared[],
  fleet: Pick<Fleet, 'typeCountAbove'>,
): Label | undefined {
  const [only] = prepared
  if (!only) return undefined
  if (!prepared.some(({ risk }) => risk === 'destructive') && !isMany(prepared.length, fleet))
    return undefined
  return prepared.length > 1 ? say`${prepared.length}` : nameOf(only.target as Target)
}
