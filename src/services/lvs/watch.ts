import type { Host } from '../../hosts/host.ts'
import { Rounds } from '../../hosts/rounds.ts'
import { readLvs } from './client.ts'
import type { LvsSink } from './facts.ts'

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

/** Watches the table of a balancer. */
export function watchLvs({ host, sudo, interval, sink, now }: LvsWatchOptions): Rounds {
  const { name } = host
  return new Rounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const reading = await readLvs({ host: name, shell, sudo, timeout })
      if (!signal.aborted) sink.reading({ ...reading, host: name, at: now() })
    },
    failed: (error) => sink.trouble(name, error),
  })
}
