import type { DisplayRecord } from '../../fleet/display/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Standing } from '../action.ts'

interface Kept {
  readonly channel: string | null
  readonly fate: string | null
  readonly user: Label | null
  readonly machine: Label | null
  readonly size: string | null
}

export const displayStanding: Standing<DisplayRecord, Kept> = {
  facts: ({ user, channel }) => ({
    channel: channel?.id ?? null,
    fate: channel?.fate ?? null,
    user: user ?? null,
    machine: channel?.machine.name ?? null,
    size: channel?.fullScreen
      ? 'full'
      : channel?.size
        ? `${channel.size.width}x${channel.size.height}`
        : null,
  }),
  words: ({ user, machine, size }, other) => {
    const who = say`${user ?? label('somebody')} on ${machine ?? label('no machine')}`
    return size !== null && size !== other.size ? say`${who}, ${label(size)}` : who
  },
}
