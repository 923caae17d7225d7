import type { Label } from '../hosts/label.ts'
import type { Argument } from './arguments.ts'
import type { ScreenId } from './pages.ts'
import type { ConsoleState } from './state.ts'

/** A key of the console itself: moving about, filtering, marking. It never touches the cluster. */
export interface Command {
  readonly id: string
  /** what may be typed for it, besides its name */
  readonly words?: readonly string[]
  /** the screen to which it leads */
  readonly leadsTo?: ScreenId
  /** none: by the palette only */
  readonly keys: readonly string[]
  readonly title: string
  /** what the footer calls it, where that depends on what is shown */
  readonly titled?: (console: ConsoleState) => Label
  readonly help: string
  /** the screens on which it works; default: all */
  readonly on?: readonly ScreenId[]
  /** it does something, or tells of what goes on: not while somebody looks back */
  readonly isOfNow?: true
  /** `true`, or what there is not for it now: a whole sentence */
  readonly can?: (console: ConsoleState) => true | Label
  /** named in the footer: before all else, where there is room, or always */
  readonly footer?: 'first' | 'room' | 'always'
  /** when the footer names it; default: wherever it works */
  readonly hinted?: (console: ConsoleState) => boolean
  /** what may be named behind it, in the palette */
  readonly argument?: Argument
  readonly run: (console: ConsoleState) => void
}
