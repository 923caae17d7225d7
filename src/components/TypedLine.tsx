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

/** A line that is being typed; the cursor is shown in inverse, which every terminal has. */
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
        [under, 'selected'],
        after,
        ...(hint ? ['   ' as Label, hint] : []),
      ]}
      width={width}
    />
  )
}
