import type { Fleet } from '../fleet/fleet.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, type Raw, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import { nameOf, presentOf, type Subject } from './subjects.ts'

/**
 * How much an action can hurt, and so what it asks for before it runs:
 * `safe` changes nothing and asks nothing; `disruptive` is confirmed; `destructive` wants the name typed.
 * Read-only mode leaves the safe ones.
 */
export type Risk = 'safe' | 'disruptive' | 'destructive'

export interface Choice {
  readonly value: Raw
  readonly title: Label
  /** what helps to choose; several facts (free memory, load) stand in columns */
  readonly note?: Label | readonly Label[]
  /** why it cannot be chosen */
  readonly disabled?: Label
}

export type Answers = Readonly<Record<string, Raw>>

/** What is said against an answer; `together`: all that the same is asked for. Undefined: nothing. */
type Judge<T> = (
  value: string,
  target: T,
  snapshot: Snapshot,
  now: number,
  answers: Answers,
  together: readonly T[],
) => Label | undefined

/** Something that has to be known before the plan can be made. On the command line it is the option `--ID VALUE`. */
export interface Question<T> {
  readonly id: string
  readonly text: Label
  /** for `--help`: what the value is */
  readonly value: string
  /** on the command line it is an option without a value: given it means yes, left out no */
  readonly flag?: true
  /** what is typed names a file of this machine, whose content is the answer */
  readonly isFile?: true
  /** on the command line it has to be given: its default only preselects a choice */
  readonly needed?: true
  /** not asked, and its default taken, when this says no */
  readonly when?: (target: T, answers: Answers, snapshot: Snapshot) => boolean
  /** on the command line it is the name of one of these; what is none of them is not found */
  readonly names?: Subject
  /** it names what the target has; on the command line what is none of it is not found */
  readonly namesOwn?: true
  /** `together`: all that the same is asked for */
  readonly choices?: (
    target: T,
    snapshot: Snapshot,
    now: number,
    answers: Answers,
    together: readonly T[],
  ) => readonly Choice[]
  readonly default?: Raw | ((target: T, snapshot: Snapshot, now: number, answers: Answers) => Raw | undefined)
  /** for `--help`: what a default that depends on the target is */
  readonly usual?: string
  /** what is said where it has to be answered and is not; default: that there is no answer */
  readonly unanswered?: (target: T) => Label
  /** why this is no answer, however things stand */
  readonly wrong?: Judge<T>
  /** why it cannot be taken as things stand now, although it is one */
  readonly refuses?: Judge<T>
}

/** What is said against an answer, of either kind. */
export function objectionTo<T>(question: Question<T>, ...given: Parameters<Judge<T>>): Label | undefined {
  return question.wrong?.(...given) ?? question.refuses?.(...given)
}

/** What a plan is made from. */
export interface Context {
  readonly fleet: Fleet
  readonly snapshot: Snapshot
}

interface Common<T> {
  /** the verb of the command line: `start` of `vdd machine start` */
  readonly verb: string
  readonly subject: Subject
  /** the key on a screen that shows its subject; none: by the palette only */
  readonly key?: string
  readonly title: string
  /** one sentence for help and `--help` */
  readonly help: string
  readonly group: 'power' | 'definition' | 'migration' | 'duty' | 'look'
  readonly risk: Risk
  /** `true`, or why it cannot be done with this one now */
  readonly available: (target: T, context: Context) => true | Label
}

/** An action that changes something: it says, does, and looks. */
export interface Change<T> extends Common<T> {
  readonly kind: 'change'
  readonly asks: readonly Question<T>[]
  /** why it cannot be done with these answers, although it can with others; undefined: it can */
  readonly forbids?: (target: T, answers: Answers, context: Context) => Label | undefined
  /** the exact commands, and where they run */
  readonly plan: (target: T, answers: Answers, context: Context) => readonly Step[]
  /** several of them change one file: one after the other, and each is planned anew when its turn comes */
  readonly oneByOne?: true
  /** on the command line one of its questions at least is answered: else it would change nothing */
  readonly needsAny?: true
  /** it makes no sense for several at once */
  readonly single?: true
  /** the name of what it makes, where it makes something: results and the journal name that */
  readonly makes?: (answers: Answers) => string | undefined
  /** what an answer that was given for several means for each of them */
  readonly resolve?: (
    target: T,
    answers: Answers,
    snapshot: Snapshot,
    now: number,
    together: readonly T[],
  ) => Answers
  /** verbs that want the opposite: begun on the same object, they end the waiting for this one */
  readonly endedBy?: readonly string[]
  /** the risk with these answers, where it is greater than the action's own */
  readonly riskWith?: (answers: Answers, target: T, snapshot: Snapshot, together: readonly T[]) => Risk
  /** why a yes given beforehand (`--yes`) is not enough, when the same is done to these together; undefined: it is */
  readonly insists?: (
    target: T,
    answers: Answers,
    snapshot: Snapshot,
    together: readonly T[],
  ) => Label | undefined
  /** what it brings with it that nobody may want; shown before it is confirmed */
  readonly warns?: (
    target: T,
    answers: Answers,
    snapshot: Snapshot,
    together: readonly T[],
  ) => readonly Label[]
  /** what the world shows when it is done that was begun at this time; without it the end of the commands is the end */
  readonly settled?: (target: T, answers: Answers, snapshot: Snapshot, began: number) => true | undefined
  /** asked of its host when it looks settled: why it is not, and it is waited for further; undefined: it is */
  readonly objection?: (
    target: T,
    answers: Answers,
    context: Context,
    signal: AbortSignal,
  ) => Promise<Label | undefined>
  /** how far it is, while it is waited for */
  readonly progress?: (target: T, answers: Answers, snapshot: Snapshot) => Label | undefined
  /** what was asked for stands, though its end is waited for: when that ceases, somebody has put it back */
  readonly holds?: (target: T, answers: Answers, snapshot: Snapshot) => boolean
  /** what of it is not to be seen yet, although it is done, or what would undo it */
  readonly remark?: (target: T, answers: Answers, snapshot: Snapshot) => Label | undefined
  /** what is to be said when the time is over and it is not settled; default: that it was not seen */
  readonly unseen?: (target: T, answers: Answers, snapshot: Snapshot) => Label | undefined
  /** seconds until the change should be seen; the default of `--timeout` */
  readonly patience: number
  /** what would undo it, from how things stand before it runs; undefined: nothing would */
  readonly undo?: (target: T, answers: Answers, before: Snapshot) => Undo | undefined
  /** what is offered when it failed or was not seen in time, after these steps */
  readonly next?: (target: T, answers: Answers, failure: Label, ran: readonly Step[]) => Next | undefined
}

