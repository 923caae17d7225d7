import { spanUnits } from '../config/span-units.ts'
import { zoneOffset } from './zone-offset.ts'

/** Milliseconds of what a span can be told in; `m` is a minute, nobody looks back for months in a journal. */
const units: Readonly<Record<string, number>> = {
  ...spanUnits,
  min: spanUnits.m,
  w: 7 * spanUnits.d,
}

/** What a moment can be written as. */
export const momentForms =
  'how long ago (30m, 1h, 2d), a time (10:30) or a date (2026-11-28, 2026-11-28T10:00)'

/**
 * The moment that a word on the command line means, in milliseconds since the epoch; undefined: it means none.
 * `1h` is an hour before `now`; `10:30` the last time that clocks showed that; a date without a zone is local, and without a time
 * its midnight.
 */
export function momentFrom(text: string, now: number): number | undefined {
  return ago(text, now) ?? timeOfDay(text, now) ?? date(text)
}

function ago(text: string, now: number): number | undefined {
  const [, count, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(s|m|min|h|d|w)$/.exec(text) ?? []
  return count === undefined ? undefined : now - Number(count) * (units[unit] ?? 0)
}

const clock = '([01]?\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d))?'

function timeOfDay(text: string, now: number): number | undefined {
  const found = new RegExp(`^${clock}$`).exec(text)
  if (!found) return undefined
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0))
  const at = new Date(now)
  at.setHours(hours, minutes, seconds, 0)
  if (at.getTime() > now) at.setDate(at.getDate() - 1)
  return at.getTime()
}

const dated = new RegExp(
  `^(\\d{4})-(\\d\\d)-(\\d\\d)(?:[T ]${clock}(?:\\.(\\d{3}))?(Z|[+-]\\d\\d:?\\d\\d)?)?$`,
)

function date(text: string): number | undefined {
  const found = dated.exec(text)
  if (!found) return undefined
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, thousandths = 0] = found
    .slice(1, 8)
    .map((part) => Number(part ?? 0))
  const parts = [year, month - 1, day, hours, minutes, seconds, thousandths] as const
  const at = new Date(...parts)
  // The 30th of February would be the 2nd of March.
  if (at.getMonth() !== month - 1 || at.getDate() !== day) return undefined
  const zone = found[8]
  return zone === undefined ? at.getTime() : Date.UTC(...parts) - zoneOffset(zone)
}
