import type { Label } from '../../../hosts/label.ts'
import type { Obeyed } from '../opening.ts'
import type { Activity, InnerDisplay, Pixels } from '../x11/inner.ts'
import type { Notice } from '../x11/notice.ts'
import type { ChannelBook } from './book.ts'
import type { ShownEnd } from './ended.ts'
import type { Opener } from './opener.ts'
import type { Env, Screen } from './screen.ts'

/** An X display at which somebody may look whom its person lets. */
export type Looked = Pick<InnerDisplay, 'ask' | 'sign'> & {
  readonly display: number
  /** the file with its cookie */
  readonly authority: string
}

/** What a channel shows of its machine, while that is there. */
export interface Shown {
  readonly screen: Screen
  /** settles when it has ended, by itself or with the terminal on which its window was; rejects when its machine was lost */
  readonly ended: Promise<ShownEnd>
  /** asks it to end */
  ask(): Promise<void>
  /** what the person does; undefined: nobody knows */
  activity(): Promise<Activity | undefined>
  /** undefined: it is not for the channel to say */
  size(): Promise<Pixels | undefined>
  /** whether its machine does not answer now */
  isSilent(): boolean
  /** a sentence, once its machine was lost */
  whyLost(): string
  /** what `loadScript` prints on the machine; none: nobody is logged in there from here */
  readonly load?: () => Promise<string>
  /** locks it, by what it has for that */
  lock(): Promise<Obeyed>
  /** shows a message in front of all else */
  notice(heading: Label, message: readonly Label[], hint: Label): Promise<Notice>
  /** the X display that it has, where somebody else can look at it; none: it has none */
  readonly inner?: Looked
}

/** How something comes to be shown, and what is to be taken away again, however far it came. */
export interface Showing {
  /** @throws {ChannelFailure} */
  open(): Promise<Shown>
  end(): Promise<void>
}

export interface ShowingOptions {
  /** the channel's id */
  readonly id: string
  readonly opener: Opener
  readonly book: ChannelBook
  /** the file with its cookie, and its own folder, which nobody else may enter */
  readonly authority: string
  readonly folder: string
  readonly cookie: Buffer
  readonly env: Env
  readonly now: () => number
}
