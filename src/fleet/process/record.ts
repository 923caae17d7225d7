import type { ProcessFacts } from '../../services/process/facts.ts'

/** A process whose descriptors are watched, and what becomes of them if it goes on like this. */
export interface ProcessRecord extends ProcessFacts {
  /** of one CPU: with several threads it may be more than 100 */
  readonly cpuPercent?: number
  /** milliseconds until its soft limit is reached; none: they do not rise */
  readonly exhaustedIn?: number
}
