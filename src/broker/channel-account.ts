import type { ChannelState } from '../services/display/channel.ts'
import type { TellLost } from '../services/display/here/lost.ts'
import type { Account } from '../services/display/keeper/attendance.ts'
import { type Telling, tellAccount } from './teller.ts'

type Command = readonly [file: string, ...args: string[]]

/** Tells a broker of a channel whose keeper has it: that it is open, is still, and how it ended. */
export function accountBy(broker: Command): Account {
  return async (what, channel, how) =>
    (await tellAccount(broker, { ...aboutOf(channel), what, ...(what === 'end' ? { how } : {}) })) !==
    'unheard'
}

/** Tells a broker of a channel that went with its keeper. */
export function lostBy(broker: Command): TellLost {
  return async (channel, ago) =>
    (await tellAccount(broker, {
      ...aboutOf(channel),
      what: 'end',
      how: 'lost',
      ago: Math.round(ago / 1000),
    })) !== 'unheard'
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
