import { type DisplayRecord, isChannel } from '../../fleet/display/record.ts'
import { orNull, timeJson } from '../../text/json.ts'
import type { Moment } from '../world.ts'
import { isOld, machineUnder, troubleOf } from './facts.ts'

/** Who looks at it. */
export function lookedJson({ looked }: NonNullable<DisplayRecord['channel']>) {
  return looked ? { by: looked.by, since: timeJson(looked.at), controls: looked.controls } : null
}

/** A display as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function displayJson(display: DisplayRecord, moment: Moment) {
  const { snapshot } = moment
  const { host, number, user, program, pid, since, channel } = display
  const machine = machineUnder(display, snapshot)
  const server = snapshot.displays.find((one) => one.host === host)
  return {
    name: display.rawName,
    host,
    display: orNull(number),
    user: orNull(channel?.rawUser ?? user),
    program: orNull(program),
    pid: orNull(pid),
    since: timeJson(since),
    channel: channel
      ? {
          id: channel.id,
          fate: channel.fate,
          state: channel.state,
          shows: channel.shows,
          terminal: channel.terminal,
          seen: !channel.isUnseen,
          machine: channel.machine.rawName,
          address: channel.machine.rawAddress,
          runsOn: orNull(machine?.host),
          machineState: orNull(machine?.state),
          session: orNull(channel.session),
          system: orNull(channel.system),
          width: orNull(channel.size?.width),
          height: orNull(channel.size?.height),
          fullScreen: channel.fullScreen,
          keep: channel.keep,
          x11OverTcp: orNull(channel.x11OverTcp),
          wantedAt: timeJson(channel.wantedAt),
          openedAt: timeJson(channel.openedAt),
          resumedAt: timeJson(channel.resumedAt),
          clients: orNull(channel.clients),
          idleSeconds: channel.idle === undefined ? null : Math.round(channel.idle / 1000),
          looked: lookedJson(channel),
          trouble: orNull(isChannel(display) ? troubleOf(display, moment) : undefined),
        }
      : null,
    stale: isOld(display, snapshot),
    seenAt: timeJson(server?.reading?.at),
  }
}
