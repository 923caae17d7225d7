import { type PollOptions, Rounds } from '../../hosts/rounds.ts'
import { readHardware } from './client.ts'
import type { HardwareFacts, HardwareSink } from './facts.ts'

interface HardwareWatchOptions extends PollOptions<HardwareSink> {
  /** the name of the machine on which this program runs */
  readonly host: string
  /** default: of this machine */
  readonly read?: () => Promise<HardwareFacts>
}

/** Watches what the machine is made of on which this program runs: a screen is plugged in now and then. */
export function watchHardware({
  host,
  interval,
  now,
  sink,
  read = readHardware,
}: HardwareWatchOptions): Rounds {
  return new Rounds({
    host,
    interval,
    now,
    look: async (signal) => {
      const facts = await read()
      if (!signal.aborted) sink.reading(host, facts)
    },
    failed: (error) => sink.trouble(host, error),
  })
}
