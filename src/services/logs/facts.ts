import type { HostError } from '../../hosts/host.ts'

/** What the clock of a host said once, held against the console's. */
export interface ClockSample {
  readonly host: string
  /** when it was heard, in milliseconds since the epoch */
  readonly at: number
  /** milliseconds by which the host is ahead of the console; negative: behind */
  readonly offset: number
  /** milliseconds by which that may be wrong, to either side */
  readonly uncertainty: number
}

export interface LogSink {
  clock(sample: ClockSample): void
  trouble(host: string, error: HostError): void
}
