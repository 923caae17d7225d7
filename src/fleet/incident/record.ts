import type { Label } from '../../hosts/label.ts'
import type { Entry } from '../journal/journal.ts'
import type { Concern } from '../ref.ts'
import type { Duty } from './rules.ts'

/** When a step of an incident was: milliseconds since the epoch, and the entry that tells of it. */
export interface Phase {
  readonly at: number
  readonly entry: Entry
}

/** Events that belong together: what failed, what was done about it, and how long each step took. */
export interface Incident {
  /** the id of the entry that opened it, as text: the same on every console with this journal */
  readonly id: string
  readonly rule: Duty
  /** what failed first: `fe2`, `ha1` */
  readonly concern: Concern
  /** the first sign of it, or its cause where that is known */
  readonly fault: Phase
  /** whoever can act has noticed it */
  readonly detected?: Phase
  /** the first of what was done without a person */
  readonly acted?: Phase
  /** the last of it, before anything was restored */
  readonly settled?: Phase
  /** all that failed is back; none: it is open */
  readonly restored?: Phase
  /** all that failed is back, and nobody saw since when: it was so by then */
  readonly overBefore?: Phase
  /** what still fails, the oldest first; empty: it is over */
  readonly open: readonly Entry[]
  /** how often it failed, and was restored in between */
  readonly times: number
  /** its entries in the order of their times; of very many the first and the last */
  readonly entries: readonly Entry[]
  /** how many of them are left out */
  readonly omitted: number
  /** what else was hit: names, each once */
  readonly affected: readonly Label[]
  /** what people said of it, the oldest first */
  readonly notes: readonly Entry[]
}
