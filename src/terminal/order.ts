import { motion, type Position } from './motion.ts'
import { type Pen, restorePen, type Terminal } from './row-painter.ts'
import { graphic } from './style.ts'
import { wireLength } from './wire-length.ts'

/** A row that is to be painted: the pen at its first change, and after its last. */
export interface Stretch {
  readonly row: number
  readonly first: Pen
  readonly after: Pen
}

/** So many rows are tried in every order. */
export const mostOrdered = 5

/** The order in which the pen goes the shortest way through these rows (at most `mostOrdered`), from where it is to where it rests. */
export function shortestOrder(
  terminal: Terminal,
  pen: Pen,
  stretches: readonly Stretch[],
  rest: Position | undefined,
): number[] {
  const ways = [pen, ...stretches.map(({ after }) => after)].map((from) =>
    stretches.map(({ first }) => bytesBetween(terminal, from, first)),
  )
  const home = stretches.map(({ after }) => (rest ? wireLength(motion(after.place, rest, terminal)) : 0))
  let best: readonly number[] = []
  let least = Number.POSITIVE_INFINITY
  const go = (path: readonly number[], from: number, bytes: number) => {
    if (bytes >= least) return
    if (path.length === stretches.length) {
      const whole = bytes + (home[from - 1] ?? 0)
      if (whole < least) [best, least] = [path, whole]
      return
    }
    for (const next of stretches.keys())
      if (!path.includes(next)) go([...path, next], next + 1, bytes + (ways[from]?.[next] ?? 0))
  }
  go([], 0, 0)
  return best.map((i) => (stretches[i] as Stretch).row)
}

function bytesBetween(terminal: Terminal, from: Pen, to: Pen): number {
  const go = (pen: Pen) =>
    wireLength(motion(pen.place, to.place, terminal)) + terminal.restyle(pen.style, to.style).length
  const { saved } = terminal
  const straight = go(from)
  if (saved?.place.row !== to.place.row || from.style & graphic) return straight
  return Math.min(straight, restorePen.length + go(saved))
}
