import { csi, type Margins, motion, type Position } from './motion.ts'
import type { Terminal } from './row-painter.ts'
import type { Scroll } from './scroll.ts'
import { wireLength } from './wire-length.ts'

/** Bytes that scroll, and where they leave the cursor and the margins. */
interface Scrolling {
  readonly bytes: string
  readonly place: Position
  readonly margins: Margins | undefined
}

/** The fewest bytes that scroll so, from this place. The margins stay, since a list that has scrolled scrolls again. */
export function scrolling(terminal: Terminal, from: Position, scroll: Scroll): Scrolling {
  const { profile, margins } = terminal
  const ways: Scrolling[] = []
  if (margins?.top === scroll.top && margins.bottom === scroll.bottom)
    ways.push(...within(terminal, from, scroll))
  else ways.push(...within(...newMargins(terminal, scroll), scroll, set(scroll)))
  if (profile.insertsLines) {
    if (!margins || (margins.top <= scroll.top && scroll.bottom <= margins.bottom))
      ways.push(insertedLines(terminal, from, scroll))
    const whole = { ...terminal, margins: undefined }
    if (margins) {
      const way = insertedLines(whole, { row: 0, column: 0 }, scroll)
      ways.push({ ...way, bytes: `\x1b[r${way.bytes}` })
    }
  }
  const best = ways.reduce((a, b) => (wireLength(b.bytes) < wireLength(a.bytes) ? b : a))
  // Where the last column wraps at once, a row at the lower margin would scroll when it is written to its end.
  if (profile.wrap !== 'immediate' || !best.margins) return best
  return { bytes: `${best.bytes}\x1b[r`, place: { row: 0, column: 0 }, margins: undefined }
}

/** DECSTBM, which homes the cursor. */
function set({ top, bottom }: Margins): string {
  return `\x1b[${top === 0 ? '' : top + 1};${bottom + 1}r`
}

function newMargins(terminal: Terminal, { top, bottom }: Scroll): [Terminal, Position] {
  return [
    { ...terminal, margins: { top, bottom } },
    { row: 0, column: 0 },
  ]
}

/** Index or reverse index at the end of the margins (VT100), or lines that are put in or taken out at the upper one. */
function within(terminal: Terminal, from: Position, { top, bottom, by }: Scroll, before = ''): Scrolling[] {
  const { profile, columns, margins } = terminal
  const count = Math.abs(by)
  const at = (row: number, column: number, bytes: string) => {
    const place = { row, column }
    return { bytes: before + motion(from, place, terminal) + bytes, place, margins }
  }
  const row = by > 0 ? bottom : top
  const index = (by > 0 ? '\x1bD' : '\x1bM').repeat(count)
  const ways = [at(row, 0, index)]
  if (from.column > 0 && from.column < columns) ways.push(at(row, from.column, index))
  if (profile.insertsLines) ways.push(at(top, 0, csi(count, by > 0 ? 'M' : 'L')))
  return ways
}

/** Lines are taken out at one end of the block and put in at the other. */
function insertedLines(terminal: Terminal, from: Position, { top, bottom, by }: Scroll): Scrolling {
  const { rows, margins } = terminal
  const count = Math.abs(by)
  const to = (place: Position, row: number) => motion(place, { row, column: 0 }, terminal)
  const out = by > 0 ? top : bottom - count + 1
  const into = by > 0 ? bottom - count + 1 : top
  // Where the block reaches to the end of what scrolls, one of the two happens by itself.
  if (bottom === (margins?.bottom ?? rows - 1)) {
    const row = by > 0 ? out : into
    return {
      bytes: to(from, row) + csi(count, by > 0 ? 'M' : 'L'),
      place: { row, column: 0 },
      margins,
    }
  }
  const first = to(from, out) + csi(count, 'M')
  const bytes = first + to({ row: out, column: 0 }, into) + csi(count, 'L')
  return { bytes, place: { row: into, column: 0 }, margins }
}
