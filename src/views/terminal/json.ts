import { lastSeenAt, sessionsAtTerminal, type TerminalRecord } from '../../fleet/terminal/record.ts'
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
    sessions: sessionsAtTerminal(terminal).map(
      ({ rawName, kind, rawUser, machine, desktop, since, load }) => ({
        name: rawName,
        kind,
        user: rawUser,
        machine: machine.rawName,
        desktop: orNull(desktop),
        since: timeJson(since),
        cpuPercent: orNull(load?.cpu),
        memoryKiB: orNull(load?.memoryKiB),
      }),
    ),
    toldAt: timeJson(told?.at),
    toldBy: orNull(told?.user),
    hardware: orNull(told?.facts),
    tooSmall: shortagesOf(terminal),
    stale: isOld(terminal, snapshot),
  }
}
