import type { SessionRecord } from '../../fleet/session/record.ts'
import { orNull, timeJson } from '../../text/json.ts'
import { isOld } from '../display/facts.ts'
import { lookedJson } from '../display/json.ts'
import type { Moment } from '../world.ts'
import { troubleOf } from './facts.ts'

/** A session as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function sessionJson(session: SessionRecord, moment: Moment) {
  const { snapshot } = moment
  const {
    host,
    kind,
    rawName,
    rawUser,
    fullName,
    uid,
    terminal,
    machine,
    desktop,
    system,
    since,
    idle,
    load,
    display,
  } = session
  // At a terminal without X whoever is logged in is there, and sees it.
  const { state = 'open', isUnseen = false, keep = false } = display?.channel ?? {}
  const server = snapshot.displays.find((one) => one.host === host)
  return {
    name: rawName,
    kind,
    user: rawUser,
    fullName: orNull(fullName),
    uid,
    terminal,
    machine: machine.rawName,
    address: machine.rawAddress,
    desktop: orNull(desktop),
    system: orNull(system),
    state,
    since: timeJson(since),
    idleSeconds: idle === undefined ? null : Math.round(idle / 1000),
    cpuPercent: orNull(load?.cpu),
    memoryKiB: orNull(load?.memoryKiB),
    screen: load?.screen ? { cpuPercent: orNull(load.screen.cpu), memoryKiB: load.screen.memoryKiB } : null,
    keep,
    seen: !isUnseen,
    looked: display ? lookedJson(display.channel) : null,
    trouble: orNull(troubleOf(session, moment)),
    host,
    display: display?.rawName ?? null,
    stale: isOld(session, snapshot),
    seenAt: timeJson(server?.reading?.at),
  }
}
