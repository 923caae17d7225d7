import { label } from '../hosts/label.ts'
import type { ChannelState } from '../services/display/channel.ts'
import type { TellLost } from '../services/display/here/lost.ts'
import type { Account } from '../services/display/keeper/attendance.ts'
import { type Telling, tellAccount, tellLook } from './teller.ts'

type Command = readonly [file: string, ...args: string[]]

/** Tells a broker of a channel whose keeper has it: that it is open, is still, and how it ended. */
export function accountBy(broker: Command): Account {
  return async (what, channel, how) =>
    (await tellAccount(broker, { ...aboutOf(channel), what, ...(what === 'end' ? { how } : {}) })) !==
    'unheard'
}

/** Tells a broker of a channel that went with its keeper, and that nobody looks at it any more. */
export function lostBy(broker: Command): TellLost {
  return async (channel, ago) => {
    const isOver = await tellLookOver(broker, channel)
    // What is in no catalogue is nobody's concern.
    if (channel.system === undefined) return isOver
    const end = { what: 'end', how: 'lost', ago: Math.round(ago / 1000) } as const
    return (await tellAccount(broker, { ...aboutOf(channel), ...end })) !== 'unheard' && isOver
  }
}

/** Tells a broker for a keeper that has gone that nobody looks at its channel any more. True: it need not be told again. */
export async function tellLookOver(broker: Command, { id, machine, looked }: ChannelState): Promise<boolean> {
  if (!looked) return true
  const { by, controls } = looked
  const look = { channel: id, machine: machine.name, by: label(by), controls, endedBy: 'channel' } as const
  return (await tellLook(broker, 'ended', look)) !== 'unheard'
}

function aboutOf({
  id,
  machine,
  session,
  shows,
  terminal,
  system,
}: ChannelState): Omit<Telling, 'what' | 'how'> {
  return {
    channel: id,
    machine: machine.name,
    session: session?.id ?? shows ?? '',
    terminal: terminal.name,
    system,
  }
}
