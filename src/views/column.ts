import type { Label } from '../hosts/label.ts'
import type { Tone } from '../text/part.ts'

/** What a table has in one place: text, or text with what it is. */
export type Cell = Label | readonly [text: Label, role: Tone]

export interface Column<T> {
  readonly id: string
  readonly title: Label
  /** columns it needs; one that grows takes what is left, up to `most` */
  readonly width: number
  readonly grows?: number
  readonly align?: 'left' | 'right'
  /** when the window is too narrow, the columns with the highest number give way first; 0 always stays */
  readonly givesWay: number
  /** it shows what was seen before: a verb, which has just begun, has nothing to show */
  readonly onScreen?: true
  readonly cell: (row: T) => Cell
}
