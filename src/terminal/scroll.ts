import { blankRow, endOf, type Grid, type Row, sameCell, sameRow } from './grid.ts'

/** Rows from `top` to `bottom` (both included) that move up by `by` rows, or down where it is negative. */
export interface Scroll {
  readonly top: number
  readonly bottom: number
  readonly by: number
}

/** What a row costs, about: its changed cells, and some bytes for each run of them. */
function costOfRow(shown: Row, wanted: Row): number {
  if (shown === wanted) return 0
  let cost = 0
  let since = 99
  const end = endOf(wanted)
  let erased = false
  for (let column = 0; column < wanted.text.length; column++) {
    if (sameCell(shown, wanted, column)) {
      since++
      continue
    }
    if (column >= end) erased = true
    else {
      cost += since > 4 ? 6 : since + 1
      since = 0
    }
  }
  return cost + (erased ? 4 : 0)
}

export function costOf(shown: Grid, wanted: Grid): number {
  return wanted.reduce((sum, row, i) => sum + costOfRow(shown[i] as Row, row), 0)
}

/** Lines that a scroll region costs: setting it, going there, and taking it back. */
const costOfScroll = 20

/** The scrolling after which the least is left to paint; `undefined` where none is worth it. */
export function findScroll(shown: Grid, wanted: Grid): Scroll | undefined {
  const costs = wanted.map((row, i) => costOfRow(shown[i] as Row, row))
  const alike = sameRows(shown, wanted)
  let best: Scroll | undefined
  let most = 0
  const furthest = Math.floor(wanted.length / 2)
  for (let by = -furthest; by <= furthest; by++) {
    if (by === 0) continue
    for (const scroll of runs(shown, wanted, by, costs, alike)) {
      const gain = gainOf(scroll, shown, wanted, costs) - costOfScroll - 2 * Math.abs(by)
      if (gain > most) [best, most] = [scroll, gain]
    }
  }
  return best
}

/** Whether a row that is shown is one that is wanted, by their numbers. Every pair is asked about, so most are told apart by one number each. */
function sameRows(shown: Grid, wanted: Grid): (shown: number, wanted: number) => boolean {
  const [a, b] = [shown.map(digest), wanted.map(digest)]
  return (i, j) => a[i] === b[j] && sameRow(shown[i] as Row, wanted[j] as Row)
}

function digest({ text, styles }: Row): number {
  let sum = 0
  for (let column = 0; column < text.length; column++)
    sum =
      (Math.imul(sum, 31) + ((text[column] as string).charCodeAt(0) || 0) + (styles[column] as number)) | 0
  return sum
}

/**
 * Runs of rows that stand `by` rows further down now. Two that are the same make a run; next to them also those that only resemble
 * the row from there, as one does from which the mark of the selection went.
 */
function* runs(
  shown: Grid,
  wanted: Grid,
  by: number,
  costs: readonly number[],
  alike: (shown: number, wanted: number) => boolean,
): Generator<Scroll> {
  const same = wanted.map((_, i) => alike(i + by, i))
  const resembles = (row: number) => {
    const from = shown[row + by]
    return from !== undefined && costOfRow(from, wanted[row] as Row) < (costs[row] ?? 0)
  }
  for (let row = 0; row < wanted.length; row++) {
    if (!same[row] || !same[row + 1]) continue
    let first = row
    while (first > 0 && resembles(first - 1)) first--
    let last = row + 1
    while (last + 1 < wanted.length && (same[last + 1] || resembles(last + 1))) last++
    // Rows that stand there already, as blank ones do, gain nothing.
    let gains = false
    for (let i = first; i <= last && !gains; i++) gains = (costs[i] ?? 0) > 0
    if (gains) yield by > 0 ? { top: first, bottom: last + by, by } : { top: first + by, bottom: last, by }
    row = last
  }
}

/** Estimated bytes that the scrolling saves in the rows that it touches. */
function gainOf(scroll: Scroll, shown: Grid, wanted: Grid, costs: readonly number[]): number {
  const moved = scrolled(shown, scroll)
  let gain = 0
  for (let row = scroll.top; row <= scroll.bottom; row++)
    gain += (costs[row] ?? 0) - costOfRow(moved[row] as Row, wanted[row] as Row)
  return gain
}

/** The screen after it. */
export function scrolled(grid: Grid, { top, bottom, by }: Scroll): Grid {
  const blank = blankRow(grid[0]?.text.length ?? 0)
  return grid.map((row, i) => {
    if (i < top || i > bottom) return row
    const from = i + by
    return from < top || from > bottom ? blank : (grid[from] as Row)
  })
}
