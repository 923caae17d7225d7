import type { Host } from '../../hosts/host.ts'
import type { Rounds } from '../../hosts/rounds.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { noSlowFacts, readLvs, readSlowFacts } from './client.ts'
import type { LvsSink } from './facts.ts'

export interface LvsWatchOptions {
  readonly host: Host
  readonly sudo: boolean
  /** milliseconds between two looks */
  readonly interval: number
  readonly sink: LvsSink
  readonly now: () => number
}

/** Milliseconds for one command, as for everything that is asked by a shell that stays. */
const timeout = 10_000

/** Milliseconds between two looks at what changes seldom. */
const slowly = 10_000

/** Watches the table of a balancer. */
export function watchLvs({ host, sudo, interval, sink, now }: LvsWatchOptions): Rounds {
  const { name } = host
  let slow = noSlowFacts
  let slowAt = Number.NEGATIVE_INFINITY
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const asking = { host: name, shell, sudo, timeout }
      const isDue = now() - slowAt > slowly
      let reading = await readLvs(asking, slow)
      if (isDue && !reading.partial) {
        // Without them the rest is still true.
        slow = await readSlowFacts(asking).catch(() => slow)
        slowAt = now()
        reading = await readLvs(asking, slow)
      }
      if (!signal.aborted) sink.reading({ ...reading, host: name, at: now() })
    },
    failed: (error) => sink.trouble(name, error),
  })
}
