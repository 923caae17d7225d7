import type { NodeRecord, ResourceRecord } from '../fleet/cluster/record.ts'
import type { DisplayRecord } from '../fleet/display/record.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import type { Felt } from '../fleet/hit.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Ref } from '../fleet/ref.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import type { SessionRecord } from '../fleet/session/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import type { Answers, Question } from './question.ts'
import { nameOf, presentOf, type Subject } from './subjects.ts'

/**
 * How much harm an action can do, and so what it asks for before it runs:
 * `safe` changes nothing and asks nothing; `disruptive` is confirmed; `destructive` wants the name typed.
 * Read-only mode allows only the safe ones.
 */
export type Risk = 'safe' | 'disruptive' | 'destructive'

/** What a plan is made from. */
export interface Context {
  readonly fleet: Fleet
  readonly snapshot: Snapshot
}

interface Common<T> {
  /** the verb of the command line: `start` of `vdd machine start` */
  readonly verb: string
  /** what the command line calls it, and its screen, where another kind has that verb too */
  readonly called?: string
  /** its verb is made by itself, and is none of its kind: `vdd drill` */
  readonly apart?: true
  readonly subject: Subject
  /** the key on a screen that shows its subject; none: by the palette only */
  readonly key?: string
  readonly title: string
  /** one sentence for help and `--help` */
  readonly help: string
  readonly group: 'power' | 'definition' | 'migration' | 'duty' | 'look'
  readonly risk: Risk
  /** `true`, or why it is not possible with this object now */
  readonly available: (target: T, context: Context) => true | Label
}

/** Who does it, and how far it is told. */
interface Doing {
  readonly who: Label
  /** it is ended */
  readonly signal: AbortSignal
  /** where it is; and what can be looked at meanwhile */
  readonly tell: (text: Label, about?: Ref) => void
}

/** How what was done came out: as it is to be, or not yet. */
interface Done {
  readonly isDone: boolean
  readonly text: Label
}

/** An action that changes something: it shows its plan, runs it, and checks the result. */
export interface Change<T> extends Common<T> {
  readonly kind: 'change'
  readonly asks: readonly Question<T>[]
  /** why it is not possible with these answers; undefined: it is */
  readonly forbids?: (target: T, answers: Answers, context: Context) => Label | undefined
  /** the exact commands, and where they run */
  readonly plan: (target: T, answers: Answers, context: Context) => readonly Step[]
  /** does all of it, in place of running its commands one after the other; what it throws is why it failed, or that the signal came */
  readonly performs?: (target: T, answers: Answers, context: Context, doing: Doing) => Promise<Done>
  /** several objects share one file: they are changed one after the other, each with a new plan */
  readonly oneByOne?: true
  /** at least one of its options must be given: else nothing would change */
  readonly needsAny?: true
  /** it makes no sense for several at once */
  readonly single?: true
  /** the name of the object that it creates, for results and the journal */
  readonly makes?: (answers: Answers) => string | undefined
  /** turns an answer for several objects into the answer for each of them */
  readonly resolve?: (
    target: T,
    answers: Answers,
    snapshot: Snapshot,
    now: number,
    together: readonly T[],
  ) => Answers
  /** opposite verbs: begun on the same object, they end the waiting for this one */
  readonly endedBy?: readonly string[]
  /** the risk with these answers, where it is greater than the action's own */
  readonly riskWith?: (answers: Answers, target: T, snapshot: Snapshot, together: readonly T[]) => Risk
  /** why `--yes` is not enough for these objects together; undefined: it is */
  readonly insists?: (
    target: T,
    answers: Answers,
    snapshot: Snapshot,
    together: readonly T[],
  ) => Label | undefined
  /** what those feel who work with its targets, who are named before it is confirmed (hit.ts); undefined: nothing */
  readonly hits?: Felt | ((answers: Answers, target: T, snapshot: Snapshot) => Felt | undefined)
  /** side effects that may be unwanted; shown before it is confirmed */
  readonly warns?: (
    target: T,
    answers: Answers,
    snapshot: Snapshot,
    together: readonly T[],
  ) => readonly Label[]
  /** asks what would happen, before it is confirmed: the commands for all its targets together; undefined: nobody has to be asked */
  readonly foresees?: (
    steps: readonly Step[],
    context: Context,
    signal: AbortSignal,
  ) => Promise<Foresight> | undefined
  /** whether the snapshot shows that it is done; without this it is done when its commands have ended. `began`: when it was started */
  readonly settled?: (target: T, answers: Answers, snapshot: Snapshot, began: number) => true | undefined
  /** asks the host once it looks settled; undefined: it is, else why not, and the waiting goes on */
  readonly objection?: (
    target: T,
    answers: Answers,
    context: Context,
    signal: AbortSignal,
  ) => Promise<Label | undefined>
  /** its progress while it is waited for */
  readonly progress?: (target: T, answers: Answers, snapshot: Snapshot) => Label | undefined
  /** the change is in effect although it is not settled; when this ends, somebody has reverted it */
  readonly holds?: (target: T, answers: Answers, snapshot: Snapshot) => boolean
  /** what to know about the result, such as effects that come later */
  readonly remark?: (target: T, answers: Answers, snapshot: Snapshot) => Label | undefined
  /** the message when it is not settled in time; default: that it was not seen */
  readonly unseen?: (target: T, answers: Answers, snapshot: Snapshot) => Label | undefined
  /** seconds until the change should be seen; the default of `--timeout` */
  readonly patience: number
  /** what would undo it, given the state before it runs; undefined: nothing */
  readonly undo?: (target: T, answers: Answers, before: Snapshot) => Undo | undefined
  /** what to offer after these steps when it failed or was not seen in time */
  readonly next?: (target: T, answers: Answers, failure: Label, ran: readonly Step[]) => Next | undefined
}

