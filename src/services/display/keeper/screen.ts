import type { Obeyed, Order, WishedSize } from '../opening.ts'
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
  readonly server: XServer
  /** in front of all windows, with the keyboard */
  raise(): Promise<Obeyed>
  /** behind all windows */
  lower(): Promise<Obeyed>
  resize(size: WishedSize): Promise<Obeyed>
  /** on no terminal */
  hide(): Promise<Obeyed>
  /** on another terminal */
  view(where: Extract<Order, { do: 'view' }>): Promise<Obeyed>
  /** takes it from the terminal, and ends the server */
  end(): Promise<void>
}

/** The class of the window of a channel, by which it is found among those of the terminal. */
export const windowName = (id: string) => `vdd-${id}`
