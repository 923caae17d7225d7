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

/** The same, and seconds where they count: `0.4 s`, `3 min 20 s`, `2 h 05 min`. */
export function exactly(milliseconds: number): Label {
  // From there on it would be 60.0 s.
  if (milliseconds < 59_950) return say`${tenths(milliseconds)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds >= 3_600) return duration(seconds * 1000)
  return say`${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** What a span is shorter than, in one unit: `< 14 min`, `< 3 h`, `< 12 d`. */
export function below(milliseconds: number): Label {
  const minutes = Math.floor(Math.max(0, milliseconds) / 60_000) + 1
  if (minutes <= 60) return say`< ${minutes} min`
  const hours = Math.ceil(minutes / 60)
  return hours <= 48 ? say`< ${hours} h` : say`< ${Math.ceil(hours / 24)} d`
}

/** What something may be wrong by, to either side, not less than it is: `±0.1 s`. */
export function plusMinus(milliseconds: number): Label {
  return say`±${exactly(Math.max(1, Math.ceil(milliseconds / 100)) * 100)}`
}
