import type { Snapshot } from '../fleet/snapshot.ts'
import type { Label, Raw } from '../hosts/label.ts'
import type { Subject } from './subjects.ts'

/** One of the answers that may be chosen. */
export interface Choice {
  readonly value: Raw
  readonly title: Label
  /** what helps to choose; several facts (free memory, load) stand in columns */
  readonly note?: Label | readonly Label[]
  /** why it cannot be chosen */
  readonly disabled?: Label
}

/** What was answered, by the id of its question. */
export type Answers = Readonly<Record<string, Raw>>

/** Why an answer is not accepted; undefined: it is. `together`: all objects that get the same answer. */
type Judge<T> = (
  value: string,
  target: T,
  snapshot: Snapshot,
  now: number,
  answers: Answers,
  together: readonly T[],
) => Label | undefined

/** Something that must be known before the plan can be made. On the command line it is the option `--ID VALUE`. */
export interface Question<T> {
  readonly id: string
  readonly text: Label
  /** for `--help`: what the value is */
  readonly value: string
  /** on the command line it is an option without a value: yes if given, else no */
  readonly flag?: true
  /** the answer is the content of a local file, whose name is typed */
  readonly isFile?: true
  /** required on the command line: its default only preselects a choice */
  readonly needed?: true
  /** whether it is asked; if not, its default is taken */
  readonly when?: (target: T, answers: Answers, snapshot: Snapshot) => boolean
  /** the answer names one of these; on the command line another name exits with "not found" */
  readonly names?: Subject
  /** the answer names a part of the target; on the command line another name exits with "not found" */
  readonly namesOwn?: true
  /** `together`: all objects that get the same answer */
  readonly choices?: (
    target: T,
    snapshot: Snapshot,
    now: number,
    answers: Answers,
    together: readonly T[],
  ) => readonly Choice[]
  readonly default?: Raw | ((target: T, snapshot: Snapshot, now: number, answers: Answers) => Raw | undefined)
  /** for `--help`: describes a default that depends on the target */
  readonly usual?: string
  /** the message when a needed answer is missing; default: `no answer` */
  readonly unanswered?: (target: T) => Label
  /** why this can never be an answer */
  readonly wrong?: Judge<T>
  /** why it cannot be accepted in the present state */
  readonly refuses?: Judge<T>
}

/** Why an answer is not accepted, of either kind. */
export function objectionTo<T>(question: Question<T>, ...given: Parameters<Judge<T>>): Label | undefined {
  return question.wrong?.(...given) ?? question.refuses?.(...given)
}

/** What must know something before its plan is made: an action. */
interface Asks<T> {
  readonly asks: readonly Question<T>[]
}

/** The questions that apply, given these answers. */
export function questionsFor<T>(
  { asks }: Asks<T>,
  target: T,
  answers: Answers,
  snapshot: Snapshot,
): Question<T>[] {
  return asks.filter((question) => question.when?.(target, answers, snapshot) ?? true)
}

/** The next question that applies to one of these, and the first target to which it applies; undefined: all are answered. */
export function nextQuestion<T>(
  { asks }: Asks<T>,
  targets: readonly T[],
  answers: Answers,
  snapshot: Snapshot,
): { readonly question: Question<T>; readonly target: T } | undefined {
  for (const question of asks) {
    if (answers[question.id] !== undefined) continue
    const target = targets.find((one) => question.when?.(one, answers, snapshot) ?? true)
    if (target !== undefined) return { question, target }
  }
  return undefined
}

/** What counts where nothing is answered; undefined: nothing does. */
export function defaultOf<T>(
  question: Question<T>,
  target: T,
  snapshot: Snapshot,
  now: number,
  answers: Answers,
): Raw | undefined {
  const { default: own } = question
  return typeof own === 'function' ? own(target, snapshot, now, answers) : own
}

/** The answers, completed with defaults. */
export function withDefaults<T>(
  { asks }: Asks<T>,
  target: T,
  answers: Answers,
  snapshot: Snapshot,
  now: number,
): Answers {
  const all: Record<string, Raw> = { ...answers }
  for (const question of asks) {
    const value = all[question.id] ?? defaultOf(question, target, snapshot, now, all)
    if (value !== undefined) all[question.id] = value
  }
  return all
}
