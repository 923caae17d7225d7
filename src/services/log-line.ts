import type { Label } from '../hosts/label.ts'
import { zoneOffset } from '../text/zone-offset.ts'
import { ahead, type LogTime, momentOf, monthOf, type Zone } from './log-time.ts'

/** What a line of a log tells of, as the log names it. */
export type LogObject =
  | { readonly kind: 'node' | 'resource' | 'machine'; readonly name: string }
  /** the node whose log it is */
  | { readonly kind: 'self' }
  | { readonly kind: 'frontend'; readonly address: string }

/** A line of a log that was understood. */
export interface LogEvent {
  /** by the clock of its host, in milliseconds since the epoch */
  readonly at: number
  /** it may be so much earlier or later */
  readonly uncertainty: number
  /** what happened, in a word of `EventType` */
  readonly type: string
  readonly severity: 'bad' | 'warning' | 'info'
  /** none: the host itself */
  readonly object?: LogObject
  readonly text: Label
}

/** A time as a line begins with it. */
export interface Stamp extends LogTime {
  /** it says its zone: milliseconds east of UTC */
  readonly offset?: number
  /** the time is not earlier, and less than so many milliseconds later */
  readonly grain: number
  /** characters of the line that it takes */
  readonly length: number
}

const clock = String.raw`(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?`
/** `Nov 22 06:48:42.516` */
const withoutYear = new RegExp(String.raw`^(\w{3}) {1,2}(\d{1,2}) ${clock}`)
/** `2026/11/22_06:53:25`, `2026-11-22 06:53:25.123+0000`, `2026-11-22T06:53:25.123456+01:00` */
const withYear = new RegExp(String.raw`^(\d{4})[/-](\d\d)[/-](\d\d)[ T_]${clock}(Z|[+-]\d\d:?\d\d)?`)

/** `Tue Dec  1 00:22:16 2026`, of ctime(3) */
const yearLast = new RegExp(String.raw`^\w{3} (\w{3}) {1,2}(\d{1,2}) ${clock} (\d{4})`)

/** The time at which a line begins; `undefined`: it begins with none. */
export function stampOf(line: string): Stamp | undefined {
  const short = withoutYear.exec(line)
  const [, month = '', day = '', ...time] = short ?? []
  if (short)
    return stamp([2000, monthOf(month), Number(day)], time, { hasYear: false, length: short[0].length })
  const last = yearLast.exec(line)
  const [, monthLast = '', dayLast, ...timeLast] = last ?? []
  if (last)
    return stamp([Number(timeLast[4]), monthOf(monthLast), Number(dayLast)], timeLast.slice(0, 4), {
      hasYear: true,
      length: last[0].length,
    })
  const long = withYear.exec(line)
  const [, year, number, date, ...rest] = long ?? []
  if (!long) return undefined
  return stamp([Number(year), Number(number) - 1, Number(date)], rest, {
    hasYear: true,
    length: long[0].length,
  })
}

function stamp(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second, fraction = '', zone]: readonly (string | undefined)[],
  rest: Pick<Stamp, 'hasYear' | 'length'>,
): Stamp | undefined {
  const midnight = Date.UTC(year, month, day)
  const isDay =
    month >= 0 && new Date(midnight).getUTCDate() === day && new Date(midnight).getUTCMonth() === month
  const [hours, minutes, seconds] = [hour, minute, second].map(Number) as [number, number, number]
  if (!isDay || hours > 23 || minutes > 59 || seconds > 60) return undefined
  return {
    ...rest,
    local: midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number(`0.${fraction || 0}`) * 1000,
    grain: 1000 / 10 ** Math.min(3, fraction.length),
    ...(zone === undefined ? {} : { offset: zoneOffset(zone) }),
  }
}

/** Milliseconds by which a line may be earlier than the one before: several processes write to one log. */
const disorder = 60_000

/** Tells the times of the lines of one file, in their order, which tells what they leave out. */
export class LogTimes {
  readonly #zone: Zone
  readonly #before: number
  #last: number | undefined

  /** @param before no line is later: when the file was read, or written last, by the clock of its host; milliseconds since the epoch */
  constructor(zone: Zone, before: number) {
    this.#zone = zone
    this.#before = before
  }

  /** A moment by the clock of the host; undefined: there is no such day. */
  of(stamp: Stamp): { readonly at: number; readonly uncertainty: number } | undefined {
    const { offset, grain } = stamp
    const last = this.#last
    const around = { zone: offset === undefined ? this.#zone : () => offset, before: this.#before }
    const at = momentOf(stamp, { ...around, ...(last === undefined ? {} : { after: last - disorder }) })
    if (at === undefined) return undefined
    // Nothing is written before it happened: its clock stood wrong, or somebody wants it to stand above all that comes.
    if (at > this.#before + ahead) return { at: this.#before, uncertainty: ahead }
    this.#last = at
    return { at: at + grain / 2, uncertainty: grain / 2 }
  }
}
