import type { DeskSystem } from '../broker/protocol.ts'
import type { Answer, SessionChoice, Wish } from '../services/display/opening.ts'
import type { DeskMachine, LastChoices, OpenChannel, Telling } from './surroundings.ts'
import type { FaultKind } from './texts/texts.ts'
import type { Language } from './texts/voice.ts'

/** What the desk was started for. */
export interface Settings {
  /** it is the login shell or the only X client: to leave it is to log out */
  readonly locked: boolean
  /** this system only, opened at once; the desk ends with its desktop */
  readonly once?: { readonly system: string; readonly session?: string }
  /** there is no X display: desktops are text sessions on this terminal */
  readonly text: boolean
  /** all of it is made up, and the screen says so */
  readonly demo?: true
}

export interface Fault {
  readonly kind: FaultKind
  readonly reference: string
}

/** How far it is, in the order of time. */
export type StepKind = 'choosing' | 'starting' | 'waiting' | 'server' | 'machine' | 'session' | 'text'

interface Step {
  readonly kind: StepKind
  /** milliseconds, by the clock of the desk */
  readonly since: number
  readonly until?: number
}

/** A desktop that is being opened. */
export interface Opening {
  /** with whom: what is heard of an earlier one counts for nothing */
  readonly talk: number
  readonly system: string
  /** the session manager that was chosen */
  readonly session?: string
  readonly steps: readonly Step[]
}

export type Page =
  | { readonly at: 'home' }
  /** a desktop of this system is open already */
  | { readonly at: 'again'; readonly system: string; readonly channel: string }
  /** which session manager; `opening`: the machine was asked which it has */
  | {
      readonly at: 'session'
      readonly system: string
      readonly choices: readonly SessionChoice[]
      readonly opening?: Opening
    }
  | { readonly at: 'progress'; readonly opening: Opening }
  | {
      readonly at: 'password'
      readonly opening: Opening
      readonly attempt: number
      readonly user: string
      /** why the person's ticket of Kerberos did not do */
      readonly ticket?: 'expired' | 'refused'
      readonly typed: string
    }
  | { readonly at: 'open'; readonly channel: string }
  | { readonly at: 'close'; readonly channel: string }
  | {
      readonly at: 'closing'
      readonly channel: string
      readonly since: number
      /** it was told to end, whatever its session says */
      readonly insistedAt?: number
    }
  | { readonly at: 'failed'; readonly fault: Fault; readonly system?: string; readonly session?: string }
  | { readonly at: 'leave' }
  | { readonly at: 'leaving'; readonly since: number; readonly insisted: boolean }

/** A channel, and since when the desk knows of it: a look that began before says nothing of it. */
export interface Known extends OpenChannel {
  readonly knownAt: number
}

/** All that the desk knows. */
export interface Desk {
  readonly settings: Settings
  readonly language: Language
  readonly person: string
  /** milliseconds since the epoch */
  readonly now: number
  /** none: they have not been told yet */
  readonly systems?: readonly DeskSystem[]
  /** when they were asked for */
  readonly askedAt: number
  /** why they could not be told */
  readonly fault?: Fault
  /** those that live, the oldest first */
  readonly channels: readonly Known[]
  readonly page: Page
  /** the row that is selected on this page */
  readonly selected: number
  /** something went wrong with a desktop while nobody asked: said on the first page until a choice is made */
  readonly note?: Fault
  readonly last: LastChoices
  /** of the last conversation */
  readonly talk: number
  /** the one system has been opened by itself already */
  readonly begun: boolean
}

/** What the desk wants done. */
export type Effect =
  | { readonly do: 'systems' }
  | { readonly do: 'machine'; readonly talk: number; readonly system: string }
  | { readonly do: 'open'; readonly talk: number; readonly wish: Wish }
  | { readonly do: 'text'; readonly talk: number; readonly machine: DeskMachine; readonly system: string }
  | { readonly do: 'answer'; readonly talk: number; readonly answer: Answer }
  | { readonly do: 'cancel'; readonly talk: number }
  | { readonly do: 'tell'; readonly channel: string; readonly what: Telling }
  | { readonly do: 'remember'; readonly last: LastChoices }
  | { readonly do: 'leave' }

/** What the desk becomes, and what is to be done for that. */
export interface Turn {
  readonly desk: Desk
  readonly effects: readonly Effect[]
}

export function turn(desk: Desk, ...effects: readonly Effect[]): Turn {
  return { desk, effects }
}

/** What was before `first` is done too, and before. */
export function after(first: Turn, next: (desk: Desk) => Turn): Turn {
  const { desk, effects } = next(first.desk)
  return { desk, effects: [...first.effects, ...effects] }
}

export const systemNamed = (desk: Desk, name: string): DeskSystem | undefined =>
  desk.systems?.find((one) => one.name === name)

export const channelOf = (desk: Desk, id: string): Known | undefined =>
  desk.channels.find(({ said }) => said.id === id)

/** The channel that a page is about. */
export function channelOn(page: Page): string | undefined {
  return page.at === 'open' || page.at === 'close' || page.at === 'closing' ? page.channel : undefined
}

/** The desktop that is being opened on this page. */
export function openingOn(page: Page): Opening | undefined {
  return 'opening' in page ? page.opening : undefined
}

/** What the next person at this terminal would find on the screen: it is closed, or taken from there where it is kept. */
export const staysOnScreen = (desk: Desk): readonly Known[] =>
  desk.settings.locked ? desk.channels.filter(({ said, isHere }) => !said.keep || isHere) : []

/** What ends with the person's login: the others wait for them. */
export const endsWithLogin = (desk: Desk): readonly Known[] =>
  desk.settings.locked ? desk.channels.filter(({ said }) => !said.keep) : []
