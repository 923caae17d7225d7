import type { DeskSystem, Refusal } from '../broker/protocol.ts'
import type { Answer, Said, Wish } from '../services/display/opening.ts'
import type { SeenChannel } from '../services/display/sight.ts'

/** A channel of this person, as it was last seen. */
export interface OpenChannel extends Pick<SeenChannel, 'fate' | 'said'> {
  /** it is shown on the terminal where the person sits */
  readonly isHere: boolean
}

/** A machine on which a desktop can be opened. */
export interface DeskMachine {
  readonly name: string
  readonly address: string
  readonly port?: number | undefined
}

/** `reference`: by which an operator finds it in the journal; empty: there is nothing to find. */
export interface Refused {
  readonly no: Refusal
  readonly reference: string
}

/** On the way to a machine, and how that ended. */
export type MachineSaid =
  | { readonly step: 'choosing' | 'starting' | 'waiting' }
  | { readonly machine: DeskMachine }
  | Refused

/** Somebody was asked for something and tells bit by bit how far it is. */
export interface Conversation {
  /** answers a question */
  answer(answer: Answer): void
  /** takes the wish back; nothing more is heard */
  cancel(): void
}

/** `bring`: to the front of this terminal, or over to it from where it was. `close`: asks its session to end. `insist`: ends it. `hide`: from this terminal, where it is kept. */
export type Telling = 'bring' | 'close' | 'insist' | 'hide'

/** What a person chose the last time. */
export interface LastChoices {
  readonly system?: string
  /** the session manager, by the system */
  readonly sessions: Readonly<Record<string, string>>
}

/** A session that has this terminal for itself while it lasts. */
export interface TextSession {
  readonly command: readonly [file: string, ...args: string[]]
  /** its command is started now */
  begin(): void
  /** Its command has ended with this status; undefined: the desk ends before it. Resolves when that is told where it has to be. */
  end(code: number | undefined): Promise<void>
}

/** All that the desk knows of the world, and all that it can do to it: nothing here is more than the person may do. */
export interface Surroundings {
  /** the login name of who sits here */
  readonly person: string
  /** there is an X display to show desktops on */
  readonly hasDisplay: boolean
  /** nothing of it is there: the desk says so */
  readonly isMadeUp?: true
  /** What this person may choose from. */
  systems(): Promise<{ readonly systems: readonly DeskSystem[] } | Refused>
  /** Wants a machine of a system; it is started if need be. The last that is heard is the machine or why there is none. */
  machine(system: string, heard: (said: MachineSaid) => void): Pick<Conversation, 'cancel'>
  /** Wants a desktop on it. The last that is heard is that it is open or has failed. */
  openChannel(wish: Wish, heard: (said: Said) => void): Conversation
  /** The channels of this person. */
  channels(): Promise<readonly OpenChannel[]>
  /** Resolves with why not, or with nothing. */
  tell(channel: string, what: Telling): Promise<string | undefined>
  /** A text session on this machine, for a terminal without an X display. */
  textSession(machine: DeskMachine, system: string): TextSession
  /** What was chosen the last time, as far as that is known. */
  recall(): LastChoices
  /** Keeps it for the next time, where that can be written. */
  remember(last: LastChoices): void
}
