import { known } from '../hosts/numbers.ts'
import type { Counters } from '../services/libvirt/parse.ts'

/** Bytes a second, both ways. */
export interface Rate {
  readonly in: number
  readonly out: number
}

/** Milliseconds: two readings that are less apart are too near for a rate, as when an event was the reason to look; the last rate stands. */
export const usualSpan = 400

/** Counters with the moment of their reading, in milliseconds. */
export type Sample = Counters & { readonly at: number }

export interface Rates {
  readonly cpuPercent?: number
  readonly disk?: Rate
  readonly net?: Rate
}

/**
 * What happened between two readings. A counter that went back belongs to a new process (started again, migrated):
 * then nothing is known until the next reading, and no negative or giant number is shown.
 */
export function ratesBetween(before: Sample | undefined, now: Sample, vcpus: number | undefined): Rates {
  const seconds = before ? (now.at - before.at) / 1000 : 0
  if (!before || seconds <= 0) return {}
  const perSecond = (key: keyof Counters): number | undefined => {
    const from = before[key]
    const to = now[key]
    return from === undefined || to === undefined ? undefined : known((to - from) / seconds)
  }
  const cpu = perSecond('cpuNs')
  const disk = rate(perSecond('diskReadBytes'), perSecond('diskWriteBytes'))
  const net = rate(perSecond('netReceivedBytes'), perSecond('netSentBytes'))
  return {
    ...(cpu === undefined || !vcpus ? {} : { cpuPercent: tenths(cpu / 1e7 / vcpus) }),
    ...(disk ? { disk } : {}),
    ...(net ? { net } : {}),
  }
}

function rate(into: number | undefined, out: number | undefined): Rate | undefined {
  return into === undefined || out === undefined ? undefined : { in: Math.round(into), out: Math.round(out) }
}

/** Kept to what is shown, so that noise does not make a new record. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