/** An action that puts things back; it is prepared and confirmed as any other. */
export interface Undo {
  readonly verb: string
  readonly answers: Answers
  /** by what they are found (`idOf`) that it acts on; default: what the action acted on */
  readonly targets?: readonly string[]
  /** what puts it back while its commands still run; default: the same */
  readonly meanwhile?: Undo
}

/** An offer after a failure: another action, or the same with other answers. */
export interface Next {
  readonly verb: string
  readonly answers: Answers
  readonly text: Label
}

/** An action that only shows something, or lends the terminal. The screens and the command line know how. */
export interface Look<T> extends Common<T> {
  readonly kind: 'look'
  readonly shows: 'details' | 'xml' | 'console'
}

/** The facts of one object that actions change. */
export interface Standing<T, F extends object> {
  /** undefined: they are not known */
  facts(target: T, snapshot: Snapshot): F | undefined
  /** in a few words, what differs from the other facts included; undefined: it has no state of its own */
  words(facts: F, other: F): Label | undefined
}

export type MachineAction = Change<MachineRecord> | Look<MachineRecord>
type HostAction = Change<HostRecord>
export type FrontendAction = Change<FrontendRecord>
type ServiceAction = Change<ServiceRecord>
export type Action = MachineAction | HostAction | FrontendAction | ServiceAction

/**
 * Why an action cannot be done, or `true`. The one place where read-only mode takes actions away, so that no key, verb or
 * palette can forget it.
 */
export function permitted<T>(action: Common<T>, target: T, context: Context): true | Label {
  const mode = refusedByMode(action, context.fleet)
  if (mode) return mode
  const now = presentOf(action.subject, target, context.snapshot)
  return now === undefined
    ? say`${nameOf(target as Pick<MachineRecord, 'name'>)} is gone`
    : action.available(now, context)
}

export function riskOf<T>(
  action: Change<T>,
  answers: Answers,
  target: T,
  snapshot: Snapshot,
  together: readonly T[] = [target],
): Risk {
  return action.riskWith?.(answers, target, snapshot, together) ?? action.risk
}

export function refusedByMode(
  action: Pick<Action, 'risk'>,
  fleet: Pick<Fleet, 'readOnly'>,
): Label | undefined {
  return fleet.readOnly && action.risk !== 'safe' ? ('this console is read-only' as Label) : undefined
}

/** The questions that apply, with the answers given so far and the defaults of the rest. */
export function questionsFor<T>(
  action: Change<T>,
  target: T,
  answers: Answers,
  snapshot: Snapshot,
): Question<T>[] {
  return action.asks.filter((question) => question.when?.(target, answers, snapshot) ?? true)
}

/** The question that comes next of those that apply to one of these, and the first to which it does; undefined: all are answered. */
export function nextQuestion<T>(
  action: Change<T>,
  targets: readonly T[],
  answers: Answers,
  snapshot: Snapshot,
): { readonly question: Question<T>; readonly target: T } | undefined {
  for (const question of action.asks) {
    if (answers[question.id] !== undefined) continue
    const target = targets.find((one) => question.when?.(one, answers, snapshot) ?? true)
    if (target !== undefined) return { question, target }
  }
  return undefined
}

/** What is taken, or proposed, where nothing is answered. */
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

/** Answers with the defaults of what was not asked or not answered. */
export function withDefaults<T>(
  action: Change<T>,
  target: T,
  answers: Answers,
  snapshot: Snapshot,
  now: number,
): Answers {
  const all: Record<string, Raw> = { ...answers }
  for (const question of action.asks) {
    const value = all[question.id] ?? defaultOf(question, target, snapshot, now, all)
    if (value !== undefined) all[question.id] = value
  }
  return all
}
