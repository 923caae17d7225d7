import type { Host } from '../../hosts/host.ts'
import type { PollOptions, Rounds } from '../../hosts/rounds.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { readHost } from './client.ts'
import type { HostSink, Watched } from './facts.ts'

interface HostWatchOptions extends PollOptions<HostSink> {
  readonly host: Host
  /** whose descriptors are watched */
  readonly processes: readonly Watched[]
  /** milliseconds in which requests for a look become one; default as rounds have it */
  readonly merge?: number | undefined
}

/** Milliseconds for one command. What is old is shown as old long before; to end and begin anew costs a slow host more than to wait. */
const timeout = 10_000

/** Watches how a host is, and its processes. */
export function watchHost({ host, processes, sink, ...times }: HostWatchOptions): Rounds {
  const { name } = host
  return shellRounds({
    ...times,
    host,
    look: async (shell, signal) => {
      const reading = await readHost({ host: name, shell, timeout }, processes)
      if (!signal.aborted) sink.reading({ ...reading, host: name, at: times.now() })
    },
    failed: (error) => sink.trouble(name, error),
  })
}
