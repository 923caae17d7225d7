import type { Host } from '../../hosts/host.ts'
import type { Rounds } from '../../hosts/rounds.ts'
import { Seldom } from '../../hosts/seldom.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { readHeartbeat, readSlow } from './client.ts'
import type { HeartbeatSink } from './facts.ts'

interface HeartbeatWatchOptions {
  readonly host: Host
  /** milliseconds between two looks */
  readonly interval: number
  readonly sink: HeartbeatSink
  readonly now: () => number
}

/** Milliseconds for one command, as for everything that is asked by a shell that stays. */
const timeout = 10_000

/** Watches what a node of heartbeat hears of the other, and what it has of what they carry. */
export function watchHeartbeat({ host, interval, sink, now }: HeartbeatWatchOptions): Rounds {
  const { name } = host
  const slow = new Seldom<Awaited<ReturnType<typeof readSlow>>>(now)
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const asking = { host: name, shell, timeout }
      const began = now()
      const { value } = await slow.ask(() => readSlow(asking))
      const heartbeat = await readHeartbeat(asking, value)
      if (!signal.aborted) sink.reading({ host: name, at: now(), took: now() - began, heartbeat })
    },
    failed: (error) => {
      slow.forget()
      sink.trouble(name, error)
    },
  })
}
