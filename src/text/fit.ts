import type { Label } from '../hosts/label.ts'
import { isSingle, measured } from '../terminal/width.ts'

/** Columns that a text takes on the screen; wide characters take two. */
export function width(text: Label): number {
  if (isSingle(text)) return text.length
  let columns = 0
  for (const [, own] of measured(text)) columns += own
  return columns
}

/** Cuts to a width; a `~` at the end says that something is missing. */
export function cut(text: Label, columns: number): Label {
  if (width(text) <= columns) return text
  if (columns <= 1) return '~'.slice(0, Math.max(0, columns)) as Label
  let kept = ''
  let used = 0
  for (const [grapheme, own] of measured(text)) {
    if (used + own > columns - 1) break
    kept += grapheme
    used += own
  }
  return `${kept}~` as Label
}

/** Cuts or fills to exactly this width. */
export function pad(text: Label, columns: number, align: 'left' | 'right' = 'left'): Label {
  const short = cut(text, columns)
  const blanks = ' '.repeat(Math.max(0, columns - width(short)))
  return (align === 'left' ? short + blanks : blanks + short) as Label
}

/** Breaks at blanks into lines of at most this width. */
export function wrap(text: Label, columns: number): Label[] {
  if (width(text) <= columns) return [text]
  const lines: string[] = []
  let [line, used] = ['', 0]
  for (const word of text.split(' ')) {
    const own = width(word as Label)
    if (line && used + 1 + own <= columns) {
      line += ` ${word}`
      used += 1 + own
      continue
    }
    if (line) lines.push(line)
    const pieces = own <= columns ? [word] : broken(word, columns)
    line = pieces.pop() ?? ''
    used = pieces.length ? width(line as Label) : own
    lines.push(...pieces)
  }
  return [...lines, line] as Label[]
}

/** What has no blanks, in pieces of at most this width; each part of it is looked at once, however long it is. */
function broken(word: string, columns: number): string[] {
  const pieces: string[] = []
  if (isSingle(word)) {
    for (let at = 0; at < word.length; at += columns) pieces.push(word.slice(at, at + columns))
    return pieces
  }
  let [piece, used] = ['', 0]
  for (const [grapheme, own] of measured(word)) {
    if (piece && used + own > columns) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += grapheme
    used += own
  }
  return [...pieces, piece]
}
