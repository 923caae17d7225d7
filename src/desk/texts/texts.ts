import type { Refusal } from '../../broker/protocol.ts'
import type { FailureKind } from '../../services/display/opening.ts'

/** Why the desk could not do what was wished. */
export type FaultKind =
  | Refusal
  | FailureKind
  /** a desktop that was open has gone, and nobody closed it */
  | 'lost'
  /** a desktop that is not kept is open at another terminal */
  | 'elsewhere'
  /** an open desktop could not be brought here */
  | 'not-brought'
  /** a desktop does not end, though it was insisted on */
  | 'not-closed'

/** One clear sentence, and what to do. */
interface FaultText {
  readonly what: string
  readonly todo: string
}

/** What the desk says, in one language. In braces stands what is filled in. */
export interface Texts {
  /** how the language calls itself */
  readonly name: string
  /** each stands on one line, also where that has 40 columns */
  readonly lines: {
    readonly hello: string
    readonly opened: string
    readonly choose: string
    readonly moment: string
    /** states of a system */
    readonly ready: string
    readonly starts: string
    readonly none: string
    readonly unknown: string
    /** of an open desktop: since when */
    readonly sinceTime: string
    readonly sinceDate: string
    /** it is shown at another terminal, or at none */
    readonly isAt: string
    readonly waits: string
    /** it was asked to end */
    readonly isClosing: string
    /** its machine does not answer, and what may become of it */
    readonly isSilent: string
    readonly mayComeBack: string
    readonly lastTime: string
    readonly whichDesktop: string
    readonly opening: string
    /** steps */
    readonly choosing: string
    readonly starting: string
    readonly waiting: string
    readonly server: string
    readonly machine: string
    readonly session: string
    readonly text: string
    readonly seconds: string
    readonly minutes: string
    readonly done: string
    readonly password: string
    readonly isOpen: string
    readonly isOpenAlready: string
    readonly goTo: string
    readonly openAnother: string
    readonly closeIt: string
    readonly toChoices: string
    readonly askClose: string
    readonly yesClose: string
    readonly noClose: string
    readonly closing: string
    readonly waitMore: string
    readonly closeAnyway: string
    readonly tryAgain: string
    readonly askLeave: string
    readonly yesLeave: string
    readonly noLeave: string
    readonly leaving: string
    readonly sorry: string
    readonly reference: string
    readonly tooSmall: string
    /** how keys are called, and what they do: at the lower edge */
    readonly enter: string
    readonly arrows: string
    readonly hintMove: string
    readonly hintChoose: string
    readonly hintSend: string
    readonly hintClose: string
    readonly hintBack: string
    readonly hintCancel: string
    readonly hintLeave: string
  }
  /** each may be broken into several lines */
  readonly sentences: {
    readonly noSystems: string
    readonly patience: string
    readonly passwordKept: string
    readonly ticketExpired: string
    readonly ticketRefused: string
    readonly passwordWrong: string
    readonly howBack: string
    /** the same where the screen of a computer is shown, and what closing that means */
    readonly howBackScreen: string
    readonly screenStays: string
    readonly saveFirst: string
    readonly closesSlowly: string
    readonly leavesOpen: string
    readonly leaveCloses: string
    readonly leaveKeeps: string
    readonly plainDemo: string
    /** line by line: what can be typed */
    readonly plainChoose: string
    readonly plainMore: string
    readonly plainClose: string
    readonly plainCancel: string
    readonly plainPassword: string
    readonly plainNone: string
    readonly goodbye: string
  }
  readonly faults: Readonly<Record<FaultKind, FaultText>>
}
