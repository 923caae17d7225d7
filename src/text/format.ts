import { type Label, label, say } from '../hosts/label.ts'
import { known } from '../hosts/numbers.ts'
import { dash } from './part.ts'

/** KiB as a short number of GiB or MiB for a column: `1.5G`, `512M`. */
export function memory(kib: number | undefined): Label {
  if (kib === undefined || known(kib) === undefined) return dash
  if (kib < 2 ** 20) return say`${Math.round(kib / 1024)}M`
  const gib = kib / 2 ** 20
  return label(`${gib < 100 ? gib.toFixed(1) : gib.toFixed(0)}G`)
}

export function percent(value: number | undefined): Label {
  return value === undefined || known(value) === undefined
    ? dash
    : label(`${value < 9.95 ? value.toFixed(1) : Math.round(value)}%`)
}

/** Bytes a second, short: `0`, `12K`, `3.4M`. */
export function bytes(perSecond: number | undefined): Label {
  if (perSecond === undefined || known(perSecond) === undefined) return dash
  let value = perSecond
  for (const unit of ['', 'K', 'M', 'G']) {
    if (value < 999.5)
      return label(unit && value < 9.95 ? `${value.toFixed(1)}${unit}` : `${Math.round(value)}${unit}`)
    value /= 1024
  }
  return label(`${Math.round(value)}T`)
}

/** The time of day, local: `14:03:07`. */
export function clock(at: number): Label {
  const date = new Date(at)
  return label(
    [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':'),
  )
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `22 Nov 14:03:07` */
export function dateTime(at: number): Label {
  const date = new Date(at)
  return say`${label(String(date.getDate()).padStart(2))} ${label(months[date.getMonth()] ?? '')} ${clock(at)}`
}

/** As short as `clock`: the time of today, `29 Nov` of other days. */
export function timeOrDay(at: number, now: number): Label {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString()
  return isToday ? clock(at) : label(dateTime(at).slice(0, 6).padEnd(8))
}

/** A bar of characters that every terminal has: `[####......]`. */
export function gauge(percentage: number, columns: number): Label {
  const filled = Math.min(columns, Math.max(0, Math.round((percentage / 100) * columns)))
  return label(`[${'#'.repeat(filled)}${'.'.repeat(columns - filled)}]`)
}

/** A span in one unit, for a narrow column: `14s`, `3m`, `5h`, `12d`. */
export function span(milliseconds: number | undefined): Label {
  if (milliseconds === undefined || !Number.isFinite(milliseconds)) return dash
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 100) return say`${seconds}s`
  if (seconds < 6000) return say`${Math.floor(seconds / 60)}m`
  if (seconds < 360_000) return say`${Math.floor(seconds / 3600)}h`
  return say`${Math.floor(seconds / 86_400)}d`
}
