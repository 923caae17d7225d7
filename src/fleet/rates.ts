import { known } from '../hosts/numbers.ts'
import type { Counters } from '../services/libvirt/domstats.ts'

/** Bytes a second, both ways. */
export interface Rate {
  readonly in: number
  readonly out: number
}

/** Milliseconds: two readings that are less apart are too near for a rate, as when an event was the reason to look; the last rate stands. */
export const usualSpan = 400

/** What a machine does, by what its counters say of two looks. */
export interface Rates {
  /** of its own vCPUs, 0 to 100 (the emulator's own work may lift it above) */
  readonly cpuPercent?: number
  /** written and read by the guest */
  readonly disk?: Rate
  /** received and sent by the guest */
  readonly net?: Rate
}

/** Of so many vCPUs; none: it is not known. */
export function cpuPercent(
  before: Counters,
  now: Counters,
  seconds: number,
  vcpus: number | undefined,
): number | undefined {
  const cpu = perSecond(before.cpuNs, now.cpuNs, seconds)
  return cpu === undefined || !vcpus ? undefined : tenths(cpu / 1e7 / vcpus)
}

export function diskRate(before: Counters, now: Counters, seconds: number): Rate | undefined {
  return rate(
    perSecond(before.diskReadBytes, now.diskReadBytes, seconds),
    perSecond(before.diskWriteBytes, now.diskWriteBytes, seconds),
  )
}

export function netRate(before: Counters, now: Counters, seconds: number): Rate | undefined {
  return rate(
    perSecond(before.netReceivedBytes, now.netReceivedBytes, seconds),
    perSecond(before.netSentBytes, now.netSentBytes, seconds),
  )
}

export function sameRate(a: Rate | undefined, b: Rate | undefined): boolean {
  return a?.in === b?.in && a?.out === b?.out
}

/**
 * A counter that went back belongs to a new process (started again, migrated): then nothing is known until the next reading, and no
 * negative or giant number is shown.
 */
function perSecond(
  from: number | undefined = Number.NaN,
  to: number | undefined = Number.NaN,
  seconds: number,
): number | undefined {
  return seconds > 0 ? known((to - from) / seconds) : undefined
}

/** One for all that do nothing. */
const still: Rate = { in: 0, out: 0 }

function rate(into: number | undefined, out: number | undefined): Rate | undefined {
  if (into === undefined || out === undefined) return undefined
  return into || out ? { in: Math.round(into), out: Math.round(out) } : still
}

/** Kept to what is shown, so that noise does not make a new record. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
