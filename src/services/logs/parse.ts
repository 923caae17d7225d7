/** The time of a host, in milliseconds since the epoch. */
export interface HostTime {
  readonly at: number
  /** milliseconds: the time is not earlier than `at`, and earlier than `at` and these */
  readonly grain: number
}

/** `1700000000.123456789`. A `date` that knows no fractions (BusyBox) says `%N`, or nothing. */
export function parseTime(text: string): HostTime | undefined {
  const [, seconds, fraction] = /^(\d{1,12})\.(?:(\d{3,9})|%?N?)$/.exec(text.trim()) ?? []
  if (seconds === undefined) return undefined
  const at = Number(seconds) * 1000
  return fraction === undefined ? { at, grain: 1000 } : { at: at + Number(`0.${fraction}`) * 1000, grain: 0 }
}

/** A file as it stands. */
export interface LogFile {
  readonly path: string
  readonly inode: string
  /** bytes; of a packed file, packed */
  readonly size: number
  /** when it was written last, in seconds since the epoch by the clock of its host */
  readonly written: number
}

/** Lines `file INODE SIZE SECONDS PATH` of stat(1), and `denied PATH`. */
export function parseFiles(text: string): { files: LogFile[]; denied: string[] } {
  const files: LogFile[] = []
  const denied: string[] = []
  for (const line of text.split('\n')) {
    const [, inode = '', size, written, path = ''] =
      /^file (\d{1,20}) (\d{1,15}) (\d{1,12}) (\/.*)$/.exec(line) ?? []
    if (path) files.push({ path, inode, size: Number(size), written: Number(written) })
    const refused = /^denied (\/.*)$/.exec(line)?.[1]
    if (refused) denied.push(refused)
  }
  return { files, denied }
}

const lineFeed = 10

/** Bytes of one line that are read; of a longer one nothing is. */
export const longestLine = 8_192

interface Cut {
  readonly lines: string[]
  /** bytes that were used up */
  readonly used: number
  /** what was used up ends within a line */
  readonly isInLine: boolean
}

/**
 * The whole lines of a piece of a file.
 *
 * @param isInLine it begins within a line, of which nothing is read
 * @param isEnd nothing will be written behind it: the last line is whole without an end, too
 */
export function linesOf(piece: Buffer, isInLine: boolean, isEnd: boolean): Cut {
  const lines: string[] = []
  let begin = 0
  let skips = isInLine
  for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, begin)) {
    if (!skips && end - begin <= longestLine) lines.push(piece.toString('utf8', begin, end))
    skips = false
    begin = end + 1
  }
  const rest = piece.length - begin
  if (isEnd && rest) {
    if (!skips && rest <= longestLine) lines.push(piece.toString('utf8', begin))
    return { lines, used: piece.length, isInLine: false }
  }
  // It is not waited for the end of what is too long: there may be none for days.
  const isTooLong = skips || rest > longestLine
  return { lines, used: isTooLong ? piece.length : begin, isInLine: isTooLong && (rest > 0 || skips) }
}
