import { type Grid, type Row, sameCell } from './grid.ts'
import type { Ground } from './motion.ts'

/** Forgets all tab stops (TBC). */
export const clearStops = '\x1b[3g'

/** Sets a tab stop where the cursor is (HTS). */
export const setStop = '\x1bH'

/** A jump over cells that stay as they are, and how many rows have it. */
interface Gap {
  readonly from: number
  readonly to: number
  readonly rows: number
}

/** A gap of fewer columns is written over. */
const leastGap = 2

/** With fewer gaps than this no stop pays. */
const leastGaps = 12

/** So many columns are tried as stops, those in front of which most gaps end first. */
const mostTried = 24

/**
 * The tab stops with which this repaint takes fewest bytes, from the left; undefined where those that there are (or none) do as
 * well. A table has its gaps at the same columns in every row, so that with a stop behind each a gap is one byte.
 */
export function stopsFor(ground: Ground, shown: Grid, wanted: Grid): readonly number[] | undefined {
  const gaps = gapsOf(shown, wanted)
  if (gaps.reduce((sum, { rows }) => sum + rows, 0) < leastGaps) return undefined
  const tried = columnsOf(gaps)
  let stops: readonly number[] = []
  let costs = gaps.map((gap) => costOfGap(gap, stops))
  for (;;) {
    let best: readonly number[] | undefined
    let most = setStop.length
    for (const column of tried) {
      if (stops.includes(column)) continue
      const more = [...stops, column].sort((a, b) => a - b)
      let spared = 0
      for (const [i, gap] of gaps.entries())
        if (gap.from < column && column <= gap.to) spared += (costs[i] ?? 0) - costOfGap(gap, more)
      if (spared > most) [best, most] = [more, spared]
    }
    if (!best) break
    stops = best
    costs = gaps.map((gap) => costOfGap(gap, best))
  }
  const least = costs.reduce((a, b) => a + b, clearStops.length + setStop.length * stops.length)
  const before = ground.stops ?? []
  const isWorthIt = least < gaps.reduce((sum, gap) => sum + costOfGap(gap, before), 0)
  return isWorthIt && stops.length ? stops : undefined
}

function gapsOf(shown: Grid, wanted: Grid): Gap[] {
  const counts = new Map<number, number>()
  for (const [i, row] of wanted.entries())
    for (const key of gapsOfRow(shown[i] as Row, row)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts].map(([key, rows]) => ({ from: Math.floor(key / 4096), to: key % 4096, rows }))
}

function gapsOfRow(shown: Row, wanted: Row): number[] {
  const found: number[] = []
  if (shown === wanted) return found
  let end = 0
  for (let column = 0; column < wanted.text.length; column++) {
    if (sameCell(shown, wanted, column)) continue
    if (column - end >= leastGap) found.push(end * 4096 + column)
    end = column + 1
  }
  return found
}

function columnsOf(gaps: readonly Gap[]): number[] {
  const counts = new Map<number, number>()
  for (const { to, rows } of gaps) counts.set(to, (counts.get(to) ?? 0) + rows)
  return [...counts]
    .filter(([, rows]) => rows > 2)
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostTried)
    .map(([column]) => column)
}

/** About the bytes from the one end to the other: by tabs and written over from there, or by CUF. */
function costOfGap({ from, to, rows }: Gap, stops: readonly number[]): number {
  let tabs = 0
  let last = from
  for (const stop of stops)
    if (stop > from && stop <= to) {
      tabs++
      last = stop
    }
  return rows * Math.min(tabs + to - last, to - from < 10 ? 4 : 5)
}

/** Puts a stop at every eighth column again, as terminals have them; the cursor is in the first column before, and anywhere after. */
export function usualStops(columns: number): string {
  return clearStops + `\x1b[8C${setStop}`.repeat(Math.floor((columns - 1) / 8))
}
