import { asHostError } from '../../hosts/conversation.ts'
import type { Host } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'
import type { PollOptions, Rounds } from '../../hosts/rounds.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { noSlowFacts, readLvs, readSlowFacts } from './client.ts'
import type { LvsSink } from './facts.ts'

interface LvsWatchOptions extends PollOptions<LvsSink> {
  readonly host: Host
  readonly sudo: boolean
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
  /** why they could not be read */
  let lacking: Label | undefined
  /** this user sees only what everybody may */
  let isPartial = false
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const asking = { host: name, shell, sudo, timeout }
      const began = now()
      if (!isPartial && now() - slowAt > slowly) {
        slowAt = now()
        const read = await readSlowFacts(asking).catch((error: unknown) => asHostError(error, name).reason)
        if (typeof read === 'string') lacking = read
        else [slow, lacking] = [read, undefined]
      }
      const reading = await readLvs(asking, slow)
      isPartial = reading.partial !== undefined
      // Without them the rest is still true.
      const partial = reading.partial ?? lacking
      if (!signal.aborted)
        sink.reading({
          ...reading,
          ...(partial ? { partial } : {}),
          host: name,
          at: now(),
          took: now() - began,
        })
    },
    failed: (error) => sink.trouble(name, error),
  })
}
