import stringWidth from 'string-width'
import type { Label } from '../hosts/label.ts'

const ascii = /^[ -~]*$/
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that a text takes on the screen; wide characters take two. */
export function width(text: Label): number {
  return ascii.test(text) ? text.length : stringWidth(text)
}

/** Cuts to a width; a `~` at the end says that something is missing. */
export function cut(text: Label, columns: number): Label {
  if (width(text) <= columns) return text
  if (columns <= 1) return '~'.slice(0, Math.max(0, columns)) as Label
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    const own = width(segment as Label)
    if (used + own > columns - 1) break
    kept += segment
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
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word
    if (width(longer as Label) <= columns) line = longer
    else {
      if (line) lines.push(line)
      const pieces = broken(word, columns)
      line = pieces.pop() ?? ''
      lines.push(...pieces)
    }
  }
  return [...lines, line] as Label[]
}

/** What has no blanks, in pieces of at most this width; each part of it is looked at once, however long it is. */
function broken(word: string, columns: number): string[] {
  if (width(word as Label) <= columns) return [word]
  const pieces: string[] = []
  let [piece, used] = ['', 0]
  for (const { segment } of graphemes.segment(word)) {
    const own = width(segment as Label)
    if (piece && used + own > columns) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += segment
    used += own
  }
  return [...pieces, piece]
}
