import type { Label } from '../../hosts/label.ts'
import { Series } from '../history/series.ts'
import type { Ref } from '../ref.ts'
import { reaches } from './forecast.ts'
import { type SupplyKind, supplyFacts } from './kinds.ts'

/** Something of a host of which there is only so much. */
export interface Supply {
  readonly host: string
  /** what has it, where that is not the host itself */
  readonly about?: Ref
  readonly kind: SupplyKind
  /** which of its kind: the process, the mount point, the pool; none: the host has one */
  readonly which?: Label
  /** the same as long as it is the same thing: the pid of a process; default: `which` */
  readonly id?: string
  /** in the unit of its kind; none: it is only known when it ends */
  readonly used?: number
  readonly most?: number
  /** milliseconds until there is none left, if it goes on like this; none: it does not run out */
  readonly left?: number
  /** too little time is known to judge a value that goes up and down */
  readonly isBrief?: true
  /** what to do about this one; default: what is to be done about its kind */
  readonly advice?: Label
  /** milliseconds since the epoch when it was read */
  readonly at: number
}

/** A supply as it was read at one moment. */
export interface Amount {
  readonly about?: Ref
  readonly kind: SupplyKind
  readonly which?: Label
  readonly used: number
  readonly most: number
}

/** What is known of the supplies of all hosts, and how they went. Pure bookkeeping, as the store. */
export class Supplies {
  /** by host and source, and there by kind and name */
  readonly #series = new Map<string, ReadonlyMap<string, Series>>()
  readonly #records = new Map<string, readonly Supply[]>()
  #all: readonly Supply[] | undefined

  get records(): readonly Supply[] {
    this.#all ??= [...this.#records.values()].flat()
    return this.#all
  }

  /** All that this source tells of a host; what it does not name any more is gone. */
  note(host: string, source: 'host' | 'ldap' | 'df', at: number, amounts: readonly Amount[]): void {
    const key = `${source} ${host}`
    const before = this.#series.get(key)
    const now = new Map<string, Series>()
    const records = amounts.map((amount): Supply => {
      const name = `${amount.kind} ${amount.which ?? ''}`
      const series = before?.get(name) ?? new Series()
      now.set(name, series)
      series.add(at, amount.used)
      return { host, at, ...amount, ...judged(series, amount, at) }
    })
    this.#series.set(key, now)
    this.#records.set(key, records)
    this.#all = undefined
  }
}

/** How it goes on; of what goes up and down, how it was in the mean. */
function judged(
  series: Series,
  { kind, most }: Amount,
  at: number,
): Pick<Supply, 'used' | 'left' | 'isBrief'> {
  const { windows, mean } = supplyFacts(kind)
  if (mean !== undefined) {
    const known = series.meanSince(at - mean)
    return !known || at - known.from < mean / 2 ? { isBrief: true } : { used: known.mean }
  }
  const left = windows && reaches(series, most, at, { windows, leastRise: Math.max(4, most / 200) })
  return left === undefined ? {} : { left }
}
