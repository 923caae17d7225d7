import type { Host } from '../../hosts/host.ts'
import { type PollOptions, Rounds } from '../../hosts/rounds.ts'
import { readFileSystems } from './client.ts'
import type { FileSystemSink } from './facts.ts'

interface FileSystemWatchOptions extends PollOptions<FileSystemSink> {
  readonly host: Host
}

/** Watches how full the file systems of a host are. */
export function watchFileSystems({ host, interval, sink, now }: FileSystemWatchOptions): Rounds {
  return new Rounds({
    host: host.name,
    interval,
    now,
    look: async (signal) => {
      const { all, left } = await readFileSystems(host, signal)
      if (!signal.aborted) sink.reading({ host: host.name, at: now(), fileSystems: all, left })
    },
    failed: (error) => sink.trouble(host.name, error, now()),
  })
}
