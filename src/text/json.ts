import { wallTime } from '../hosts/clock.ts'

/** A time of this process's clock as the clock on the wall has it, in ISO 8601; `null`: it is not known. */
export function timeJson(at: number | undefined): string | null {
  return at === undefined ? null : new Date(wallTime(at)).toISOString()
}

/** JSON has no undefined: `null` is what is not known. */
export function orNull<T>(value: T | undefined): T | null {
  return value ?? null
}

/** Milliseconds, as the seconds that JSON has; with so many decimals, where they are more than is known. */
export function secondsOrNull(milliseconds: number | undefined, decimals?: number): number | null {
  if (milliseconds === undefined) return null
  const seconds = milliseconds / 1000
  return decimals === undefined ? seconds : Number(seconds.toFixed(decimals))
}

/** With one decimal. */
export function tenths(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10
}
