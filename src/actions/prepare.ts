import type { Fleet } from '../fleet/fleet.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import {
  type Answers,
  type Change,
  permitted,
  questionsFor,
  type Risk,
  riskOf,
  withDefaults,
} from './action.ts'
import { nameOf, presentOf, type Target } from './subjects.ts'

/** What is about to be done: shown and confirmed as it stands here, and run so or not at all. */
export interface Prepared<T = unknown> {
  readonly action: Change<T>
  readonly target: T
  /** with the defaults of what was not asked */
  readonly answers: Answers
  readonly steps: readonly Step[]
  /** with these answers, as things stand */
  readonly risk: Risk
  /** why a yes given beforehand is not enough */
  readonly insists?: Label
  /** what it brings with it that nobody may want */
  readonly warnings: readonly Label[]
}

/** Why there is no plan; `wrong`: because of an answer, not because of how things stand. */
export interface Refused {
  readonly refused: Label
  readonly wrong?: true
}

/** Makes the plan of a change, after the checks that apply at this moment; or says why it cannot be made. */
export function prepare<T>(
  action: Change<T>,
  of: T,
  given: Answers,
  fleet: Fleet,
  together: readonly T[] = [of],
): Prepared<T> | Refused {
  const snapshot = fleet.snapshot()
  const can = permitted(action, of, { fleet, snapshot })
  if (can !== true) return { refused: can }
  const target = presentOf(action.subject, of, snapshot) ?? of
  const answers = withDefaults(action, target, given, snapshot, fleet.now())
  // What was given is looked at too where nobody would have asked.
  const asked = questionsFor(action, target, answers, snapshot)
  for (const question of action.asks.filter((one) => asked.includes(one) || given[one.id] !== undefined)) {
    const value = answers[question.id]
    if (value === undefined) return { refused: say`${question.text}: no answer`, wrong: true }
    const wrong = question.wrong?.(value, target, snapshot, fleet.now(), answers)
    if (wrong) return { refused: say`${label(question.text.replace(/\?$/, ''))}: ${wrong}`, wrong: true }
  }
  const steps = action.plan(target, answers, { fleet, snapshot })
  const risk = riskOf(action, answers, target, snapshot, together)
  if (!steps.length) return { refused: say`nothing would change` }
  const insists = action.insists?.(target, answers, snapshot, together)
  const warned = action.warns?.(target, answers, snapshot, together) ?? []
  const warnings = [...new Set([...(insists ? [insists] : []), ...warned])]
  return { action, target, answers, steps, risk, warnings, ...(insists ? { insists } : {}) }
}

/** The name of what an action makes with these answers; undefined: it acts on what is there. */
export function madeBy<T>(action: Change<T>, answers: Answers): string | undefined {
  return action.makes?.(answers)
}

/** What a person has to type before all this is done: the name, or the number of many; undefined where a yes is enough. */
export function confirmation(prepared: readonly Prepared[]): Label | undefined {
  const [only] = prepared
  if (!only || !prepared.some(({ risk }) => risk === 'destructive')) return undefined
  return prepared.length > 1 ? say`${prepared.length}` : nameOf(only.target as Target)
}
