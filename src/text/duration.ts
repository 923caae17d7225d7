import { type Label, label, say } from '../hosts/label.ts'

/** Seconds to the tenth, of milliseconds: `2.8`, for spans that are told exactly. */
export function tenths(milliseconds: number): Label {
  return label((Math.max(0, milliseconds) / 1000).toFixed(1))
}

/** A span of time in its two largest units at most: `14 s`, `3 min`, `2 h 05 min`, `12 d 4 h`. */
export function duration(milliseconds: number): Label {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return say`${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return say`${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return say`${hours} h ${label(String(minutes % 60).padStart(2, '0'))} min`
  return say`${Math.floor(hours / 24)} d ${hours % 24} h`
}
