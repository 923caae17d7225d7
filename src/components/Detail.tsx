import type { ReactNode } from 'react'
import { type Label, say } from '../hosts/label.ts'
import { wrap } from '../text/fit.ts'
import { Line } from './Line.tsx'

/** What a row has no room for, below its table: the lines in full, and an empty one where there is nothing to say. At most half of the height. */
export function detailOf(text: Label | undefined, width: number, height: number): readonly Label[] {
  return text ? wrap(text, width - 2).slice(0, Math.max(1, Math.floor(height / 2))) : [say``]
}

export function Detail({
  lines,
  width,
}: {
  readonly lines: readonly Label[]
  readonly width: number
}): ReactNode {
  return lines.map((line, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity but their place
    <Line key={i} parts={line ? [say`  ${line}`] : []} width={width} />
  ))
}
