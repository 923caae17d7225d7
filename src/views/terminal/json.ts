import { lastSeenAt, type TerminalRecord } from '../../fleet/terminal/record.ts'
import { orNull, timeJson } from '../../text/json.ts'
import type { Moment } from '../world.ts'
import { isOld, shortagesOf, terminalState } from './facts.ts'

/** A terminal as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function terminalJson(terminal: TerminalRecord, { snapshot, now }: Moment) {
  const { name, hosts, address, channels, told } = terminal
  return {
    name,
    hosts,
    address: orNull(address),
    state: terminalState(terminal),
    seenAt: timeJson(lastSeenAt(terminal, now)),
    displays: channels.map(({ rawName, host, channel }) => ({
      name: rawName,
      host,
      channel: channel.id,
      user: channel.rawUser,
      machine: channel.machine.rawName,
      session: orNull(channel.session),
      seen: !channel.isUnseen,
    })),
    toldAt: timeJson(told?.at),
    toldBy: orNull(told?.user),
    hardware: orNull(told?.facts),
    tooSmall: shortagesOf(terminal),
    stale: isOld(terminal, snapshot),
  }
}