/** What would happen, as those say who will do it. */
export interface Foresight {
  /** a sentence each */
  readonly texts: readonly Label[]
  /** why the name has to be typed for it; none: it need not */
  readonly grave?: Label
  /** nobody feels anything of it */
  readonly isUnfelt?: true
}

/** An action that restores the former state; it is prepared and confirmed like any other. */
export interface Undo {
  readonly verb: string
  readonly answers: Answers
  /** the ids (`idOf`) of its targets; default: the target of the action */
  readonly targets?: readonly string[]
  /** what undoes it while its commands still run; default: the same */
  readonly meanwhile?: Undo
}

/** An offer after a failure: another action, or the same with other answers. */
export interface Next {
  readonly verb: string
  readonly answers: Answers
  readonly text: Label
}

/** An action that only shows something or lends the terminal. The console and the command line carry it out. */
export interface Look<T> extends Common<T> {
  readonly kind: 'look'
  readonly shows: 'details' | 'xml' | 'console'
}

/** The facts of one object that actions change. */
export interface Standing<T, F extends object> {
  /** undefined: they are not known */
  facts(target: T, snapshot: Snapshot): F | undefined
  /** in a few words, with what differs from the other facts; undefined: there is nothing to tell */
  words(facts: F, other: F): Label | undefined
}

export type MachineAction = Change<MachineRecord> | Look<MachineRecord>
type HostAction = Change<HostRecord>
export type FrontendAction = Change<FrontendRecord>
type ServiceAction = Change<ServiceRecord>
type DisplayAction = Change<DisplayRecord>
type NodeAction = Change<NodeRecord>
type ResourceAction = Change<ResourceRecord>
type SessionAction = Change<SessionRecord>
export type Action =
  | MachineAction
  | HostAction
  | FrontendAction
  | ServiceAction
  | DisplayAction
  | SessionAction
  | NodeAction
  | ResourceAction

/**
 * `true`, or why an action is not possible. The one place that enforces read-only mode, so that no key, verb or palette can forget it.
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
