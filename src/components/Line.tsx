import { Text } from 'ink'
import { memo, type ReactNode, useContext } from 'react'
import type { Label } from '../hosts/label.ts'
import { focusMark } from '../terminal/sheet.ts'
import { cut, pad, width as widthOf } from './text.ts'
import { type Role, type Style, ThemeContext } from './theme.ts'

/** A piece of a line: text, or text with what it is. Only labels reach the screen. */
export type Part = Label | readonly [text: Label, role: Role]

interface Props {
  readonly parts: readonly Part[]
  readonly width: number
  /** what the whole line is; it is then filled to its width */
  readonly kind?: Role
}

function inkStyle({ bold, dim, inverse, underline, colour }: Style) {
  return {
    ...(bold ? { bold } : {}),
    ...(dim ? { dimColor: true } : {}),
    ...(inverse ? { inverse } : {}),
    ...(underline ? { underline } : {}),
    ...(colour ? { color: colour } : {}),
  }
}

/** Tells the canvas where the cursor belongs. The mark takes no room. */
function withFocus(text: Label, role: Role): string {
  if (role === 'pointer') return focusMark.selected + text + focusMark.end
  return role === 'typing' ? focusMark.typing + text + focusMark.end : text
}

/** Cuts the parts at the width of the line. */
function cutParts(parts: readonly Part[], columns: number, fill: boolean): Part[] {
  const kept: Part[] = []
  let left = columns
  for (const part of parts) {
    const [text, role] = typeof part === 'string' ? [part] : part
    if (left <= 0) break
    if (!text) continue
    const short = cut(text, left)
    left -= widthOf(short)
    kept.push(role ? [short, role] : short)
  }
  if (fill && left > 0) kept.push(pad('' as Label, left))
  return kept
}

/** One line of the screen: one text node with styled pieces, which is what Ink draws cheapest. */
export const Line = memo(function Line({ parts, width, kind }: Props): ReactNode {
  const styles = useContext(ThemeContext)
  const kept = cutParts(parts, width, kind !== undefined)
  let column = 0
  const pieces = kept.map((part) => {
    const [text, own] = typeof part === 'string' ? [part] : part
    const key = column
    column += widthOf(text)
    return own ? (
      <Text key={key} {...inkStyle(styles[own])}>
        {withFocus(text, own)}
      </Text>
    ) : (
      text
    )
  })
  return (
    <Text wrap="truncate" {...(kind ? inkStyle(styles[kind]) : {})}>
      {pieces.length ? pieces : ' '}
    </Text>
  )
}, sameLine)

function sameLine(a: Props, b: Props): boolean {
  return (
    a.width === b.width &&
    a.kind === b.kind &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, i) => samePart(part, b.parts[i]))
  )
}

function samePart(a: Part, b: Part | undefined): boolean {
  if (typeof a === 'string' || typeof b === 'string' || b === undefined) return a === b
  return a[0] === b[0] && a[1] === b[1]
}
