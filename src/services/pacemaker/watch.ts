import type { Host } from '../../hosts/host.ts'
import type { Rounds } from '../../hosts/rounds.ts'
import { Seldom } from '../../hosts/seldom.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { readCluster, readLeftRules } from './client.ts'
import type { LocationRule, PacemakerSink } from './facts.ts'

interface PacemakerWatchOptions {
  readonly host: Host
  /** milliseconds between two looks */
  readonly interval: number
  readonly sink: PacemakerSink
  readonly now: () => number
}

/** Milliseconds for one command, as for everything that is asked by a shell that stays. */
const timeout = 10_000

/** Watches what a node of a Pacemaker cluster tells of it. */
export function watchPacemaker({ host, interval, sink, now }: PacemakerWatchOptions): Rounds {
  const { name } = host
  const rules = new Seldom<readonly LocationRule[] | undefined>(now)
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const asking = { host: name, shell, timeout }
      const began = now()
      const cluster = await readCluster(asking)
      const { value: left } = await rules.ask(() => readLeftRules(asking))
      if (!signal.aborted)
        sink.reading({ host: name, at: now(), took: now() - began, cluster, ...(left ? { left } : {}) })
    },
    failed: (error) => {
      rules.forget()
      sink.trouble(name, error)
    },
  })
}
