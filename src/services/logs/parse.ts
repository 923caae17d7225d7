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
