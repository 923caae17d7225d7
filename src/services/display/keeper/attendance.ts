import { setTimeout as sleep } from 'node:timers/promises'
import { wallTime } from '../../../hosts/clock.ts'
import type { ChannelState } from '../channel.ts'
import type { ChannelBook } from './book.ts'
import type { Ending, OpenChannel } from './open-channel.ts'
import type { ChannelTexts } from './texts.ts'
import { type Limits, TimeLimits, type Verdict } from './time-limits.ts'

/** The account book of the sessions: is told that a channel is open, that it is still, and how it ended. True: it need not be told again. */
export type Account = (
  what: 'start' | 'alive' | 'end',
  channel: ChannelState,
  how?: Ending,
) => Promise<boolean>

/** Milliseconds between two looks at what the person does, and between two reports for the accounting. */
const usual = { look: 10_000, report: 5 * 60_000 } as const

interface Attending {
  readonly channel: OpenChannel
  readonly book: ChannelBook
  readonly limits: Limits
  readonly texts: ChannelTexts
  /** who does not answer now; undefined: both do */
  readonly silent: () => Promise<ChannelState['silent']>
  readonly account?: Account | undefined
  readonly now: () => number
  readonly every?: { readonly look: number; readonly report: number }
}

/** Looks from time to time what the person does, writes it down, and holds it against the time that the session has; until the signal. */
export async function attend(
  { channel, book, limits, texts, silent, account, now, every = usual }: Attending,
  signal: AbortSignal,
): Promise<void> {
  const time = new TimeLimits(limits)
  const began = now()
  let isReported = false
  let reportAt = 0
  while (!signal.aborted) {
    const seen = await channel.activity()
    const at = now()
    if (seen)
      // Others read it, by the time of day; the time of the session does not go back with that.
      await book.tell({
        clients: seen.clients,
        size: seen.size,
        usedAt: wallTime(at - seen.idle),
        lookedAt: wallTime(at),
      })
    const isSilent = await silent()
    if (isSilent !== book.state.silent) await book.tell({ silent: isSilent })
    // A program of the session can keep its X server from answering; its time goes on.
    await heed(channel, time.look({ idle: seen?.idle, age: at - began }), texts)
    if (account && at >= reportAt) {
      // Whoever was not heard says it again.
      reportAt = at + every.report
      if (await account(isReported ? 'alive' : 'start', book.state)) isReported = true
    }
    await sleep(every.look, undefined, { signal }).catch(() => {})
  }
}

async function heed(
  channel: OpenChannel,
  verdict: Verdict,
  { system, warning }: ChannelTexts,
): Promise<void> {
  if (!verdict) return
  if ('warn' in verdict) {
    const minutes = Math.max(1, Math.round(verdict.left / 60_000))
    // A display on which nothing can be shown is no reason to let the session go on for ever.
    await channel.say(system, warning[verdict.warn](minutes)).catch(() => {})
  } else if ('refused' in (await channel.close(false))) await channel.close(true)
}
