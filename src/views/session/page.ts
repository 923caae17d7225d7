import { callText, type SessionRecord } from '../../fleet/session/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Load } from '../../services/display/facts.ts'
import { duration } from '../../text/duration.ts'
import { memory } from '../../text/format.ts'
import { fieldLines } from '../../text/page.ts'
import { type Part, textOf } from '../../text/part.ts'
import { isOld, stateFields } from '../display/facts.ts'
import type { Moment } from '../world.ts'
import { cpuText, desktopText, sessionNote, sessionState } from './facts.ts'

/** All that is known of a session. */
export function sessionLines(one: SessionRecord, moment: Moment, width: number): Part[][] {
  const { snapshot, now } = moment
  const { name, uid, terminal, machine, system, since, idle, load, host, display } = one
  const login = one.kind === 'text' ? one.login : undefined
  const server = snapshot.displays.find((other) => other.host === host)
  const seen = server?.reading && duration(now - server.reading.at)
  return fieldLines(
    [
      ['Session', name],
      ['User', say`${callText(one)} (${uid})`],
      ['Terminal', terminal],
      ['Machine', machine.name],
      ['Address', label(machine.rawAddress)],
      ['System', system],
      ['Desktop', desktopText(one) ?? say`not chosen yet`],
      ...stateFields(textOf(sessionState(one, moment)), sessionNote(one, moment)),
      ['Since', say`${duration(now - since)} ago`],
      ['Idle', idle === undefined ? say`not known` : duration(idle)],
      ['CPU', load?.cpu === undefined ? say`not known` : say`${cpuText(load.cpu)} of one processor`],
      ['Memory', load ? memory(load.memoryKiB) : say`not known`],
      ['X server', load?.screen && screenText(load.screen, host)],
      ['Kept', display?.channel.keep ? say`yes: it outlives its terminal` : undefined],
      ['Display', display && say`${display.name} on ${label(host)}`],
      ['Line', login && say`${label(login.tty)} on ${label(host)}`],
      ['Seen', seen && (isOld(one, snapshot) ? say`STALE, ${seen} ago` : say`${seen} ago`)],
    ],
    width,
  )
}

/** What showing it costs: `12% of one processor, 44M, on ds1`. */
function screenText({ cpu, memoryKiB }: NonNullable<Load['screen']>, host: string): Label {
  const spent = cpu === undefined ? say`` : say`${cpuText(cpu)} of one processor, `
  return say`${spent}${memory(memoryKiB)}, on ${label(host)}`
}
