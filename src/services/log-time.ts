/** A time as a log has it: in the local time of its host, and often without a year. */
export interface LogTime {
  /** milliseconds since the epoch, as if the host's clock showed UTC; without a year in it, in 2000 */
  readonly local: number
  readonly hasYear: boolean
}

/** How far a clock stands east of UTC at a moment of UTC, both in milliseconds. */
export type Zone = (utc: number) => number

export interface Around {
  readonly zone: Zone
  /** a moment before which it was written, in milliseconds since the epoch: when the file was read, or the moment of the line behind it */
  readonly before: number
  /** the moment of the line before it, where that is known: in an hour that a clock shows twice it tells which of them it is */
  readonly after?: number
}

/** Milliseconds by which a line may seem to be of the future: the clock of a host may be ahead, and by whole hours. */
export const ahead = 86_400_000

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Of `Nov`, 0 to 11; -1: no month. */
export function monthOf(name: string): number {
  return months.indexOf(name)
}

/**
 * The moment of a line, in milliseconds since the epoch. Without a year it is the last one that is not after `before`; a line of the 29th of February
 * is of a leap year. undefined: there is no such day.
 */
export function momentOf({ local, hasYear }: LogTime, around: Around): number | undefined {
  if (hasYear) return ofZone(local, around)
  const { before } = around
  const time = new Date(local)
  const last = new Date(before + ahead).getUTCFullYear()
  // Between two leap years there are eight at the most.
  for (let year = last; year >= last - 8; year--) {
    const there = inYear(time, year)
    const moment = there === undefined ? undefined : ofZone(there, around)
    if (moment !== undefined && moment <= before + ahead) return moment
  }
  return undefined
}

function inYear(time: Date, year: number): number | undefined {
  const moved = new Date(time)
  moved.setUTCFullYear(year)
  return moved.getUTCMonth() === time.getUTCMonth() ? moved.getTime() : undefined
}

/** In the hour that is left out in spring, as if the clock had not been put forward yet. */
function ofZone(local: number, { zone, after }: Around): number {
  const offsets = [zone(local - ahead), zone(local + ahead)] as const
  const moments = offsets.map((offset) => local - offset).filter((utc, i) => zone(utc) === offsets[i])
  const [first = local - offsets[0], ...more] = moments.sort((a, b) => a - b)
  if (after === undefined || first >= after) return first
  return more.find((moment) => moment >= after) ?? first
}

/** A clock that is always as far from UTC. */
export function fixedZone(offset: number): Zone {
  return () => offset
}

const quarter = 900_000

/** A zone by its name in the database of zones: `Europe/Rome`. @throws {RangeError} there is none of this name */
export function namedZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  // Zones change at whole quarters; lines that follow each other are of one.
  let known: { readonly slot: number; readonly offset: number } | undefined
  return (utc) => {
    const slot = Math.floor(utc / quarter)
    if (known?.slot === slot) return known.offset
    const part = new Map(format.formatToParts(slot * quarter).map(({ type, value }) => [type, Number(value)]))
    const of = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? 0
    const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'))
    known = { slot, offset: shown - slot * quarter }
    return known.offset
  }
}
