import { Text } from 'ink'
import { memo, type ReactNode, useContext } from 'react'
import { useStamp } from '../hooks/use-stamp.ts'
import type { Label } from '../hosts/label.ts'
import { focusMark } from '../terminal/sheet.ts'
import { cut, pad, width as widthOf } from '../text/fit.ts'
import type { Part, Tone } from '../text/part.ts'
import { type Style, ThemeContext } from './theme.ts'

interface Props {
  readonly parts: readonly Part[]
  readonly width: number
  /** what the whole line is; it is then filled to its width, where that is seen */
  readonly kind?: Tone
}

const colours = { red: 31, green: 32, yellow: 33, cyan: 36 } as const

/** The control that begins a style, and nothing where it is none (SGR, ECMA-48 8.3.117). */
function beginOf({ bold, dim, inverse, underline, colour }: Style): string {
  const codes = [bold && 1, dim && 2, underline && 4, inverse && 7, colour && colours[colour]].filter(Boolean)
  return codes.length ? `\x1b[${codes.join(';')}m` : ''
}

function styled(text: string, style: Style): string {
  const begin = beginOf(style)
  return begin ? `${begin}${text}\x1b[0m` : text
}

/** Tells the canvas where the cursor belongs. The mark takes no room. */
function withFocus(text: Label, tone: Tone): string {
  if (tone === 'pointer' || tone === 'choice') return focusMark.selected + text + focusMark.end
  return tone === 'typing' ? focusMark.typing + text + focusMark.end : text
}

/** Cuts the parts at the width of the line. */
function cutParts(parts: readonly Part[], columns: number, fill: boolean): Part[] {
  const kept: Part[] = []
  let left = columns
  for (const part of parts) {
    const [text, tone] = typeof part === 'string' ? [part] : part
    if (left <= 0) break
    if (!text) continue
    const short = cut(text, left)
    left -= widthOf(short)
    kept.push(tone ? [short, tone] : short)
  }
  if (fill && left > 0) kept.push(pad('' as Label, left))
  return kept
}

/** One line of the screen. */
export const Line = memo(function Line({ parts, width, kind }: Props): ReactNode {
  const styles = useContext(ThemeContext)
  const stamp = useStamp()
  const whole = kind ? styles[kind] : {}
  // Only there a blank is seen.
  const fill = !whole.short && (whole.inverse === true || whole.underline === true)
  const text = cutParts(parts, width, fill).map((part) => {
    if (typeof part === 'string') return styled(part, whole)
    const [own, tone] = part
    return styled(withFocus(own, tone), { ...whole, ...styles[tone] })
  })
  return <Text wrap="truncate">{stamp.of(text.join(''))}</Text>
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
