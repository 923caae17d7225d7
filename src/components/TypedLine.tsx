import type { ReactNode } from 'react'
import type { Line as Typed } from '../hooks/line-edit.ts'
import { type Label, label } from '../hosts/label.ts'
import { Line } from './Line.tsx'

interface Props {
  readonly prompt: Label
  readonly line: Typed
  readonly hint?: Label
  readonly width: number
}

/** A line that is being typed; the terminal's own cursor stands in it. */
export function TypedLine({ prompt, line, hint, width }: Props): ReactNode {
  const characters = [...line.text]
  const before = label(characters.slice(0, line.cursor).join(''))
  const under = label(characters[line.cursor] ?? ' ')
  const after = label(characters.slice(line.cursor + 1).join(''))
  return (
    <Line
      parts={[
        ' ' as Label,
        prompt,
        before,
        [under, 'typing'],
        after,
        ...(hint ? ['   ' as Label, hint] : []),
      ]}
      width={width}
    />
  )
}
