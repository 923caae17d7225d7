import type { ReactNode } from 'react'
import type { TypedText as Typed } from '../console/line-edit.ts'
import { type Label, label } from '../hosts/label.ts'
import { width as widthOf } from '../text/fit.ts'
import type { Part } from '../text/part.ts'
import { Line } from './Line.tsx'

interface Props {
  readonly prompt: Label
  readonly line: Typed
  readonly hint?: Label
  readonly width: number
}

/** A line that is being typed; the terminal's own cursor stands in it. Of a long one the part around the cursor is shown. */
export function TypedLine({ prompt, line, hint, width }: Props): ReactNode {
  return (
    <Line
      parts={[' ' as Label, ...typedParts(prompt, line, width - 1), ...(hint ? ['   ' as Label, hint] : [])]}
      width={width}
    />
  )
}

/** What is typed, in at most so many columns before the cursor and at it; `<` says that more stands to the left. */
export function typedParts(prompt: Label, { text, cursor }: Typed, columns: number): Part[] {
  const characters = [...text].map((character) => label(character))
  const room = columns - widthOf(prompt) - 2
  let first = cursor
  let used = 0
  while (first > 0 && used + widthOf(characters[first - 1] ?? ('' as Label)) <= room) {
    first--
    used += widthOf(characters[first] ?? ('' as Label))
  }
  const piece = (from: number, to?: number) => characters.slice(from, to).join('') as Label
  return [
    prompt,
    first > 0 ? ('<' as Label) : ('' as Label),
    piece(first, cursor),
    [characters[cursor] ?? (' ' as Label), 'typing'],
    piece(cursor + 1),
  ]
}
