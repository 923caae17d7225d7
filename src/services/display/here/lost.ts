import { now, wallTime } from '../../../hosts/clock.ts'
import type { ChannelState } from '../channel.ts'

/**
 * Tells the account of a channel that went with its keeper, which could tell nobody; what is told twice is written once. True: it need not be told again.
 *
 * @param ago milliseconds since the keeper was last known to be there
 */
export type TellLost = (channel: ChannelState, ago: number) => Promise<boolean>

/** Tells of a channel whose keeper has gone, where there is anything to tell: it was open, and is of the catalogue or somebody looked at it. */
export async function tellIfLost(channel: ChannelState, tell: TellLost | undefined): Promise<boolean> {
  const { system, openedAt, lookedAt = 0, looked } = channel
  if (!tell || openedAt === undefined || (system === undefined && !looked)) return true
  return await tell(channel, Math.max(0, wallTime(now()) - Math.max(openedAt, lookedAt)))
}
