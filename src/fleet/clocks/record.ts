import type { Trouble } from '../trouble.ts'

/** How far the clock of a host is from the console's, in milliseconds. */
export interface ClockReading {
  /** when it was last asked, in milliseconds since the epoch */
  readonly at: number
  /** ahead; negative: behind */
  readonly offset: number
  /** what that may be wrong by, to either side */
  readonly uncertainty: number
}

/** The clock of a host. */
export interface ClockRecord {
  readonly host: string
  /** none: never told */
  readonly reading?: ClockReading
  /** the last time that it was set while it was watched, and by how many milliseconds */
  readonly set?: { readonly at: number; readonly by: number }
  /** no answer since */
  readonly trouble?: Trouble
}
