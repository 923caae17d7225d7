import type { Host } from '../../hosts/host.ts'
import type { Rounds } from '../../hosts/rounds.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { readLvs, readThresholds } from './client.ts'
import type { LvsSink } from './facts.ts'
import type { Limits } from './parse.ts'

export interface LvsWatchOptions {
  readonly host: Host
  readonly sudo: boolean
  /** milliseconds between two looks */
  readonly interval: number
  readonly sink: LvsSink
  readonly now: () => number
}

/** Milliseconds for one command. None of them waits for anything but the kernel. */
const timeout = 4_000

/** Limits of connections are an administrator's, and change seldom. Milliseconds. */
const limitsEvery = 10_000

/** Watches the table of a balancer. */
export function watchLvs({ host, sudo, interval, sink, now }: LvsWatchOptions): Rounds {
  const { name } = host
  let limits: Limits = new Map()
  let limitsAt = Number.NEGATIVE_INFINITY
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const asking = { host: name, shell, sudo, timeout }
      const isDue = now() - limitsAt > limitsEvery
      let reading = await readLvs(asking, limits)
      if (isDue && !reading.partial) {
        limits = await readThresholds(asking)
        limitsAt = now()
        reading = await readLvs(asking, limits)
      }
      if (!signal.aborted) sink.reading({ ...reading, host: name, at: now() })
    },
    failed: (error) => sink.trouble(name, error),
  })
}
