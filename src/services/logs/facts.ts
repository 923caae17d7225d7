import type { HostError } from '../../hosts/host.ts'
import type { Zone } from '../log-time.ts'

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

/** Up to where a log was read. A file that has another name by now, or is packed, is known by how it begins. */
export interface LogPosition {
  readonly inode: string
  /** its first bytes as a hash, and how many they are */
  readonly head: string
  readonly headLength: number
  /** bytes from its beginning */
  readonly offset: number
  /** that is within a line, whose beginning was too long or too old to be read */
  readonly isInLine: boolean
  /** when the file had been written last by then, in seconds since the epoch by the clock of its host */
  readonly written: number
}

/** A piece of a log. */
export interface LogPiece {
  readonly host: string
  /** the log, as its source is called */
  readonly file: string
  /** whole lines, without their ends; what is no UTF-8 is replaced */
  readonly lines: readonly string[]
  /** from where it was read; none: nothing was read before */
  readonly from: LogPosition | undefined
  readonly to: LogPosition
  /** the zone of the host */
  readonly zone: Zone
  /** milliseconds since the epoch, by the clock of the host: no line is later */
  readonly latest: number
  /** what was written before may lack something: why */
  readonly gap?: 'rotated' | 'truncated'
}

export interface LogSink {
  clock(sample: ClockSample): void
  /** up to where anybody has read it */
  position(host: string, file: string): LogPosition | undefined
  /** Takes the lines in, and notes the position with them. `false`: not now, or somebody else has just done so. */
  take(piece: LogPiece): boolean
  /** these may not be read by the account there */
  denied(host: string, files: readonly string[]): void
  trouble(host: string, error: HostError): void
}
