import type { Entry } from '../../fleet/journal/journal.ts'

/** What of an entry tells its order: when, by how much that may be wrong in milliseconds, and who told it. What one source on one host tells is in its order. */
type Timed = Pick<Entry, 'id' | 'at' | 'uncertainty' | 'host' | 'source'>

/** Entries of which it is not certain whether they came before this one or after: by so much both times may be wrong. */
export function unsureAgainst<T extends Timed>(entry: Timed, entries: readonly T[]): T[] {
  return entries.filter((other) => {
    if (other.id === entry.id || tellerOf(other) === tellerOf(entry)) return false
    const both = (entry.uncertainty ?? 0) + (other.uncertainty ?? 0)
    return both > 0 && Math.abs(other.at - entry.at) <= both
  })
}

/** Those of which it is not certain which came first, by id: `unsureAgainst` of each finds another one of them. In a time that grows with their number, and not with its square. */
export function unsureOf(entries: readonly Timed[]): ReadonlySet<number> {
  const all = new Spans(entries)
  // Two times that nothing is known of are not compared.
  const known = new Spans(entries.filter(({ uncertainty = 0 }) => uncertainty > 0))
  const unsure = entries.filter((entry) => (entry.uncertainty ? all : known).touch(entry))
  return new Set(unsure.map(({ id }) => id))
}

const tellerOf = ({ host, source }: Timed) => `${source ?? ''} ${host}`
const beginOf = ({ at, uncertainty = 0 }: Timed) => at - uncertainty
const endOf = ({ at, uncertainty = 0 }: Timed) => at + uncertainty
const byEnd = (a: Timed, b: Timed) => endOf(b) - endOf(a)

/** From when to when entries may have been, to find whether another one may have been at the same time. */
class Spans {
  readonly #begins: readonly number[]
  /** of the first, the first two, …: which of them ends last, and which of another teller does */
  readonly #last: readonly (readonly Timed[])[]

  constructor(entries: readonly Timed[]) {
    const sorted = entries.toSorted((a, b) => beginOf(a) - beginOf(b))
    this.#begins = sorted.map(beginOf)
    let last: readonly Timed[] = []
    this.#last = sorted.map((one) => {
      last = withOne(last, one)
      return last
    })
  }

  /** Whether what another teller tells may have been at the same time. */
  touch(entry: Timed): boolean {
    const last = this.#last[this.#beginUpTo(endOf(entry)) - 1]
    return last?.some((one) => tellerOf(one) !== tellerOf(entry) && endOf(one) >= beginOf(entry)) ?? false
  }

  /** How many begin no later. */
  #beginUpTo(moment: number): number {
    let [low, high] = [0, this.#begins.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#begins[middle] ?? 0) <= moment) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The two that end last, of one teller each. */
function withOne(last: readonly Timed[], one: Timed): readonly Timed[] {
  const own = [one, ...last.filter((other) => tellerOf(other) === tellerOf(one))]
  const others = last.filter((other) => tellerOf(other) !== tellerOf(one))
  return [...own.sort(byEnd).slice(0, 1), ...others].sort(byEnd).slice(0, 2)
}
