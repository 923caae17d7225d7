import { endOf, type Row, sameCell } from './grid.ts'
import { plain } from './style.ts'
import { isCertain } from './width.ts'

/** Blanks that are put in at a column, or (where `by` is negative) cells that are taken out there; the rest of the row moves. */
export interface Shift {
  readonly at: number
  readonly by: number
}

/** A shift costs about so many bytes, and what it spares has to be more. */
const costOfShift = 10

/** So many places are tried. */
const mostTried = 3

/** The shift by which the end of the row comes to its place, where that leaves fewer cells to paint; undefined: none does. */
export function shiftFor(shown: Row, wanted: Row): Shift | undefined {
  const width = wanted.text.length
  const by = endOf(wanted) - endOf(shown)
  if (!by) return undefined
  let at = 0
  for (let tries = 0; tries < mostTried; tries++) {
    while (at < width && sameCell(shown, wanted, at)) at++
    const now = changed(shown, wanted, { at, by: 0 }, width)
    if (now <= costOfShift) return undefined
    const most = now - costOfShift
    // Where the width of a character is not certain, nobody knows what moves.
    if (changed(shown, wanted, { at, by }, most) < most)
      return isSimple(shown) && isSimple(wanted) ? { at, by } : undefined
    while (at < width && !sameCell(shown, wanted, at)) at++
  }
  return undefined
}

/** How many cells from there on are to be painted after the shift, as far as these are fewer than `most`. */
function changed(shown: Row, wanted: Row, { at, by }: Shift, most: number): number {
  let count = 0
  const width = wanted.text.length
  for (let column = at; column < width && count < most; column++) {
    const old = column - by
    const isIn = old >= at && old < width
    const text = isIn ? shown.text[old] : ' '
    const style = isIn ? shown.styles[old] : plain
    if (text !== wanted.text[column] || style !== wanted.styles[column]) count++
  }
  return count
}

/** The row after the shift. */
export function shifted({ text, styles }: Row, { at, by }: Shift): Row {
  const width = text.length
  const move = <T>(cells: readonly T[], blank: T): T[] => {
    const [left, right] = [cells.slice(0, at), cells.slice(by < 0 ? at - by : at)]
    const blanks = new Array<T>(Math.abs(by)).fill(blank)
    return (by < 0 ? [...left, ...right, ...blanks] : [...left, ...blanks, ...right]).slice(0, width)
  }
  return { text: move(text, ' '), styles: move(styles, plain) }
}

function isSimple({ text }: Row): boolean {
  return text.every((one) => isCertain(one))
}
