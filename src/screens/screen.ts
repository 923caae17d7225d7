import type { Console } from '../console/console.ts'

/** What every screen is given: the console and the room it has, in columns and lines. */
export interface ScreenProps {
  readonly console: Console
  readonly width: number
  readonly height: number
}
