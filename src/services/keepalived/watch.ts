import type { Host } from '../../hosts/host.ts'
import type { Rounds } from '../../hosts/rounds.ts'
import { Seldom } from '../../hosts/seldom.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { readKeepalived, readSlow } from './client.ts'
import type { KeepalivedSink } from './facts.ts'

interface KeepalivedWatchOptions {
  readonly host: Host
  readonly sudo: boolean
  /** milliseconds between two looks */
  readonly interval: number
  readonly sink: KeepalivedSink
  readonly now: () => number
}

/** Milliseconds for one command, as for everything that is asked by a shell that stays. */
const timeout = 10_000

/** Watches which addresses keepalived has put on a host, and what it says of them. */
export function watchKeepalived({ host, sudo, interval, sink, now }: KeepalivedWatchOptions): Rounds {
  const { name } = host
  const slow = new Seldom<Awaited<ReturnType<typeof readSlow>>>(now)
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const asking = { host: name, shell, sudo, timeout }
      const { value } = await slow.ask(() => readSlow(asking))
      // What moves is read last and counted from there: an address may move while keepalived is asked.
      const began = now()
      const keepalived = await readKeepalived(asking, value)
      if (!signal.aborted) sink.reading({ host: name, at: now(), took: now() - began, keepalived })
    },
    failed: (error) => {
      slow.forget()
      sink.trouble(name, error)
    },
  })
}
