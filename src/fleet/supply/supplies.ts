import type { Label } from '../../hosts/label.ts'
import { Series } from '../history/series.ts'
import type { Ref } from '../ref.ts'
import { reaches } from './forecast.ts'
import { type SupplyKind, supplyFacts } from './kinds.ts'

/** A limited resource of a host. */
export interface Supply {
  readonly host: string
  /** what has it, where that is not the host itself */
  readonly about?: Ref
  readonly kind: SupplyKind
  /** which of its kind: the process, the mount point, the pool; none: the host has one */
  readonly which?: Label
  /** the same as long as it is the same thing: the pid of a process; default: `which` */
  readonly id?: string
  /** in the unit of its kind; none: only its end is known */
  readonly used?: number
  readonly most?: number
  /** milliseconds until it runs out at the present rate; none: it does not */
  readonly left?: number
  /** known for too short a time to judge a value that goes up and down */
  readonly isBrief?: true
  /** what to do about it; default: the advice of its kind */
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

/** The supplies of all hosts with their course. Pure bookkeeping, as the store. */
export class Supplies {
  /** by host and source, and there by kind and name */
  readonly #series = new Map<string, ReadonlyMap<string, Series>>()
  readonly #records = new Map<string, readonly Supply[]>()
  #all: readonly Supply[] | undefined

  get records(): readonly Supply[] {
    this.#all ??= [...this.#records.values()].flat()
    return this.#all
  }

  /** Replaces what this source tells of a host; what it no longer names is gone. */
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

/** The forecast, or the mean of a value that goes up and down. */
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
