import type { Condition } from '../../fleet/alerts/conditions.ts'
import { channelConditions } from '../../fleet/display/conditions.ts'
import {
  type ChannelRecord,
  type DisplayRecord,
  isChannel,
  isHere,
  isThere,
} from '../../fleet/display/record.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import { machineConditions, machineOf } from '../../fleet/session/machine.ts'
import { desktopOn } from '../../fleet/session/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { wallTime } from '../../hosts/clock.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { clock } from '../../text/format.ts'
import type { Field } from '../../text/page.ts'
import { dash, type Tone } from '../../text/part.ts'
import type { Moment } from '../world.ts'

/** How it stands with a display, in a word or two; what is wrong counts before all else. */
export function displayState(display: DisplayRecord, moment: Moment): Label | readonly [Label, Tone] {
  if (!isChannel(display)) return display.program ? say`not of vdd` : say`nobody listens`
  const { fate, state, isUnseen } = display.channel
  if (fate === 'orphan') return [say`orphaned`, 'warning']
  if (!isThere(display)) return say`ended`
  if (troubleOf(display, moment)) return [say`in trouble`, 'warning']
  if (state !== 'open') return label(state)
  if (display.channel.looked) return say`looked at`
  return isUnseen ? say`kept, unseen` : say`open`
}

/** What is wrong with the machine whose session it shows. */
function ofMachine(record: ChannelRecord, { snapshot, now }: Moment): readonly Condition[] {
  return isHere(record) ? machineConditions(desktopOn(record), snapshot, now) : []
}

/** `looked at by carla since 12:03:07` */
export function lookedText({ channel: { looked } }: ChannelRecord): Label | undefined {
  if (!looked) return undefined
  const types = looked.controls ? say`, who types there, too` : say``
  return say`looked at by ${looked.by} since ${clock(wallTime(looked.at))}${types}`
}

/** What does not go well with what a channel shows: what is wrong with its machine, else what its keeper says. Undefined: nothing. */
export function troubleOf(record: ChannelRecord, moment: Moment): Label | undefined {
  return ofMachine(record, moment)[0]?.text ?? record.channel.trouble
}

/** What is wrong with a channel, and with the machine whose session it shows. */
function wrongWith(record: ChannelRecord, moment: Moment): readonly Condition[] {
  return [...channelConditions(record), ...ofMachine(record, moment)]
}

/** What to do about what is wrong with it. */
export function displayAdvice(display: DisplayRecord, moment: Moment): Label | undefined {
  return isChannel(display) ? wrongWith(display, moment)[0]?.advice : undefined
}

/** Why it is as it is, where the state needs it. */
export function displayNote(display: DisplayRecord, moment: Moment): Label | undefined {
  if (!isChannel(display)) return undefined
  const [condition] = wrongWith(display, moment)
  if (condition) return condition.text
  const { isUnseen, terminal } = display.channel
  if (!isThere(display)) return say`its session has ended, and what was written of it is left`
  return (
    troubleOf(display, moment) ??
    lookedText(display) ??
    (isUnseen ? say`nobody looks at it since it left ${terminal}` : undefined)
  )
}

/** How it stands, and why: the state is said once where the reason begins with it. */
export function stateFields(state: Label, why: Label | undefined): Field[] {
  if (why?.startsWith(state)) return [['State', why]]
  return [
    ['State', state],
    ['', why],
  ]
}

/** Whether a person should look at it. */
export function isAmiss(display: DisplayRecord, moment: Moment): boolean {
  if (!isChannel(display)) return false
  return wrongWith(display, moment).length > 0 || (isThere(display) && display.channel.trouble !== undefined)
}

/** Whether what is told of it is not how it is now. */
export function isOld(
  { host }: Pick<DisplayRecord, 'host'>,
  { displays }: Pick<Snapshot, 'displays'>,
): boolean {
  return displays.some((server) => server.host === host && server.trouble !== undefined)
}

/** The machine whose session is on it, as its hypervisor tells of it; none of one that has ended. */
export function machineUnder(display: DisplayRecord, snapshot: Snapshot): MachineRecord | undefined {
  return isChannel(display) && isThere(display) ? machineOf(display.channel, snapshot) : undefined
}

/** On which hypervisor the machine of a channel runs now: `hv2`, `hv1 > hv2` while it migrates. */
export function runsOn(display: DisplayRecord, snapshot: Snapshot): Label | undefined {
  return placeText(machineUnder(display, snapshot))
}

/** On which hypervisor a machine runs now; undefined: no hypervisor has it. */
export function placeText(machine: MachineRecord | undefined): Label | undefined {
  if (!machine) return undefined
  const { host, migration } = machine
  return migration ? say`${label(migration.from)} > ${label(migration.to)}` : label(host)
}

/** Its display server, and the hypervisors on which its machine is now: whoever asks what is on a host means both. */
export function hostsUnder(display: DisplayRecord, snapshot: Snapshot): readonly string[] {
  return hostsWith(display, machineUnder(display, snapshot))
}

/** The same of what has a machine or none. */
export function hostsWith(
  { host }: Pick<DisplayRecord, 'host'>,
  machine: MachineRecord | undefined,
): readonly string[] {
  return [host, machine?.host, machine?.migration?.to].filter((one) => one !== undefined)
}

/** `Plasma` of a channel, `screen` where it shows that of a machine; the program of another display. */
export function sessionText({ channel, program }: DisplayRecord): Label {
  if (channel?.shows === 'screen') return say`screen`
  return channel ? (channel.session ?? dash) : (program ?? dash)
}

/** `1280x1024, the whole screen` */
export function sizeText({ channel }: Pick<DisplayRecord, 'channel'>): Label | undefined {
  if (!channel) return undefined
  const whole = channel.fullScreen ? say`the whole screen` : undefined
  const size = channel.size && say`${channel.size.width}x${channel.size.height}`
  return size && whole ? say`${size}, ${whole}` : (size ?? whole)
}
