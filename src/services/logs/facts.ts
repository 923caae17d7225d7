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

/** Up to where a log was read. */
export type LogPosition = FilePosition | JournalPosition

/** In a file. One that has another name by now, or is packed, is known by how it begins. */
export interface FilePosition {
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

/** In the journal of systemd: behind the line that `__CURSOR` of `journalctl -o json` names. */
export interface JournalPosition {
  readonly cursor: string
}

/** By this name what was read of the journal of systemd is kept, as by its path what was read of a file. */
export const journalName = 'journal'

/** `s=…;i=…;b=…;m=…;t=…;x=…`: sd_journal_get_cursor(3). */
export function isCursor(text: string): boolean {
  return /^(?:[a-z]=[0-9a-f]{1,32};?){1,10}$/.test(text)
}

/** Who writes a log, and where it may be. */
export interface LogPlaces {
  readonly source: string
  /** paths; those that are not there are left out. A `*` in the name of one stands for anything: a file for each machine. */
  readonly files: readonly string[]
  /** syslog writes them, and not who tells in them: a syslog that is gone leaves them as they were. Where journald runs it has each line first. */
  readonly bySyslog?: true
  /** what its lines are called in the journal of systemd, which is read where there is no file, and instead of files by syslog */
  readonly called: readonly string[]
  /** the journal is asked for these messages alone, word by word: others may be thousands a second. Default: for all. */
  readonly says?: readonly string[]
}

/** A piece of a log. */
export interface LogPiece {
  readonly host: string
  /** its path, or `journalName` */
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
