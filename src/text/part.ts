import { joined, type Label } from '../hosts/label.ts'

/**
 * What a piece of text is, never how it looks: the theme knows that for each terminal. `pointer` is the mark of what is
 * selected, `choice` a key that stands for what is chosen, and `typing` the place of the next character that is typed: the terminal's cursor goes there. `past` says that what is shown is not now.
 */
export type Tone =
  | 'plain'
  | 'heading'
  | 'selected'
  | 'trouble'
  | 'warning'
  | 'good'
  | 'stale'
  | 'key'
  | 'bar'
  | 'pointer'
  | 'choice'
  | 'typing'
  | 'past'

/** A piece of a line: text, or text with what it is. Only labels reach the screen. */
export type Part = Label | readonly [text: Label, tone: Tone]

/** What stands where nothing is known, or nothing is. */
export const dash = '-' as Label

/** A part as plain text. */
export function textOf(part: Part): Label {
  return typeof part === 'string' ? part : part[0]
}

/** What is there of these, with commas between. */
export function some(parts: readonly (Label | undefined | false)[]): Label {
  return joined(
    parts.filter((part): part is Label => !!part),
    ', ',
  )
}
