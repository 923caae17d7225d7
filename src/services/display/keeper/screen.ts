import type { Obeyed, Order, WishedSize } from '../opening.ts'
import { ChannelFailure } from './failure.ts'
import type { XServer } from './x-server.ts'

/** Where the person sits: DISPLAY and XAUTHORITY of their terminal, and all else that their programs find. */
export type Env = Readonly<Record<string, string | undefined>>

/** What a screen is made with. */
export interface ScreenOptions {
  /** the channel's id */
  readonly id: string
  /** of its window */
  readonly title: string
  readonly size: WishedSize
  /** the file with its cookie */
  readonly authority: string
  /** the channel's own folder, which nobody else may enter */
  readonly folder: string
  readonly env: Env
}

/** How a channel is seen on a terminal. */
export interface Screen {
  /** whether the terminal on which it is shown answers; true where it is shown on none */
  answers(): Promise<boolean>
  /** in front of all windows, with the keyboard */
  raise(): Promise<Obeyed>
  /** behind all windows */
  lower(): Promise<Obeyed>
  resize(size: WishedSize): Promise<Obeyed>
  /** on no terminal */
  hide(): Promise<Obeyed>
  /** on another terminal */
  view(where: Extract<Order, { do: 'view' }>): Promise<Obeyed>
  /** takes it from the terminal, and ends what shows it */
  end(): Promise<void>
}

/** One with an X server of its own. */
export interface ServedScreen extends Screen {
  readonly server: XServer
}

export const livesThere = {
  refused: 'this channel lives on its terminal: only one that is kept can be shown elsewhere',
} as const

export function noDisplay(): ChannelFailure {
  return new ChannelFailure(
    'no-display',
    'there is no X display here to show it on: DISPLAY is not set',
    'log in at a graphical terminal, or with "ssh -X"',
  )
}

/** The class of the window of a channel, by which it is found among those of the terminal. */
export const windowName = (id: string) => `vdd-${id}`
