import type { Change } from '../actions/action.ts'
import type { Prepared } from '../actions/prepare.ts'
import type { Answers, Choice, Question } from '../actions/question.ts'
import type { Progress } from '../actions/run-step.ts'
import type { FollowUp } from '../actions/undo-all.ts'
import type { StandingAlert } from '../fleet/alerts/book.ts'
import type { Incident } from '../fleet/incident/record.ts'
import type { Label } from '../hosts/label.ts'
import type { Batch } from './batch.ts'
import type { TypedText } from './line-edit.ts'

/** What stands in front of a screen and takes the keys. The last of them is on top. */
export type Layer =
  | FilterLayer
  | NoteLayer
  | PaletteLayer
  | AskLayer
  | ConfirmLayer
  | OutcomeLayer
  | TasksLayer
  | LeaveLayer

/** The filter of a table, typed at the bottom line. */
interface FilterLayer {
  readonly kind: 'filter'
  readonly line: TypedText
  /** what it was before, for Esc */
  readonly before: string
}

/** What is said of an alert that somebody takes care of, or of an incident. */
export type NoteLayer = {
  readonly kind: 'note'
  readonly line: TypedText
} & ({ readonly alert: StandingAlert } | { readonly incident: Incident })

/** An acknowledgement of which nothing is left is taken back. */
export function withdraws(layer: NoteLayer): boolean {
  return 'alert' in layer && layer.alert.acknowledged !== undefined && layer.line.text.trim() === ''
}

/** The command line `:`. */
export interface PaletteLayer {
  readonly kind: 'palette'
  readonly line: TypedText
  /** position in the history, from the newest; -1: a new line */
  readonly recalled: number
  readonly wrong?: Label
}

export interface NotNow {
  readonly name: Label
  readonly why: Label
}

/** An action with what it acts on; several when rows are marked. */
export interface Undertaking<T = unknown> {
  readonly action: Change<T>
  readonly targets: readonly T[]
  /** those of the marked ones with which it cannot be done now, and why */
  readonly leftOut: readonly NotNow[]
  readonly answers: Answers
  /** the answers of each, by what it is found (`idOf`), where they are not the same: then nothing is asked */
  readonly own?: ReadonlyMap<string, Answers>
  /** the questions that were answered in dialogs, in their order: the way back */
  readonly asked: readonly string[]
  /** what was typed or chosen there, also where somebody has gone back since: it is proposed again */
  readonly typed: Answers
  /** what it undoes, where that is why it is begun */
  readonly undoes?: Batch
}

/** One question of an action. */
export interface AskLayer {
  readonly kind: 'ask'
  readonly undertaking: Undertaking
  readonly question: Question<unknown>
  /** of which the choices are asked */
  readonly target: unknown
  /** the choices, or undefined where text is typed */
  readonly choices?: readonly Choice[]
  readonly at: number
  readonly line: TypedText
  /** nothing was typed or chosen yet: the first character that is typed replaces what is proposed */
  readonly proposed: boolean
  readonly wrong?: Label
}

/** The plan, before it runs. */
export interface ConfirmLayer {
  readonly kind: 'confirm'
  /** from what it was planned */
  readonly undertaking: Undertaking
  /** what will run, exactly so */
  readonly prepared: readonly Prepared[]
  readonly title: Label
  /** names with host and uptime */
  readonly about: readonly Label[]
  /** several: what each is, in columns */
  readonly rows: readonly (readonly Label[])[]
  /** objects for which it cannot be done, and why */
  readonly refused: readonly Label[]
  /** for destructive actions: what has to be typed, and what was typed so far */
  readonly typed?: { readonly wanted: Label; readonly line: TypedText }
  readonly focus: 'cancel' | 'go'
  /** the first line of the plan on the screen */
  readonly top: number
  readonly wrong?: Label
  /** it is asked yet what would happen: until that is known it cannot be confirmed */
  readonly isAsking?: true
  /** what it undoes */
  readonly undoes?: Batch
}

/** How it went, when there is more to say than a line, or something to offer. */
export interface OutcomeLayer {
  readonly kind: 'outcome'
  readonly title: Label
  readonly lines: readonly Label[]
  /** what is offered next */
  readonly next?: FollowUp
}

/** Quit while something is under way? */
interface LeaveLayer {
  readonly kind: 'leave'
}

/** What is under way, one of which can be cancelled. */
export interface TasksLayer {
  readonly kind: 'tasks'
  readonly at: number
}

/** A change that is under way, or waits for its turn; shown at the bottom of every screen until it has ended. */
export interface Task {
  readonly title: Label
  readonly name: Label
  readonly progress: Progress
  /** milliseconds since the epoch */
  readonly since: number
  readonly prepared: Prepared
  /** ends it; gets the word for why */
  readonly end: (why: Label) => void
  /** ends it but for the command that runs */
  readonly give: (why: Label) => void
  /** it has been told to end */
  readonly isEnding?: true
}
