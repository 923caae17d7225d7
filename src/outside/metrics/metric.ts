import type { StandingAlert } from '../../fleet/alerts/book.ts'
import { conditionOf, type Snapshot } from '../../fleet/snapshot.ts'

/** What is known at one moment. */
export interface Known {
  readonly snapshot: Snapshot
  readonly alerts: readonly StandingAlert[]
  /** by the clock of this process, milliseconds */
  readonly now: number
}

/** One value, with what it is the value of. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A metric. All are gauges: what is counted is counted by the hosts, and a rate of it is known here. */
export interface Metric {
  /** it ends with its unit, where it has one */
  readonly name: string
  readonly help: string
  /** What is not known, or was read too long ago to be true, is left out: nothing is repeated. */
  readonly samples: (known: Known) => readonly Sample[]
}

/** The units that the names end with: OpenMetrics 1.0, "Units and Base Units". */
const units = ['seconds', 'bytes', 'ratio'] as const

export function unitOf(name: string): string | undefined {
  return units.find((unit) => name.endsWith(`_${unit}`))
}

/** A sample, where the value is known. */
export function sample(labels: Sample['labels'], value: number | undefined): Sample[] {
  return value === undefined || Number.isNaN(value) ? [] : [{ labels, value }]
}

/** The hosts of which what is known is true now. */
export function speaking({ snapshot, now }: Known): ReadonlySet<string> {
  const up = snapshot.hosts.filter((host) => conditionOf(snapshot, host, now) === 'up')
  return new Set(up.map(({ name }) => name))
}
